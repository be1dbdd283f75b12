#!/usr/bin/env bash
# usage: check_hello_gate_symbols.sh NM LIBRARY
# The gate decides with symmetric cryptography alone whether a hello is anybody's: its object files may call neither X25519 nor
# ML-KEM, nor OpenSSL's public-key interface, nor the listener's state that does.
set -eu

nm=$1
library=$2
forbidden='x25519::|mlkem1024::|OpenedHello::(reply|refuse|seal_reply)|EVP_PKEY|EVP_DigestSign|EVP_DigestVerify|d2i_X509'

undefined=$("$nm" -C --undefined-only "$library" | awk '
    /^[^ ].*:$/ { member = $0 }
    member ~ /^hello_(gate|memory)\.cpp/ { print }')
if ! printf '%s\n' "$undefined" | grep -q 'XChaCha20Poly1305::open\|bootstrap::open_frame'; then
    echo "hello_gate.cpp was not found in $library, so nothing was checked" >&2
    exit 1
fi
if found=$(printf '%s\n' "$undefined" | grep -E "$forbidden"); then
    echo "the gate reaches a public-key operation:" >&2
    echo "$found" >&2
    exit 1
fi
