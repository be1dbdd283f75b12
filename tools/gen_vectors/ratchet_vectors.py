#!/usr/bin/env python3
"""Writes tests/vectors/ratchet/*.vec: every derivation, associated data and signed message of the Double Ratchet, the application
cipher and the cell (docs/protocol.md 6 to 8), computed from the specification with Python's standard library alone, so that the
program and its vectors have no code in common.

    ratchet_vectors.py [DIRECTORY]
"""
import hashlib
import hmac
import pathlib
import struct
import sys

from seals import aes_256_gcm_seal, xchacha20_poly1305_seal

SUITE = b"secure-p2p v1 X25519+ML-KEM-1024 FALCON-1024+Ed25519 AES-256-GCM+XChaCha20-Poly1305"


def fixed(name, size):
    """Input bytes that anybody can make again."""
    return hashlib.shake_256(b"ratchet vectors: " + name.encode()).digest(size)


def u32(value):
    return struct.pack(">I", value)


def labelled(label):
    return u32(len(label)) + label


def hmac_sha256(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def expand(prk, info, length):
    out, block = b"", b""
    while len(out) < length:
        block = hmac.new(prk, block + info + bytes([len(out) // 64 + 1]), hashlib.sha512).digest()
        out += block
    return out[:length]


def hkdf(salt, ikm, info, length):
    return expand(hmac.new(salt or bytes(64), ikm, hashlib.sha512).digest(), info, length)


def origin(session_id, sender):
    return session_id + sender.encode()


def start_block():
    root_key = fixed("root key", 64)
    return {
        "root_key": root_key,
        "root_0": expand(root_key, b"secure-p2p v1 ratchet root RK_0", 64),
        "header_key_1": expand(root_key, b"secure-p2p v1 header key HK_1", 32),
        "header_key_2": expand(root_key, b"secure-p2p v1 header key HK_2", 32),
    }


def step_block(number):
    root, dh, kem = (fixed("%s %d" % (name, number), size) for name, size in (("root", 64), ("dh", 32), ("kem", 32)))
    out = hkdf(root, dh + kem, b"DR_ROOT_UPDATE_HYBRID_MLKEM1024_DH_v2", 160)
    return {
        "root": root, "dh": dh, "kem": kem, "next_root": out[:64], "chain_secret": out[64:96],
        "next_header_key": out[96:128], "application_secret": out[128:],
    }


def chain_block(sender):
    secret = fixed("chain secret " + sender, 32)
    info = {"A": b"DR_CHAIN_INIT_SEND_X25519_v2", "B": b"DR_CHAIN_INIT_RECV_X25519_v2"}[sender]
    block = {"sender": sender, "chain_secret": secret, "chain_key_0": hkdf(b"", secret, info, 32)}
    for n in range(3):
        key = block["chain_key_%d" % n]
        block["message_key_%d" % n] = hmac_sha256(key, b"KDF_INFO_MSG")
        block["chain_key_%d" % (n + 1)] = hmac_sha256(key, b"KDF_INFO_CHAIN")
    return block


def cell_block(sender):
    """A whole cell but for its signature, with everything that it is made of."""
    session_id, efk = fixed("session id", 32), fixed("efk " + sender, 1793)
    dh, kem, ciphertext = fixed("ratchet dh", 32), fixed("ratchet kem", 1568), fixed("ciphertext", 1568)
    previous_length, number, epoch, efk_index = 7, 0x01020304, 0x05060708, 3
    header = dh + kem + ciphertext + u32(previous_length) + u32(number) + u32(epoch) + u32(efk_index)
    header_key, header_nonce = fixed("header key " + sender, 32), fixed("header nonce", 24)
    message_key, body = fixed("message key " + sender, 32), fixed("body", 1112)
    whose = origin(session_id, sender)

    sealed_header = header_nonce + xchacha20_poly1305_seal(
        header_key, header_nonce, labelled(b"secure-p2p v1 ratchet header") + whose, header)
    body_key = hkdf(b"", message_key, b"DR_MESSAGE_KEY_AES256GCM_v2", 44)
    sealed_body = aes_256_gcm_seal(
        body_key[:32], body_key[32:], labelled(b"secure-p2p v1 ratchet body") + whose + sealed_header, body)
    efk_hash = hashlib.sha512(labelled(b"secure-p2p v1 verification key hash") + u32(len(efk)) + efk).digest()
    signed = (labelled(b"secure-p2p v1 cell signature") + labelled(SUITE) + efk_hash + sender.encode() + whose +
              sealed_header + sealed_body)
    cell = sealed_header + sealed_body + fixed("signature", 1280)
    return {
        "session_id": session_id, "sender": sender, "ratchet_dh": dh, "ratchet_kem": kem, "ciphertext": ciphertext,
        "previous_length": u32(previous_length), "number": u32(number), "epoch": u32(epoch), "efk_index": u32(efk_index),
        "header": header, "header_key": header_key, "header_nonce": header_nonce, "sealed_header": sealed_header,
        "message_key": message_key, "body": body, "sealed_body": sealed_body, "efk": efk, "efk_hash": efk_hash,
        "signed_bytes": signed, "cell": cell, "cell_id": hashlib.sha256(cell).digest()[:16],
    }


def announcement_block(sender):
    session_id, old, new = fixed("session id", 32), fixed("efk " + sender, 1793), fixed("new efk", 1793)
    efk_hash = hashlib.sha512(labelled(b"secure-p2p v1 verification key hash") + u32(len(old)) + old).digest()
    signed = (labelled(b"secure-p2p v1 EFK announcement signature") + labelled(SUITE) + efk_hash + sender.encode() +
              origin(session_id, sender) + u32(4) + new)
    signature = fixed("announcement signature", 1280)
    return {
        "session_id": session_id, "sender": sender, "efk": old, "index": u32(4), "new_efk": new, "signed_bytes": signed,
        "signature": signature, "message": u32(4) + new + signature,
    }


def application_block(sender):
    secret, transcript = fixed("bootstrap secret", 32), fixed("bootstrap transcript", 64)
    step_secret, session_id = fixed("application secret", 32), fixed("session id", 32)
    root_0 = hkdf(transcript, secret, b"application layer root", 64)
    step = hkdf(root_0, step_secret, b"application layer epoch", 96)
    chain_0 = step[64:]
    chain_1 = hmac_sha256(chain_0, b"application layer next chain key")
    message_1 = hmac_sha256(chain_1, b"application layer message key")
    nonce, plaintext, epoch, number = fixed("application nonce", 24), fixed("inner", 1072), 9, 1
    sealed = xchacha20_poly1305_seal(
        message_1, nonce,
        labelled(b"secure-p2p v1 application layer") + origin(session_id, sender) + u32(epoch) + u32(number), plaintext)
    return {
        "session_id": session_id, "sender": sender, "bootstrap_secret": secret, "bootstrap_transcript": transcript,
        "root_0": root_0, "application_secret": step_secret, "root_1": step[:64], "chain_key_0": chain_0,
        "message_key_0": hmac_sha256(chain_0, b"application layer message key"), "chain_key_1": chain_1,
        "message_key_1": message_1, "epoch": u32(epoch), "number": u32(number), "nonce": nonce, "inner": plaintext,
        "record": nonce + sealed[-16:] + sealed[:-16],
    }


def write(path, title, blocks):
    lines = ["# %s (docs/protocol.md 6 to 8), version 1, by tools/gen_vectors/ratchet_vectors.py" % title]
    for block in blocks:
        lines.append("")
        lines += ["%s = %s" % (key, value if isinstance(value, str) else value.hex()) for key, value in block.items()]
    path.write_text("\n".join(lines) + "\n")


def main():
    default = pathlib.Path(__file__).resolve().parents[2] / "tests" / "vectors" / "ratchet"
    directory = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else default
    directory.mkdir(parents=True, exist_ok=True)
    write(directory / "start.vec", "What the ratchet expands from root_key", [start_block()])
    write(directory / "root_step.vec", "Root steps", [step_block(n) for n in range(2)])
    write(directory / "chain.vec", "Chains", [chain_block(sender) for sender in "AB"])
    write(directory / "cell.vec", "Cells", [cell_block(sender) for sender in "AB"])
    write(directory / "announcement.vec", "Announcements of signing keys", [announcement_block(s) for s in "AB"])
    write(directory / "application.vec", "Application cipher", [application_block(sender) for sender in "AB"])


main()
