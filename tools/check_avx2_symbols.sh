#!/usr/bin/env bash
# usage: check_avx2_symbols.sh NM LIBRARY: fails when a *_avx2.cpp.o of LIBRARY holds a weak function. The linker keeps one instance of
# such a function for the whole program, and if it took that one, code for every processor would run instructions that only some have.
set -eu
nm=$1 library=$2
symbols=$("$nm" -A -C "$library" | grep '_avx2\.cpp\.o:') || {
    printf 'no AVX2 code in %s\n' "$library" >&2
    exit 1
}
if weak=$(printf '%s\n' "$symbols" | grep -E ' [Ww] .*\('); then
    printf 'weak functions in AVX2 code:\n%s\n' "$weak" >&2
    exit 1
fi
