// What a stranger sends to a host with a live invite, cut into any pieces: never a byte back, never more than the bounds in memory.

#include <cstdlib>

#include "double_ratchet/falcon_cell_signer.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "secure_p2p/node/node.hpp"
#include "support/seeded_rng.hpp"

using namespace chat;  // NOLINT: a program of its own

namespace {

/// No stranger gets far enough for a key to be taken.
class NoKeys final : public KeySupply {
  public:
    [[nodiscard]] EphemeralSigningPair take_ephemeral_pair() override { std::abort(); }
    [[nodiscard]] ChannelCertificate take_certificate() override { std::abort(); }
    [[nodiscard]] CellSigningKey take_cell_signing_key() override { std::abort(); }
    [[nodiscard]] std::shared_ptr<IdentityKeys> take_identity() override { std::abort(); }
    [[nodiscard]] const CellVerifierLoader& verifiers() const override { return loader_; }

  private:
    FalconCellVerifierLoader loader_;
};

struct Host {
    test::SeededRng rng{1};
    NoKeys supply;
    TlsContext tls;
    Node node{{}, rng, supply, tls, SoftwareIdentityKeys::generate(rng)};
    StreamId next = 1;
    Time now{std::chrono::seconds{1000}};

    Host() {
        const auto secret = rng.secret<PresharedSecret>();
        if (!node.offer_invite(secret, WallTime{std::chrono::hours{1'000'000}}, InviteUse::single))
            std::abort();
    }
    void drain() {
        while (const auto output = node.poll()) {
            if (std::holds_alternative<Transmit>(*output)) std::abort();
        }
    }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    static Host host;
    ByteView input{data, size};
    const StreamId stream = host.next++;
    host.now += std::chrono::milliseconds{10};
    NetworkKey network;
    network.bytes[0] = static_cast<u8>(size);
    host.node.stream_accepted(stream, network, host.now);
    while (!input.empty()) {
        const std::size_t piece = std::min<std::size_t>(input.size(), 1U + input[0] * 16U);
        host.node.receive(stream, input.first(piece), host.now);
        input = input.subspan(piece);
        host.drain();
    }
    host.node.tick(host.now, WallTime{});
    host.drain();
    if (host.node.status().held > 256) std::abort();
    return 0;
}
