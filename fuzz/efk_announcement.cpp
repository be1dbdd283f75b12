// A peer's announcement of a new signing key: what decodes is written back as it was, none is accepted that the old key did not sign,
// and the honest one is accepted afterwards.

#include <cstdlib>

#include "double_ratchet/own_efk.hpp"
#include "double_ratchet/peer_efks.hpp"
#include "support/mac_cell_signer.hpp"
#include "support/seeded_rng.hpp"

using namespace chat;  // NOLINT: a program of its own

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    const ByteView input{data, size};
    if (const auto announcement = EfkAnnouncement::decode(input)) {
        const auto again = announcement->encode();
        if (!std::equal(input.begin(), input.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    } else if (size == efk_announcement_size) {
        std::abort();
    }
    test::SeededRng rng{1};
    const CellOrigin origin{rng.bytes<SessionIdBytes>(), Role::a};
    const test::MacCellVerifierLoader loader;
    const falcon1024::PublicKey key = test::mac_public_key(rng);
    OwnEfk own{std::make_unique<test::MacCellSigner>(key)};
    PeerEfks peer{std::make_unique<test::MacCellVerifier>(key), loader, 8};
    const auto honest = own.announce(origin, std::make_unique<test::MacCellSigner>(rng), rng);
    const bool is_honest = std::equal(input.begin(), input.end(), honest.bytes.begin(), honest.bytes.end());
    if (peer.accept_announcement(origin, input).has_value() != is_honest) std::abort();
    if (peer.accept_announcement(origin, honest.bytes).has_value() == is_honest) std::abort();
    return 0;
}
