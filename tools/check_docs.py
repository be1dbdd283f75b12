#!/usr/bin/env python3
"""Fails when a link of a Markdown document leads to no file or no heading of this tree. Web addresses are not followed.

usage: check_docs.py [project folder]
"""

import pathlib
import re
import sys
import urllib.parse

LINK = re.compile(r"\[[^\]]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
INLINE_CODE = re.compile(r"`[^`\n]*`")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$", re.MULTILINE)
SKIPPED_FOLDERS = {"build", ".git"}


def anchor(heading):
    """The name that the usual Markdown hosts give a heading."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "").strip().lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")


def anchors(text):
    seen = {}
    for match in HEADING.finditer(FENCE.sub("", text)):
        name = anchor(match.group(1))
        count = seen.get(name, 0)
        seen[name] = count + 1
        yield name if count == 0 else f"{name}-{count}"
    yield from re.findall(r'<a (?:id|name)="([^"]+)"', text)


def problems(root):
    documents = [
        path for path in sorted(root.rglob("*.md")) if not SKIPPED_FOLDERS & set(path.relative_to(root).parts[:-1])
    ]
    known = {path.resolve(): set(anchors(path.read_text(encoding="utf-8"))) for path in documents}
    for path in documents:
        prose = INLINE_CODE.sub("", FENCE.sub("", path.read_text(encoding="utf-8")))
        for link in LINK.findall(prose):
            problem = check(root, path, urllib.parse.unquote(link), known)
            if problem:
                yield f"{path.relative_to(root)}: {problem}"


def check(root, path, link, known):
    if re.match(r"[a-z][a-z0-9+.-]*:", link):
        return None
    file, _, fragment = link.partition("#")
    target = (path.parent / file).resolve() if file else path.resolve()
    if not target.is_relative_to(root.resolve()):
        return f"{link} leads out of the project"
    if not target.exists():
        return f"{link} leads nowhere"
    if fragment and target in known and fragment not in known[target]:
        return f"{link}: no such heading"
    return None


def main(arguments):
    root = pathlib.Path(arguments[0]) if arguments else pathlib.Path(__file__).resolve().parent.parent
    found = list(problems(root))
    for problem in found:
        print(problem, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
