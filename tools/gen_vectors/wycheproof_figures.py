#!/usr/bin/env python3
"""Takes from Project Wycheproof's JSON files the figures that the tests read, and nothing of its text.

usage: wycheproof_figures.py FOLDER_OF_THEIR_FILES tests/vectors/wycheproof
"""

import json
import pathlib
import sys

TEST_FIELDS = {"tcId", "flags", "result", "key", "iv", "aad", "msg", "ct", "tag", "sig", "private", "public", "shared",
               "seed", "ek", "dk", "m", "c", "K"}


def figures(document):
    groups = []
    for group in document["testGroups"]:
        out = {"tests": [{k: v for k, v in test.items() if k in TEST_FIELDS} for test in group["tests"]]}
        if "pk" in group.get("publicKey", {}):
            out["publicKey"] = {"pk": group["publicKey"]["pk"]}
        groups.append(out)
    return {"origin": "Project Wycheproof, figures only", "numberOfTests": document["numberOfTests"], "testGroups": groups}


def main(source, target):
    target = pathlib.Path(target)
    target.mkdir(parents=True, exist_ok=True)
    for path in sorted(pathlib.Path(source).glob("*_test.json")):
        text = json.dumps(figures(json.loads(path.read_text())), separators=(",", ":"))
        # A test a line, so that a change shows where it is.
        (target / path.name).write_text(text.replace('{"tcId"', '\n{"tcId"') + "\n")


if __name__ == "__main__":
    main(*sys.argv[1:3])
