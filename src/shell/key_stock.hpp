#pragma once
/// Keys and certificates made ahead on the worker thread, so that a handshake does not wait for their generation. What is taken
/// is replaced in the background; an empty stock makes the thing on the spot.

#include <deque>
#include <functional>

#include "double_ratchet/falcon_cell_signer.hpp"
#include "secure_p2p/key_supply.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class KeyStock final : public KeySupply {
  public:
    /// Ready for one handshake and one replacement: more would only lock more memory (165 KiB a signing key).
    static constexpr std::size_t signing_pairs = 2;
    static constexpr std::size_t certificates = 2;

    /// Makes a fresh ephemeral identity, or gives null when identities are kept. Called on the loop's thread.
    using IdentitySource = std::function<std::shared_ptr<IdentityKeys>()>;
    /// Makes an Rng for one job of the worker thread.
    using RngSource = std::function<std::unique_ptr<Rng>()>;

    /// Begins to fill at once. `loop` and `rng` outlive the stock.
    KeyStock(Loop& loop, Rng& rng, RngSource worker_rng, IdentitySource identities);

    [[nodiscard]] EphemeralSigningPair take_ephemeral_pair() override;
    [[nodiscard]] ChannelCertificate take_certificate() override;
    [[nodiscard]] CellSigningKey take_cell_signing_key() override;
    [[nodiscard]] std::shared_ptr<IdentityKeys> take_identity() override { return identities_(); }
    [[nodiscard]] const CellVerifierLoader& verifiers() const override { return verifiers_; }

  private:
    /// Shared with deliveries that may come after the stock is gone.
    struct Shelves {
        std::deque<EphemeralSigningPair> pairs;
        std::deque<ChannelCertificate> certificates;
    };
    void order_pair();
    void order_certificate();

    Loop& loop_;
    Rng& rng_;
    RngSource worker_rng_;
    IdentitySource identities_;
    FalconCellVerifierLoader verifiers_;
    std::shared_ptr<Shelves> shelves_ = std::make_shared<Shelves>();
};

}  // namespace chat
