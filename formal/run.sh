#!/bin/sh
# Runs every formal model and fails unless each result is the one in proverif/expected.txt, and the resumption holds in every state.
# usage: run.sh [--update]     --update writes proverif/expected.txt anew: read the difference before keeping it.
# The handshake's models need ProVerif 2.05 (about a minute and a half); without it they are skipped, and said to be.
set -eu
cd "$(dirname "$0")"
results=$(mktemp)
output=$(mktemp)
trap 'rm -f "$results" "$output"' EXIT

check() {
    echo "== proverif $*" >>"$results"
    (cd proverif && proverif "$@") >"$output" 2>&1 || {
        tail -n 3 "$output" >&2
        exit 1
    }
    grep '^RESULT' "$output" >>"$results"
}

if command -v proverif >/dev/null; then
    check -lib curves_broken.pvl -lib lattices_ideal.pvl handshake.pv
    check -lib curves_ideal.pvl handshake_lattices_broken.pv
    check -set preciseActions true -lib curves_broken.pvl -lib lattices_broken.pvl handshake.pv
    check sas.pv
    [ "${1:-}" != --update ] || cp "$results" proverif/expected.txt
    diff -u proverif/expected.txt "$results"
    echo "handshake and authentication string: all results as expected"
else
    echo "SKIPPED, nothing was proved about handshake and authentication string: proverif is not installed" >&2
fi
python3 -B resumption/check.py
