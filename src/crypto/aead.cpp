#include "crypto/aead.hpp"

#include <openssl/evp.h>
#include <sodium.h>

#include <array>
#include <cassert>
#include <limits>
#include <memory>
#include <new>

#include "base/guarded_memory.hpp"
#include "crypto/library_context.hpp"
#include "crypto/sodium.hpp"

namespace chat {
namespace {

struct FreeCipher {
    void operator()(EVP_CIPHER_CTX* context) const noexcept { EVP_CIPHER_CTX_free(context); }
};

using CipherContext = std::unique_ptr<EVP_CIPHER_CTX, FreeCipher>;

struct Sealed {
    ByteView ciphertext;
    AeadTagView tag;
};

/// Splits ciphertext | tag. A failure leaves `out` all zero.
Result<Sealed, CryptoError> split(ByteView sealed, MutableByteView out) {
    if (sealed.size() < aead_tag_size) {
        guarded_memory::wipe(out);
        return fail(CryptoError::ciphertext_too_short);
    }
    assert(out.size() == sealed.size() - aead_tag_size);
    return Sealed{sealed.first(sealed.size() - aead_tag_size), sealed.last<aead_tag_size>()};
}

Result<void, CryptoError> refuse(MutableByteView out) {
    guarded_memory::wipe(out);
    return fail(CryptoError::bad_tag);
}

int int_size(ByteView bytes) {
    assert(bytes.size() <= static_cast<std::size_t>(std::numeric_limits<int>::max()));
    return static_cast<int>(bytes.size());
}

void ensure(int status) {
    if (status != 1) throw std::bad_alloc{};
}

CipherContext new_cipher_context() {
    CipherContext context{EVP_CIPHER_CTX_new()};
    if (!context) throw std::bad_alloc{};
    return context;
}

using EvpUpdate = int (*)(EVP_CIPHER_CTX*, unsigned char*, int*, const unsigned char*, int);

/// Associated data goes in with a null output.
void update(EvpUpdate evp_update, EVP_CIPHER_CTX* context, ByteView ad, ByteView in, MutableByteView out) {
    int written = 0;
    if (!ad.empty()) ensure(evp_update(context, nullptr, &written, ad.data(), int_size(ad)));
    if (!in.empty()) ensure(evp_update(context, out.data(), &written, in.data(), int_size(in)));
}

}  // namespace

void ChaCha20Poly1305::seal(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext,
                            MutableByteView out) {
    assert(out.size() == plaintext.size() + tag_size);
    ensure_sodium();
    crypto_aead_chacha20poly1305_ietf_encrypt(out.data(), nullptr, plaintext.data(), plaintext.size(),
                                              ad.data(), ad.size(), nullptr, nonce.data(), key.data());
}

Result<void, CryptoError> ChaCha20Poly1305::open(AeadKeyView key, NonceView nonce, ByteView ad,
                                                 ByteView sealed, MutableByteView out) {
    ensure_sodium();
    const auto parts = split(sealed, out);
    if (!parts) return fail(parts.error());
    const int status = crypto_aead_chacha20poly1305_ietf_decrypt_detached(
        out.data(), nullptr, parts->ciphertext.data(), parts->ciphertext.size(), parts->tag.data(), ad.data(),
        ad.size(), nonce.data(), key.data());
    if (status != 0) return refuse(out);
    return {};
}

void XChaCha20Poly1305::seal(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext,
                             MutableByteView out) {
    assert(out.size() == plaintext.size() + tag_size);
    seal_detached(key, nonce, ad, plaintext, out.first(plaintext.size()), out.last<tag_size>());
}

Result<void, CryptoError> XChaCha20Poly1305::open(AeadKeyView key, NonceView nonce, ByteView ad,
                                                  ByteView sealed, MutableByteView out) {
    const auto parts = split(sealed, out);
    if (!parts) return fail(parts.error());
    return open_detached(key, nonce, ad, parts->ciphertext, parts->tag, out);
}

void XChaCha20Poly1305::seal_detached(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext,
                                      MutableByteView out, std::span<u8, tag_size> tag) {
    assert(out.size() == plaintext.size());
    ensure_sodium();
    crypto_aead_xchacha20poly1305_ietf_encrypt_detached(out.data(), tag.data(), nullptr, plaintext.data(),
                                                        plaintext.size(), ad.data(), ad.size(), nullptr,
                                                        nonce.data(), key.data());
}

Result<void, CryptoError> XChaCha20Poly1305::open_detached(AeadKeyView key, NonceView nonce, ByteView ad,
                                                           ByteView ciphertext, AeadTagView tag,
                                                           MutableByteView out) {
    assert(out.size() == ciphertext.size());
    ensure_sodium();
    const int status = crypto_aead_xchacha20poly1305_ietf_decrypt_detached(
        out.data(), nullptr, ciphertext.data(), ciphertext.size(), tag.data(), ad.data(), ad.size(),
        nonce.data(), key.data());
    if (status != 0) return refuse(out);
    return {};
}

void Aes256Gcm::seal(AeadKeyView key, NonceView nonce, ByteView ad, ByteView plaintext, MutableByteView out) {
    assert(out.size() == plaintext.size() + tag_size);
    const CipherContext context = new_cipher_context();
    ensure(EVP_EncryptInit_ex2(context.get(), library_context().aes_256_gcm(), key.data(), nonce.data(),
                               nullptr));
    update(EVP_EncryptUpdate, context.get(), ad, plaintext, out);
    int written = 0;
    const MutableByteView tag = out.last(tag_size);
    ensure(EVP_EncryptFinal_ex(context.get(), tag.data(), &written));
    ensure(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag.data()));
}

Result<void, CryptoError> Aes256Gcm::open(AeadKeyView key, NonceView nonce, ByteView ad, ByteView sealed,
                                          MutableByteView out) {
    const auto parts = split(sealed, out);
    if (!parts) return fail(parts.error());
    // EVP asks for a mutable tag and, when final, for room to write to; both are copies.
    std::array<u8, tag_size> tag{};
    std::copy(parts->tag.begin(), parts->tag.end(), tag.begin());
    const CipherContext context = new_cipher_context();
    ensure(EVP_DecryptInit_ex2(context.get(), library_context().aes_256_gcm(), key.data(), nonce.data(),
                               nullptr));
    update(EVP_DecryptUpdate, context.get(), ad, parts->ciphertext, out);
    ensure(EVP_CIPHER_CTX_ctrl(context.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()));
    int written = 0;
    std::array<u8, tag_size> nothing_left{};
    if (EVP_DecryptFinal_ex(context.get(), nothing_left.data(), &written) != 1) return refuse(out);
    return {};
}

}  // namespace chat
