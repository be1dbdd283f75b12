#pragma once
/// Layer 1 for tests: both sides from a seed, and frames that hold the right secret and a wrong content.

#include <memory>
#include <utility>

#include "base/wire_writer.hpp"
#include "ca_services/bootstrap_frames.hpp"
#include "ca_services/hello_gate.hpp"
#include "support/seeded_rng.hpp"

namespace chat::test {

inline constexpr WallTime some_day{std::chrono::seconds{1'800'000'000}};

/// Made once for each seed of a test program: a certificate costs some milliseconds.
inline const CertificateDer& certificate_of(u64 seed) {
    static std::vector<std::pair<u64, std::unique_ptr<CertificateDer>>> made;
    for (const auto& [known, der] : made) {
        if (known == seed) return *der;
    }
    SeededRng rng{seed};
    made.emplace_back(seed, std::make_unique<CertificateDer>(make_channel_certificate(rng, some_day).der()));
    return *made.back().second;
}

inline PresharedSecret secret_of(u64 seed) {
    SeededRng rng{seed};
    return rng.secret<PresharedSecret>();
}

/// A hello with any content in its plaintext.
inline Bytes seal_hello(const PresharedSecret& psk, Role sender, u8 version, const X25519PublicKey& dh,
                        const MlKem1024EncapsulationKey& kem, u8 nonce_byte = 1) {
    Bytes plaintext(bootstrap::hello_plaintext_size);
    WireWriter{plaintext}.write_u8(version).write(dh.view()).write(kem.view());
    std::array<u8, bootstrap::nonce_size> nonce{};
    nonce.fill(nonce_byte);
    Bytes hello(bootstrap_hello_size);
    bootstrap::seal_frame(bootstrap::derive_hello_key(psk, sender).expose(), nonce, plaintext, hello);
    return hello;
}

/// A dialler that knows the protocol and what it wants: seals any inner part into its finish.
class HostileDialler {
  public:
    HostileDialler(const PresharedSecret& psk, u64 seed) : psk_{psk.clone()} {
        SeededRng rng{seed};
        dh_ = x25519::generate(rng);
        auto kem = mlkem1024::generate(rng);
        kem_seed_ = std::move(kem.seed);
        hello = seal_hello(psk_, Role::a, bootstrap::version, dh_.public_key, kem.encapsulation_key);
    }

    /// The key that seals the finish.
    [[nodiscard]] bootstrap::NewKeys keys_for(ByteView reply) const {
        Bytes plaintext(bootstrap::reply_plaintext_size);
        const auto key = bootstrap::derive_reply_key(psk_, Role::b, hello);
        if (!bootstrap::open_frame(key.expose(), reply, plaintext)) throw std::runtime_error{"bad reply"};
        const auto listener_dh = X25519PublicKey::from(ByteView{plaintext}.first<32>());
        const auto ciphertext = MlKem1024Ciphertext::from(ByteView{plaintext}.subspan<32, 1568>());
        const auto dh = x25519::agree(dh_.private_key, listener_dh);
        const auto kem = mlkem1024::decapsulate(kem_seed_, ciphertext);
        return bootstrap::derive_new_keys(
            {psk_, dh.value(), kem, hello, reply.first(bootstrap::nonce_size), listener_dh, ciphertext});
    }

    Bytes hello;

  private:
    PresharedSecret psk_;
    x25519::KeyPair dh_;
    MlKem1024Seed kem_seed_;
};

/// 8,192 bytes of inner part: status, any length field, any content behind it.
inline Bytes inner_part(u8 status, u16 length, ByteView content) {
    Bytes inner(bootstrap::inner_size);
    WireWriter{inner}.write_u8(status).write_u16(length).write(content);
    return inner;
}

inline Bytes seal_any_inner(AeadKeyView key, ByteView inner) {
    constexpr std::array<u8, 12> nonce{};
    Bytes sealed(inner.size() + aead_tag_size);
    ChaCha20Poly1305::seal(key, nonce, {}, inner, sealed);
    return sealed;
}

/// A listener that knows the secret: answers a hello with any inner part, and with any X25519 key it likes to show.
inline Bytes hostile_reply(const PresharedSecret& psk, ByteView hello, ByteView inner,
                           const X25519PublicKey* shown_dh = nullptr) {
    SeededRng rng{99};
    Bytes opened(bootstrap::hello_plaintext_size);
    const auto hello_key = bootstrap::derive_hello_key(psk, Role::a);
    if (!bootstrap::open_frame(hello_key.expose(), hello, opened)) throw std::runtime_error{"bad hello"};
    const auto peer_dh = X25519PublicKey::from(ByteView{opened}.subspan<1, 32>());
    const auto peer_kem = MlKem1024EncapsulationKey::from(ByteView{opened}.subspan<33, 1568>());
    const auto own = x25519::generate(rng);
    const auto dh = x25519::agree(own.private_key, peer_dh);
    const auto kem = mlkem1024::encapsulate(peer_kem, rng);
    const auto nonce = rng.bytes<PublicBytes<struct NonceTag, bootstrap::nonce_size>>();
    const auto& dh_public = shown_dh != nullptr ? *shown_dh : own.public_key;
    const auto keys = bootstrap::derive_new_keys(
        {psk, dh.value(), kem->shared_secret, hello, nonce.view(), dh_public, kem->ciphertext});
    Bytes plaintext(bootstrap::reply_plaintext_size);
    WireWriter{plaintext}
        .write(dh_public.view())
        .write(kem->ciphertext.view())
        .write(seal_any_inner(keys.from_listener.expose(), inner));
    Bytes reply(bootstrap_reply_size);
    bootstrap::seal_frame(bootstrap::derive_reply_key(psk, Role::b, hello).expose(), nonce.view(), plaintext,
                          reply);
    return reply;
}

}  // namespace chat::test
