#pragma once
/// The ephemeral FALCON key that signs this side's cells, and its replacement (docs/protocol.md 6).

#include "double_ratchet/cell_signature.hpp"
#include "double_ratchet/efk_announcement.hpp"
#include "double_ratchet/signed_bytes.hpp"

namespace chat {

class OwnEfk {
  public:
    /// Index 0, from the key exchange.
    explicit OwnEfk(std::unique_ptr<CellSigner> signer);

    [[nodiscard]] u32 index() const { return index_; }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const { return signer_->public_key(); }
    [[nodiscard]] u64 cells_signed() const { return cells_signed_; }
    [[nodiscard]] bool is_announced() const { return announced_ != nullptr; }

    [[nodiscard]] falcon1024::PaddedSignature sign_cell(const CellOrigin& origin, EncryptedHeaderView header,
                                                        EncryptedBodyView body, Rng& rng) const;
    void count_cell() noexcept { ++cells_signed_; }

    /// Signs the announcement of `next` with the present key and keeps `next` until activate().
    [[nodiscard]] EfkAnnouncementBytes announce(const CellOrigin& origin, std::unique_ptr<CellSigner> next,
                                                Rng& rng);
    void activate();

  private:
    u32 index_ = 0;
    u64 cells_signed_ = 0;
    std::unique_ptr<CellSigner> signer_;
    VerificationKeyHash hash_;
    std::unique_ptr<CellSigner> announced_;
};

}  // namespace chat
