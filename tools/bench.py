#!/usr/bin/env python3
"""Runs the benchmark programs of a folder, prints their numbers, and compares them with earlier ones.

usage: bench.py <folder> [--json FILE] [--against FILE] [--only NAME]
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

NANOSECONDS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9}
# What Google Benchmark writes by itself into an entry, beside the counters of the program.
OWN_FIELDS = {"real_time", "cpu_time", "iterations", "repetitions", "repetition_index", "threads", "family_index"}
OWN_FIELDS |= {"per_family_instance_index", "bytes_per_second", "items_per_second"}


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
        if entry.get("error_occurred"):
            continue
        name = f"{program.name.removeprefix('bench_')}/{entry['name'].removesuffix('/iterations:1/manual_time')}"
        yield name, entry["real_time"] * NANOSECONDS[entry["time_unit"]]
        for counter, value in entry.items():
            if isinstance(value, (int, float)) and counter not in OWN_FIELDS:
                yield f"{name}.{counter}", value


def readable(name, value):
    """A time unless it is a counter that does not end in _ns."""
    counter = name.rpartition("/")[2].partition(".")[2]
    if counter and not counter.endswith("_ns"):
        return f"{value:,.2f}".rstrip("0").rstrip(".") + "   "
    for unit, factor in reversed(NANOSECONDS.items()):
        if value >= factor:
            return f"{value / factor:.2f} {unit}"
    return f"{value:.2f} ns"


def table(numbers, earlier):
    width = max(map(len, numbers))
    for name, value in numbers.items():
        line = f"{name:<{width}}  {readable(name, value):>14}"
        if earlier.get(name):
            line += f"  was {readable(name, earlier[name]):>14}  {100 * (value / earlier[name] - 1):+6.1f} %"
        yield line


def bars(numbers):
    """(what, bar, by the wall, by processor time) of each bar of the whole stack; None where a side has no such figure.

    Processor time is what an idle machine with two processors would need: on the way of one message both ends work one after the
    other; in one direction at full rate they work side by side, and the busier one decides.
    """

    def of(benchmark, counter=None):
        return numbers[f"session/{benchmark}" + (f".{counter}" if counter else "")]

    def both(benchmark):
        return of(benchmark, "guest_cpu_ns") + of(benchmark, "host_cpu_ns")

    busier = max(of("one_way_rate", "guest_cpu_ns"), of("one_way_rate", "host_cpu_ns"))
    sign = of("one_way_rate", "limit_cpu_ns")
    turn = of("ping_pong", "limit_cpu_ns")
    dial, latency = "dial/keys_in_stock", "one_way_latency"
    yield "dial to first message", "< 60 ms", of(dial) / 1e6, both(dial) / 1e6
    yield "round trips to first message", "<= 5", of(dial, "round_trips"), None
    yield "one-way latency, p50", "< 1.5 ms", of(latency) / 1e6, both(latency) / 1e6
    yield "one-way rate / FALCON signing rate", ">= 0.75", sign / of("one_way_rate"), sign / busier
    yield "ping-pong rate / primitives' rate", ">= 0.6", turn / of("ping_pong"), turn / both("ping_pong")
    yield "memory of a process", "< 25 MiB", of("memory", "bytes_of_program_at_peak") / 2**20, None


def bar_table(numbers):
    if "session/memory" not in numbers:
        return
    yield f"\n{'':<36}{'bar':>10}{'seen':>10}{'by processor time':>20}"
    for what, bar, wall, cpu in bars(numbers):
        yield f"{what:<36}{bar:>10}{wall:>10.2f}" + (f"{cpu:>20.2f}" if cpu is not None else "")


def main():
    parser = argparse.ArgumentParser(prog="./dev bench")
    parser.add_argument("folder", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--json", type=pathlib.Path, help="write the numbers (times in nanoseconds) to FILE", metavar="FILE")
    parser.add_argument("--against", type=pathlib.Path, help="compare with the numbers in FILE", metavar="FILE")
    parser.add_argument("--only", help="run only the program NAME, such as session", metavar="NAME", default="*")
    options = parser.parse_args()
    earlier = json.loads(options.against.read_text()) if options.against else {}
    numbers = {}
    with tempfile.TemporaryDirectory() as scratch:
        for program in sorted(options.folder.glob(f"bench_{options.only}")):
            print(f"running {program.name}", file=sys.stderr)
            numbers.update(run(program, scratch))
    if not numbers:
        print("there are no benchmarks", file=sys.stderr)
        return 1
    print("\n".join(table(numbers, earlier)))
    print("\n".join(bar_table(numbers)))
    if options.json:
        options.json.write_text(json.dumps(numbers, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
