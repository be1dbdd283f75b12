#!/usr/bin/env bash
# clang-tidy on one source file; leaves a stamp when it finds nothing.
set -eu
cd "$(dirname "$0")/.."
stamp=build/tidy/$1.ok
mkdir -p "$(dirname "$stamp")"
rm -f "$stamp"
clang-tidy --quiet -p build/fuzz "$1" 2> >(grep -v 'warnings generated\|Suppressed\|Use -header-filter' >&2)
touch "$stamp"
