#!/usr/bin/env python3
"""Writes tests/vectors/session/*.vec: resume secret, resume frames and inner records (docs/protocol.md 8 and 10), computed from the
specification with Python's standard library alone, so that the program and its vectors have no code in common.

    session_vectors.py [DIRECTORY]
"""
import hashlib
import hmac
import pathlib
import struct
import sys

from seals import xchacha20_poly1305_seal


def fixed(name, size):
    """Input bytes that anybody can make again."""
    return hashlib.shake_256(b"session vectors: " + name.encode()).digest(size)


def labelled(label):
    return struct.pack(">I", len(label)) + label


def hkdf_sha256_32(salt, ikm, info):
    prk = hmac.new(salt, ikm, hashlib.sha256).digest()
    return hmac.new(prk, info + b"\x01", hashlib.sha256).digest()


def expand_sha512_32(prk, info):
    return hmac.new(prk, info + b"\x01", hashlib.sha512).digest()[:32]


def resume_block(sender):
    session_id, exporter = fixed("session id", 32), fixed("tls exporter", 32)
    root_key, bootstrap_secret = fixed("root key", 64), fixed("bootstrap secret", 32)
    attempt, acknowledged = 3, 70_000
    key = expand_sha512_32(root_key, b"secure-p2p v1 resume frame key, sent by " + sender.encode())
    exporter_hash = hashlib.sha512(labelled(b"secure-p2p v1 exporter hash") + exporter).digest()
    associated_data = labelled(b"secure-p2p v1 resume frame") + session_id + exporter_hash
    nonce = fixed("nonce " + sender, 24)
    plaintext = struct.pack(">QQ", attempt, acknowledged) + fixed("fill " + sender, 5592 - 16)
    return {
        "sender": sender,
        "session_id": session_id,
        "bootstrap_secret": bootstrap_secret,
        "root_key": root_key,
        "tls_exporter": exporter,
        "resume_secret": hkdf_sha256_32(session_id, bootstrap_secret, b"resume v1"),
        "attempt": str(attempt),
        "acknowledged": str(acknowledged),
        "frame": nonce + xchacha20_poly1305_seal(key, nonce, associated_data, plaintext),
    }


def record_block(pad, content):
    fields = struct.pack(">IHHQH", 7, 1, 3, 513, len(content))
    head = bytes([1, 0, pad]) + fixed("pad", pad) + fields + content
    return {
        "type": "1",
        "stream": "7",
        "fragment_index": "1",
        "fragment_count": "3",
        "acknowledged": "513",
        "content": content,
        "record": head + fixed("fill", 1072 - len(head)),
    }


def write(path, title, blocks):
    lines = ["# %s (docs/protocol.md 8 and 10), version 1, by tools/gen_vectors/session_vectors.py" % title]
    for block in blocks:
        lines.append("")
        lines += ["%s = %s" % (key, value if isinstance(value, str) else value.hex()) for key, value in block.items()]
    path.write_text("\n".join(lines) + "\n")


def main():
    default = pathlib.Path(__file__).resolve().parents[2] / "tests" / "vectors" / "session"
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    directory.mkdir(parents=True, exist_ok=True)
    write(directory / "resume.vec", "Resume secret and resume frames", [resume_block(sender) for sender in "AB"])
    write(directory / "record.vec", "Inner records", [record_block(0, fixed("short", 5)), record_block(15, fixed("full", 1036))])


main()
