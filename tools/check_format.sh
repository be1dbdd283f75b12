#!/usr/bin/env bash
# Checks that the C++ sources are formatted as .clang-format says; with --fix formats them.
set -eu
cd "$(dirname "$0")/.."

sources() { find src tests fuzz bench \( -name '*.cpp' -o -name '*.hpp' \) -print0; }

if [ "${1:-}" = --fix ]; then
    sources | xargs -0 -r -n 20 -P "$(nproc)" clang-format -i
elif ! sources | xargs -0 -r -n 20 -P "$(nproc)" clang-format --dry-run -Werror --ferror-limit=1; then
    printf '%s\n' "Some sources are not formatted; ./dev format does it." >&2
    exit 1
fi
