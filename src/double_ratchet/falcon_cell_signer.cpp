#include "double_ratchet/falcon_cell_signer.hpp"

namespace chat {
namespace {

class FalconCellVerifier final : public CellVerifier {
  public:
    FalconCellVerifier(const falcon1024::VerifyingKey& key, const falcon1024::PublicKey& public_key)
        : key_{key}, public_key_{public_key} {}

    [[nodiscard]] bool verify(ByteView message, const falcon1024::PaddedSignature& signature) const override {
        return key_.verify(message, signature).has_value();
    }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return public_key_; }

  private:
    falcon1024::VerifyingKey key_;
    falcon1024::PublicKey public_key_;
};

}  // namespace

FalconCellSigner::FalconCellSigner(falcon1024::ExpandedSigningKey key,
                                   const falcon1024::PublicKey& public_key)
    : key_{std::move(key)}, public_key_{public_key} {}

falcon1024::PaddedSignature FalconCellSigner::sign(ByteView message, Rng& rng) {
    return falcon1024::sign_padded(key_, message, rng);
}

std::unique_ptr<CellVerifier> FalconCellVerifierLoader::load(const falcon1024::PublicKey& key) const {
    const auto decoded = falcon1024::VerifyingKey::decode(key.bytes);
    if (!decoded) return nullptr;
    return std::make_unique<FalconCellVerifier>(*decoded, key);
}

}  // namespace chat
