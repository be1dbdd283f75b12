#pragma once
/// FALCON-1024 behind the port of cell_signature.hpp.

#include "double_ratchet/cell_signature.hpp"

namespace chat {

class FalconCellSigner final : public CellSigner {
  public:
    FalconCellSigner(falcon1024::ExpandedSigningKey key, const falcon1024::PublicKey& public_key);

    [[nodiscard]] falcon1024::PaddedSignature sign(ByteView message, Rng& rng) override;

    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return public_key_; }

  private:
    falcon1024::ExpandedSigningKey key_;
    falcon1024::PublicKey public_key_;
};

class FalconCellVerifierLoader final : public CellVerifierLoader {
  public:
    [[nodiscard]] std::unique_ptr<CellVerifier> load(const falcon1024::PublicKey& key) const override;
};

}  // namespace chat
