#!/usr/bin/env python3
"""Writes tests/vectors/bootstrap/exchange.vec: one certificate exchange (docs/protocol.md 3) seen from the dialler, computed from the
specification with Python's standard library, seals.py and the `cryptography` package (45 or newer, for ML-KEM-1024 and X25519), so
that the program and its vectors have no code in common. The two certificates are made by the openssl program (3.5 or newer).

    bootstrap_vectors.py OPENSSL > exchange.vec

ML-KEM's ciphertext and the certificates are random, so that every run gives another exchange.
"""
import hashlib
import hmac
import os
import struct
import subprocess
import sys
import tempfile

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM1024PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from seals import xchacha20_poly1305_seal

FIRST_NONCE = bytes(12)


def labelled(label):
    return struct.pack(">I", len(label)) + label


def hash_of(label, *fields):
    return hashlib.sha512(labelled(label) + b"".join(fields)).digest()


def extract(salt, ikm):
    return hmac.new(salt or bytes(32), ikm, hashlib.sha256).digest()


def expand(prk, info):
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


def certificate(openssl, name):
    with tempfile.TemporaryDirectory() as folder:
        command = [openssl, "req", "-x509", "-newkey", "mldsa87", "-nodes", "-subj", "/CN=" + name, "-days", "2"]
        command += ["-keyout", os.path.join(folder, "key"), "-outform", "DER"]
        environment = dict(os.environ, OPENSSL_CONF="/dev/null")
        return subprocess.run(command, env=environment, check=True, capture_output=True).stdout


def inner(der):
    return (b"\x00" + struct.pack(">H", len(der)) + der).ljust(8192, b"\x00")


def main(openssl):
    psk = hashlib.sha256(b"bootstrap vectors: secret").digest()
    x25519_private = hashlib.sha256(b"bootstrap vectors: dialler's X25519 key").digest()
    mlkem_seed = hashlib.sha512(b"bootstrap vectors: dialler's ML-KEM seed").digest()
    hello_random = hashlib.sha256(b"bootstrap vectors: random field").digest()
    hello_nonce = hashlib.sha256(b"bootstrap vectors: hello nonce").digest()[:24]
    reply_nonce = hashlib.sha256(b"bootstrap vectors: reply nonce").digest()[:24]
    dialler = X25519PrivateKey.from_private_bytes(x25519_private)
    listener = X25519PrivateKey.from_private_bytes(hashlib.sha256(b"bootstrap vectors: listener").digest())
    encapsulation_key = MLKEM1024PrivateKey.from_seed_bytes(mlkem_seed).public_key()
    dialler_der, listener_der = certificate(openssl, "dialler"), certificate(openssl, "listener")

    plaintext = b"\x01" + dialler.public_key().public_bytes_raw() + encapsulation_key.public_bytes_raw() + hello_random
    hellos = {}
    for role in (b"A", b"B"):
        key = expand(extract(b"", psk), b"secure-p2p v1 hello key, sent by " + role)
        hellos[role] = hello_nonce + xchacha20_poly1305_seal(key, hello_nonce, b"", plaintext)
    hello = hellos[b"A"]

    kem_secret, ciphertext = encapsulation_key.encapsulate()
    listener_public = listener.public_key().public_bytes_raw()
    dh = dialler.exchange(X25519PublicKey.from_public_bytes(listener_public))
    salt = hash_of(b"secure-p2p v1 bootstrap extract salt", hello, reply_nonce, listener_public, ciphertext)
    prk = extract(salt, psk + dh + kem_secret)
    from_listener = expand(prk, b"chacha20poly1305 certificate exchange v1 listener to dialler")
    from_dialler = expand(prk, b"chacha20poly1305 certificate exchange v1 dialler to listener")
    sealed = ChaCha20Poly1305(from_listener).encrypt(FIRST_NONCE, inner(listener_der), None)
    reply_prk = extract(hash_of(b"secure-p2p v1 hello hash", hello), psk)
    reply_key = expand(reply_prk, b"secure-p2p v1 reply key, sent by B")
    reply = reply_nonce + xchacha20_poly1305_seal(reply_key, reply_nonce, b"", listener_public + ciphertext + sealed)
    finish = ChaCha20Poly1305(from_dialler).encrypt(FIRST_NONCE, inner(dialler_der), None)
    assert (len(hello), len(reply), len(finish)) == (1673, 9848, 8208)

    values = {
        "secret": psk,
        "dialler_x25519_private": x25519_private,
        "dialler_mlkem_seed": mlkem_seed,
        "hello_random": hello_random,
        "hello_nonce": hello_nonce,
        "dialler_certificate": dialler_der,
        "listener_certificate": listener_der,
        "hello": hello,
        "hello_from_b": hellos[b"B"],
        "reply": reply,
        "finish": finish,
        "bootstrap_secret": expand(prk, b"secure-p2p v1 bootstrap secret"),
        "bootstrap_transcript": hash_of(b"secure-p2p v1 bootstrap transcript", hello, reply, finish),
    }
    print("# One certificate exchange (docs/protocol.md 3). Made by tools/gen_vectors/bootstrap_vectors.py.")
    print("# The dialler draws dialler_x25519_private, dialler_mlkem_seed, hello_random, hello_nonce in this order.\n")
    for name, value in values.items():
        print(name, "=", value.hex())


main(sys.argv[1])
