#!/usr/bin/env bash
# usage: fuzz_smoke.sh PROGRAM CORPUS: replays every file of the corpus, then runs 2,000 inputs from a fixed seed.
set -eu
program=$1 corpus=$2
[ -x "$program" ] || {
    printf '%s\n' "$program is not built; ./dev build fuzz does it" >&2
    exit 1
}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
common=(-seed=20261125 -timeout=10 -rss_limit_mb=2048 "-artifact_prefix=$scratch/")
known=()
if [ -d "$corpus" ]; then
    known=("$corpus")
    find "$corpus" -type f -print0 | sort -z | xargs -0 -r -n 500 "$program" "${common[@]}" >"$scratch/log" 2>&1 || {
        tail -n 40 "$scratch/log" >&2
        exit 1
    }
fi
mkdir "$scratch/new"
# The first folder takes what is found, so that the corpus in the tree stays as it is.
"$program" "${common[@]}" -runs=2000 -print_final_stats=0 "$scratch/new" "${known[@]}" >"$scratch/log" 2>&1 || {
    tail -n 40 "$scratch/log" >&2
    for found in "$scratch"/crash-* "$scratch"/timeout-* "$scratch"/oom-* "$scratch"/leak-*; do
        [ ! -e "$found" ] || printf 'input that fails, in base64: %s\n' "$(base64 -w0 "$found")" >&2
    done
    exit 1
}
