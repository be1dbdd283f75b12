#!/usr/bin/env python3
"""Derives every value of the key exchange's test vectors anew, from docs/protocol.md alone, and compares.

usage: check_kex_vectors.py FOLDER     (tests/vectors/kex)
"""

import hashlib
import hmac
import pathlib
import sys

SUITE = b"secure-p2p v1 X25519+ML-KEM-1024 FALCON-1024+Ed25519 AES-256-GCM+XChaCha20-Poly1305"
P = 2**255 - 19


def read_blocks(path):
    """Key-value blocks apart by empty lines."""
    block = {}
    for line in [*path.read_text().splitlines(), ""]:
        if not line.strip():
            if block:
                yield block
            block = {}
        elif not line.startswith("#"):
            key, value = line.split(" = ", 1)
            block[key] = value


def u32(value):
    return value.to_bytes(4, "big")


def framed(data):
    return u32(len(data)) + data


def h(label, *fields):
    """H over the canonical encoding of fixed-size fields."""
    return hashlib.sha512(framed(label) + b"".join(fields)).digest()


def expand(prk, info, size):
    out, last = b"", b""
    while len(out) < size:
        last = hmac.digest(prk, last + info + bytes([len(out) // 64 + 1]), "sha512")
        out += last
    return out[:size]


def hkdf(salt, ikm, info, size):
    return expand(hmac.digest(salt, ikm, "sha512"), info, size)


def x25519(scalar, point):
    """RFC 7748, 5."""
    k = int.from_bytes(scalar, "little") & ~7 & (2**255 - 1) | 2**254
    u = int.from_bytes(point, "little") & (2**255 - 1)
    x2, z2, x3, z3 = 1, 0, u, 1
    for bit in reversed(range(255)):
        swap = k >> bit & 1
        if swap:
            x2, x3, z2, z3 = x3, x2, z3, z2
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a, b * b, d * a, c * b
        e = aa - bb
        x2, z2, x3, z3 = aa * bb % P, e * (aa + 121665 * e) % P, (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        if swap:
            x2, x3, z2, z3 = x3, x2, z3, z2
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def signed(label, key, role, *fields):
    key_hash = h(b"secure-p2p v1 verification key hash", framed(key))
    return framed(label) + framed(SUITE) + key_hash + role + b"".join(fields)


def split(data, *sizes):
    parts, at = [], 0
    for size in sizes:
        parts.append(data[at : at + size])
        at += size
    assert at == len(data), (at, len(data))
    return parts


def safety_number(one, other):
    low, high = sorted((one, other))
    groups, block = [], 0
    while len(groups) < 12:
        digest = h(b"secure-p2p v1 safety number", low, high, u32(block))
        words = [int.from_bytes(digest[i : i + 4], "big") for i in range(0, 64, 4)]
        groups += ["%05d" % (word % 100000) for word in words if word < 4294900000]
        block += 1
    return " ".join(groups[:12])


class Checker:
    def __init__(self, block):
        self.block = block
        self.checked = 0

    def get(self, key):
        return bytes.fromhex(self.block[key])

    def expect(self, key, value):
        if value != (self.get(key) if isinstance(value, bytes) else self.block[key]):
            raise SystemExit(f"{key} is not what docs/protocol.md gives")
        self.checked += 1


def check_fingerprints(c, names):
    for name in names:
        c.expect(name + "_fingerprint", h(b"secure-p2p v1 identity fingerprint", c.get(name + "_public"))[:32])


def check_signed(c):
    """The four signed messages; gives the fields that the keys need."""
    bt, exporter = c.get("bootstrap_transcript"), c.get("tls_exporter")
    bundle, init, resp = c.get("bundle"), c.get("init"), c.get("resp")
    id_a, spk, pqspk, efk_a, commitment, _ = split(bundle, 3425, 32, 1568, 1793, 32, 1344)
    id_b, efk_b, ek_b, pqek, ct1, ct2, nonce_b, _, _, mac_b = split(
        init, 3425, 1793, 32, 1568, 1568, 1568, 32, 1344, 1280, 32)
    ek_a, ct3, ct4, nonce_a, _, mac_a = split(resp, 32, 1568, 1568, 32, 1280, 32)
    assert id_a == c.get("a_public") and id_b == c.get("b_public")
    label = b"secure-p2p v1 authentication string commitment"
    assert commitment == hashlib.sha256(framed(label) + nonce_a).digest()

    bundle_hash = h(b"secure-p2p v1 bundle hash", bundle)
    both_hash = h(b"secure-p2p v1 bundle and init hash", bundle, init)
    sha = lambda data: hashlib.sha512(data).digest()
    c.expect("bundle_signed_sha512", sha(signed(
        b"secure-p2p v1 bundle identity signature", id_a, b"A",
        bt, exporter, c.get("expected_peer"), id_a, spk, pqspk, efk_a, commitment)))
    c.expect("init_signed_sha512", sha(signed(
        b"secure-p2p v1 init identity signature", id_b, b"B",
        bt, exporter, bundle_hash, id_b, efk_b, ek_b, pqek, ct1, ct2, nonce_b)))
    c.expect("init_bound_sha512", sha(signed(
        b"secure-p2p v1 init ec_pq_binding_sig", efk_b, b"B", bundle_hash, init[:-1280 - 32])))
    c.expect("resp_bound_sha512", sha(signed(
        b"secure-p2p v1 resp ec_pq_binding_sig", efk_a, b"A", both_hash, resp[:-1280 - 32])))
    return spk, ek_b, ek_a, nonce_a, nonce_b, mac_b, mac_a


def check_keys(c, spk, ek_b, ek_a, nonce_a, nonce_b, mac_b, mac_a):
    bt, exporter = c.get("bootstrap_transcript"), c.get("tls_exporter")
    bundle, init, resp = c.get("bundle"), c.get("init"), c.get("resp")
    spk_private, ek_b_private, ek_a_private = (
        c.get("random_" + m)[:32] for m in ("bundle", "init", "resp"))
    dh_a, dh_b = c.get("a_public")[1825:1857], c.get("b_public")[1825:1857]
    c.expect("dh1", x25519(c.get("b_x25519_private"), spk))
    assert c.get("dh1") == x25519(spk_private, dh_b)
    c.expect("dh2", x25519(ek_b_private, dh_a))
    c.expect("dh3", x25519(ek_b_private, spk))
    c.expect("dh4", x25519(ek_a_private, ek_b))
    assert c.get("dh4") == x25519(ek_b_private, ek_a)

    dh1, dh2, dh3, dh4, ks1, ks2, ks3, ks4 = (c.get(k) for k in ("dh1", "dh2", "dh3", "dh4", "ks1", "ks2", "ks3", "ks4"))
    head = (framed(SUITE), bt, exporter, bundle)
    to_init = h(b"secure-p2p v1 key exchange transcript", *head, init[:-32])
    to_resp = h(b"secure-p2p v1 key exchange transcript", *head, init, resp[:-32])
    c.expect("transcript_init", to_init)
    c.expect("transcript_resp", to_resp)
    init_key = hkdf(to_init, b"\xff" * 32 + dh1 + dh2 + dh3 + ks1 + ks2, b"Hybrid X3DH+PQ Init Key", 64)
    root_key = hkdf(to_resp, b"\xff" * 32 + dh1 + dh2 + dh3 + dh4 + ks1 + ks2 + ks3 + ks4,
                    b"Hybrid X3DH+PQ Root Key", 64)
    c.expect("init_key", init_key)
    c.expect("root_key", root_key)
    assert mac_b == hmac.digest(expand(init_key, b"secure-p2p v1 init MAC key", 32), to_init, "sha256")
    assert mac_a == hmac.digest(expand(root_key, b"secure-p2p v1 resp MAC key", 32), to_resp, "sha256")
    c.expect("session_id", expand(root_key, b"secure-p2p v1 session id", 32))
    c.expect("sas_salt", h(b"secure-p2p v1 authentication string salt", bt, exporter, bundle, init))
    c.expect("sas", hkdf(c.get("sas_salt"), nonce_a + nonce_b, b"secure-p2p v1 authentication string", 5))
    c.expect("safety_number", safety_number(c.get("a_fingerprint"), c.get("b_fingerprint")))


def check_rotation(c):
    identity, _ = split(c.get("rotation"), 3425, 1344)
    assert identity == c.get("next_public")
    pairs = {b["count"]: b for b in read_blocks(c.folder / "falcon_pairs.vec")}
    efk = bytes.fromhex(pairs[c.block["efk_pair"]]["public_key"])
    c.expect("signed_sha512", hashlib.sha512(signed(
        b"secure-p2p v1 identity rotation signature", identity, c.block["role"].encode(),
        c.get("session_id"), c.get("old_fingerprint"), u32(int(c.block["efk_index"])), efk)).digest())


def main(folder):
    checked = 0
    for block in read_blocks(folder / "handshake.vec"):
        c = Checker(block)
        check_fingerprints(c, ("a", "b"))
        check_keys(c, *check_signed(c))
        checked += c.checked
    for block in read_blocks(folder / "rotation.vec"):
        c = Checker(block)
        c.folder = folder
        check_fingerprints(c, ("old", "next"))
        check_rotation(c)
        checked += c.checked
    if checked < 39:
        raise SystemExit(f"only {checked} values to check")
    print(f"{checked} values as docs/protocol.md says")


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
