#pragma once
/// A fast stand-in for FALCON behind the port of cell signatures, for simulations of many sessions: an HMAC whose key stands in the
/// public key. It detects damage and mix-ups like a signature, but whoever knows the public key can sign. Tests only.

#include "crypto/hmac.hpp"
#include "double_ratchet/cell_signature.hpp"

namespace chat::test {

/// A well-formed key begins as FALCON's does.
inline constexpr u8 mac_key_header = 0x0A;

inline falcon1024::PublicKey mac_public_key(Rng& rng) {
    auto key = rng.bytes<falcon1024::PublicKey>();
    key.bytes[0] = mac_key_header;
    return key;
}

inline falcon1024::PaddedSignature mac_signature(const falcon1024::PublicKey& key, ByteView message) {
    falcon1024::PaddedSignature out;
    hmac_sha256(key.bytes, {message}, std::span{out.bytes}.first<hmac_sha256_size>());
    std::fill(out.bytes.begin() + hmac_sha256_size, out.bytes.end(), u8{0xA5});
    return out;
}

class MacCellSigner final : public CellSigner {
  public:
    explicit MacCellSigner(const falcon1024::PublicKey& key) : key_{key} {}
    explicit MacCellSigner(Rng& rng) : key_{mac_public_key(rng)} {}

    [[nodiscard]] falcon1024::PaddedSignature sign(ByteView message, Rng& rng) override {
        std::array<u8, 88> nonce_and_seed{};  // what FALCON draws
        rng.fill(nonce_and_seed);
        return mac_signature(key_, message);
    }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return key_; }

  private:
    falcon1024::PublicKey key_;
};

class MacCellVerifier final : public CellVerifier {
  public:
    explicit MacCellVerifier(const falcon1024::PublicKey& key) : key_{key} {}

    [[nodiscard]] bool verify(ByteView message, const falcon1024::PaddedSignature& signature) const override {
        return mac_signature(key_, message) == signature;
    }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return key_; }

  private:
    falcon1024::PublicKey key_;
};

class MacCellVerifierLoader final : public CellVerifierLoader {
  public:
    [[nodiscard]] std::unique_ptr<CellVerifier> load(const falcon1024::PublicKey& key) const override {
        if (key.bytes[0] != mac_key_header) return nullptr;
        return std::make_unique<MacCellVerifier>(key);
    }
};

}  // namespace chat::test
