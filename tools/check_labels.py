#!/usr/bin/env python3
"""Fails when a test has no known label or no timeout.

usage: check_labels.py <ctest> <build folder>
"""

import json
import subprocess
import sys

LABELS = {"unit", "vectors", "scenario", "property", "fuzz-smoke", "cli", "interop", "ct", "portability", "slow"}


def problems(tests):
    if not tests:
        yield "ctest lists no test at all"
    for test in tests:
        # CMake's stand-in for a program whose build failed; it fails by itself.
        if test["name"].endswith("_NOT_BUILT"):
            continue
        properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        labels = set(properties.get("LABELS", []))
        if not labels or labels - LABELS:
            yield f"{test['name']}: labels {sorted(labels)}, wanted one of {sorted(LABELS)}"
        if not properties.get("TIMEOUT"):
            yield f"{test['name']}: has no TIMEOUT"


def main(ctest, folder):
    listing = subprocess.run(
        [ctest, "--test-dir", folder, "--show-only=json-v1"], check=True, capture_output=True, text=True
    )
    found = list(problems(json.loads(listing.stdout)["tests"]))
    for problem in found[:20]:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
