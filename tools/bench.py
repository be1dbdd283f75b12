#!/usr/bin/env python3
"""Runs the benchmark programs of a folder, prints their numbers, and compares them with earlier ones.

usage: bench.py <folder> [--json FILE] [--against FILE]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}


def run(program, scratch):
    result = pathlib.Path(scratch) / f"{program.name}.json"
    subprocess.run(
        [program, f"--benchmark_out={result}", "--benchmark_out_format=json"],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    for entry in json.loads(result.read_text())["benchmarks"]:
        if entry.get("run_type") == "aggregate" and entry.get("aggregate_name") != "median":
            continue
        if not entry.get("error_occurred"):
            yield f"{program.name.removeprefix('bench_')}/{entry['name']}", entry["real_time"] * NANOSECONDS[entry["time_unit"]]


def readable(nanoseconds):
    for unit, factor in reversed(NANOSECONDS.items()):
        if nanoseconds >= factor:
            return f"{nanoseconds / factor:.2f} {unit}"
    return f"{nanoseconds:.2f} ns"


def table(numbers, earlier):
    width = max(map(len, numbers))
    for name, value in numbers.items():
        line = f"{name:<{width}}  {readable(value):>12}"
        if name in earlier:
            line += f"  was {readable(earlier[name]):>12}  {100 * (value / earlier[name] - 1):+6.1f} %"
        yield line


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("folder", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=pathlib.Path, help="write the numbers (nanoseconds) to FILE", metavar="FILE")
    parser.add_argument("--against", type=pathlib.Path, help="compare with the numbers in FILE", metavar="FILE")
    options = parser.parse_args()
    earlier = json.loads(options.against.read_text()) if options.against else {}
    numbers = {}
    with tempfile.TemporaryDirectory() as scratch:
        for program in sorted(options.folder.glob("bench_*")):
            print(f"running {program.name}", file=sys.stderr)
            numbers.update(run(program, scratch))
    if not numbers:
        print("there are no benchmarks", file=sys.stderr)
        return 1
    print("\n".join(table(numbers, earlier)))
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
