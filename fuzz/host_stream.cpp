// What a stranger sends to a host with a live invite, cut into any pieces: never a byte back, never more than the bounds in memory.

#include <cstdlib>

#include "hybrid_kex/software_identity_keys.hpp"
#include "simulation/node_world.hpp"
#include "support/seeded_rng.hpp"

using namespace chat;  // NOLINT: a program of its own

namespace {

struct Host {
    test::SeededRng rng{1};
    test::NodeKeySupply supply{rng, test::StoredPair::efk_b, {}};
    TlsContext tls;
    Node node{{}, rng, supply, tls, test::stored_identity(test::StoredPair::identity_b, rng)};
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
