"""XChaCha20-Poly1305 (RFC 8439 with draft-irtf-cfrg-xchacha-03) and AES-256-GCM (SP 800-38D, 96-bit nonces) in plain Python, for
the generators of test vectors. Slow and not constant-time. Each seal gives ciphertext | tag."""
import struct


def _rotate(value, count):
    return ((value << count) | (value >> (32 - count))) & 0xFFFFFFFF


def _quarter_round(x, a, b, c, d):
    for first, second, third, count in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        x[first] = (x[first] + x[second]) & 0xFFFFFFFF
        x[third] = _rotate(x[third] ^ x[first], count)


def _chacha_rounds(state):
    x = list(state)
    for _ in range(10):
        for quarter in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                        (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            _quarter_round(x, *quarter)
    return x


_SIGMA = struct.unpack("<4I", b"expand 32-byte k")


def _hchacha20(key, nonce):
    x = _chacha_rounds(_SIGMA + struct.unpack("<8I", key) + struct.unpack("<4I", nonce))
    return struct.pack("<8I", *(x[:4] + x[12:]))


def _chacha20_block(key, counter, nonce):
    state = _SIGMA + struct.unpack("<8I", key) + (counter,) + struct.unpack("<3I", nonce)
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(state, _chacha_rounds(state))))


def _xor(data, stream):
    return bytes(a ^ b for a, b in zip(data, stream))


def _poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    total = 0
    for i in range(0, len(message), 16):
        total = (total + int.from_bytes(message[i:i + 16] + b"\1", "little")) * r % ((1 << 130) - 5)
    return ((total + int.from_bytes(key[16:], "little")) % (1 << 128)).to_bytes(16, "little")


def _padded(data):
    return data + bytes(-len(data) % 16)


def xchacha20_poly1305_seal(key, nonce, ad, plaintext):
    subkey, inner_nonce = _hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    blocks = range(1, len(plaintext) // 64 + 2)
    ciphertext = _xor(plaintext, b"".join(_chacha20_block(subkey, i, inner_nonce) for i in blocks))
    lengths = struct.pack("<QQ", len(ad), len(ciphertext))
    tag_key = _chacha20_block(subkey, 0, inner_nonce)[:32]
    return ciphertext + _poly1305(tag_key, _padded(ad) + _padded(ciphertext) + lengths)


def _times_x(value):
    return ((value << 1) ^ (0x1B if value & 0x80 else 0)) & 0xFF


def _multiply_bytes(a, b):
    product = 0
    while b:
        product ^= a if b & 1 else 0
        a, b = _times_x(a), b >> 1
    return product


def _make_s_box():
    box = []
    for value in range(256):
        inverse = next((i for i in range(256) if _multiply_bytes(value, i) == 1), 0)
        bits = inverse
        for turn in range(1, 5):
            bits ^= ((inverse << turn) | (inverse >> (8 - turn))) & 0xFF
        box.append(bits ^ 0x63)
    return box


_S_BOX = _make_s_box()


def _expand_aes_256_key(key):
    words, constant = [list(key[i:i + 4]) for i in range(0, 32, 4)], 1
    while len(words) < 60:
        word = list(words[-1])
        if len(words) % 8 == 0:
            word = [_S_BOX[b] for b in word[1:] + word[:1]]
            word[0] ^= constant
            constant = _times_x(constant)
        elif len(words) % 8 == 4:
            word = [_S_BOX[b] for b in word]
        words.append([a ^ b for a, b in zip(word, words[-8])])
    return [sum(words[i:i + 4], []) for i in range(0, 60, 4)]


def _mix(column):
    return [_times_x(column[i]) ^ _times_x(column[(i + 1) % 4]) ^ column[(i + 1) % 4] ^ column[(i + 2) % 4] ^
            column[(i + 3) % 4] for i in range(4)]


def _aes_block(round_keys, block):
    state = [a ^ b for a, b in zip(block, round_keys[0])]
    for number, round_key in enumerate(round_keys[1:], 1):
        state = [_S_BOX[state[(i + 4 * (i % 4)) % 16]] for i in range(16)]
        if number < len(round_keys) - 1:
            state = sum((_mix(state[i:i + 4]) for i in range(0, 16, 4)), [])
        state = [a ^ b for a, b in zip(state, round_key)]
    return bytes(state)


def _multiply_in_gcm_field(a, b):
    product = 0
    for bit in range(127, -1, -1):
        if a >> bit & 1:
            product ^= b
        b = (b >> 1) ^ (0xE1 << 120 if b & 1 else 0)
    return product


def aes_256_gcm_seal(key, nonce, ad, plaintext):
    round_keys = _expand_aes_256_key(key)
    counters = (_aes_block(round_keys, nonce + struct.pack(">I", i)) for i in range(2, len(plaintext) // 16 + 3))
    ciphertext = _xor(plaintext, b"".join(counters))
    hash_key = int.from_bytes(_aes_block(round_keys, bytes(16)), "big")
    data, total = _padded(ad) + _padded(ciphertext) + struct.pack(">QQ", 8 * len(ad), 8 * len(ciphertext)), 0
    for i in range(0, len(data), 16):
        total = _multiply_in_gcm_field(total ^ int.from_bytes(data[i:i + 16], "big"), hash_key)
    return ciphertext + _xor(total.to_bytes(16, "big"), _aes_block(round_keys, nonce + struct.pack(">I", 1)))
