#!/usr/bin/env bash
# usage: check_hello_gate_symbols.sh NM LIBRARY
# The gate decides with symmetric cryptography alone whether a hello is anybody's. Its object files may call what is named here and
# nothing else of the project or of the cryptographic libraries: no X25519, no ML-KEM, no certificate.
set -eu

nm=$1
library=$2
watched=' U (chat::|EVP_|OSSL_|X509|d2i_|crypto_|[A-Z]+_[a-z])'
allowed=' U chat::(HelloMemory::|guarded_memory::|bootstrap::(hash_hello|derive_hello_key|open_frame)\()'

undefined=$("$nm" -C --undefined-only "$library" | awk '
    /^[^ ].*:$/ { member = $0 }
    member ~ /^hello_(gate|memory)\.cpp/ { print }')
if ! printf '%s\n' "$undefined" | grep -q 'bootstrap::open_frame('; then
    echo "hello_gate.cpp was not found in $library, so nothing was checked" >&2
    exit 1
fi
if found=$(printf '%s\n' "$undefined" | grep -E "$watched" | grep -vE "$allowed"); then
    echo "the gate calls more than it may:" >&2
    printf '%s\n' "$found" >&2
    exit 1
fi
