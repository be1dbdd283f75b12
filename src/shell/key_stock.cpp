#include "shell/key_stock.hpp"

namespace chat {

KeyStock::KeyStock(Loop& loop, Rng& rng, RngSource worker_rng, IdentitySource identities)
    : loop_{loop}, rng_{rng}, worker_rng_{std::move(worker_rng)}, identities_{std::move(identities)} {
    for (std::size_t i = 0; i < certificates; ++i) order_certificate();
    for (std::size_t i = 0; i < signing_pairs; ++i) order_pair();
}

void KeyStock::order_pair() {
    using Made = std::shared_ptr<EphemeralSigningPair>;
    loop_.in_background<Made>(
        [source = worker_rng_] {
            const auto rng = source();
            return std::make_shared<EphemeralSigningPair>(make_ephemeral_signing_pair(*rng));
        },
        [shelves = std::weak_ptr{shelves_}](const Made& made) {
            if (const auto target = shelves.lock()) target->pairs.push_back(std::move(*made));
        });
}

void KeyStock::order_certificate() {
    using Made = std::shared_ptr<ChannelCertificate>;
    loop_.in_background<Made>(
        [source = worker_rng_, wall = loop_.wall_now()] {
            const auto rng = source();
            return std::make_shared<ChannelCertificate>(make_channel_certificate(*rng, wall));
        },
        [shelves = std::weak_ptr{shelves_}](const Made& made) {
            if (const auto target = shelves.lock()) target->certificates.push_back(std::move(*made));
        });
}

EphemeralSigningPair KeyStock::take_ephemeral_pair() {
    order_pair();
    if (shelves_->pairs.empty()) return make_ephemeral_signing_pair(rng_);
    EphemeralSigningPair out = std::move(shelves_->pairs.front());
    shelves_->pairs.pop_front();
    return out;
}

ChannelCertificate KeyStock::take_certificate() {
    order_certificate();
    if (shelves_->certificates.empty()) return make_channel_certificate(rng_, loop_.wall_now());
    ChannelCertificate out = std::move(shelves_->certificates.front());
    shelves_->certificates.pop_front();
    return out;
}

CellSigningKey KeyStock::take_cell_signing_key() {
    EphemeralSigningPair pair = take_ephemeral_pair();
    return {std::move(pair.seed),
            std::make_unique<FalconCellSigner>(std::move(pair.signing_key), pair.public_key)};
}

}  // namespace chat
