#include "double_ratchet/own_efk.hpp"

#include <cassert>

namespace chat {

OwnEfk::OwnEfk(std::unique_ptr<CellSigner> signer)
    : signer_{std::move(signer)}, hash_{verification_key_hash(signer_->public_key().view())} {}

falcon1024::PaddedSignature OwnEfk::sign_cell(const CellOrigin& origin, EncryptedHeaderView header,
                                              EncryptedBodyView body, Rng& rng) const {
    return signer_->sign(signed_cell_bytes(hash_, origin, header, body), rng);
}

EfkAnnouncementBytes OwnEfk::announce(const CellOrigin& origin, std::unique_ptr<CellSigner> next, Rng& rng) {
    assert(!is_announced());
    EfkAnnouncement announcement{index_ + 1, next->public_key(), {}};
    announcement.signature = signer_->sign(
        signed_announcement_bytes(hash_, origin, announcement.index, announcement.public_key), rng);
    announced_ = std::move(next);
    return announcement.encode();
}

void OwnEfk::activate() {
    assert(is_announced());
    hash_ = verification_key_hash(announced_->public_key().view());
    signer_ = std::move(announced_);
    ++index_;
    cells_signed_ = 0;
}

}  // namespace chat
