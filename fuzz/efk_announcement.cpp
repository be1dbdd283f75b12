// A peer's announcement of a new signing key: what decodes is written back as it was, none is accepted that the old key did not sign,
// and the honest one is accepted afterwards. With FALCON: a fuzzer sees through the stand-in of the simulations and forges it.

#include <cstdlib>

#include "double_ratchet/falcon_cell_signer.hpp"
#include "double_ratchet/own_efk.hpp"
#include "double_ratchet/peer_efks.hpp"
#include "support/seeded_rng.hpp"

using namespace chat;  // NOLINT: a program of its own

namespace {

std::unique_ptr<CellSigner> signer(Rng& rng) {
    const falcon1024::KeyPair pair = falcon1024::generate_key_pair(rng);
    return std::make_unique<FalconCellSigner>(falcon1024::ExpandedSigningKey{pair.secret_key},
                                              pair.public_key);
}

/// An old key and its announcement of a new one; the same in every run.
struct Announced {
    test::SeededRng rng{1};
    CellOrigin origin{rng.bytes<SessionIdBytes>(), Role::a};
    OwnEfk own{signer(rng)};
    EfkAnnouncementBytes honest = own.announce(origin, signer(rng), rng);
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    static const Announced announced;  // made once: key generation is slow
    const ByteView input{data, size};
    if (const auto announcement = EfkAnnouncement::decode(input)) {
        const auto again = announcement->encode();
        if (!std::equal(input.begin(), input.end(), again.bytes.begin(), again.bytes.end())) std::abort();
    } else if (size == efk_announcement_size) {
        std::abort();
    }
    const FalconCellVerifierLoader loader;
    PeerEfks peer{loader.load(announced.own.public_key()), loader, 8};
    const ByteView honest{announced.honest.bytes};
    const bool is_honest = std::equal(input.begin(), input.end(), honest.begin(), honest.end());
    if (peer.accept_announcement(announced.origin, input).has_value() != is_honest) std::abort();
    if (peer.accept_announcement(announced.origin, honest).has_value() == is_honest) std::abort();
    return 0;
}
