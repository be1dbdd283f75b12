// A peer with all the keys may write anything into a header. The input is its plaintext: it decodes to what encodes the same, and a
// receiver of it in a properly sealed and signed cell refuses it, or opens it when it says what an honest header would, and goes on.

#include <cstdlib>

#include "support/handmade_peer.hpp"
#include "support/seeded_rng.hpp"

using namespace chat;  // NOLINT: a program of its own

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    if (size > header_size) return 0;
    HeaderBytes bytes;
    std::copy_n(data, size,
                bytes.bytes.end() - static_cast<std::ptrdiff_t>(size));  // numbers stand at the end
    const RatchetHeader header = decode_header(bytes);
    if (encode_header(header.chain, header.index, header.efk_index) != bytes) std::abort();

    test::SeededRng rng{1};
    const test::SessionSecrets secrets{rng};
    const test::MacCellVerifierLoader loader;
    test::HandmadePeer a{secrets, rng};
    Ratchet b = Ratchet::start_b(secrets.ratchet_inputs(Role::b, loader), secrets.clone_first_keys());
    const auto open = [&](const Cell& cell) {
        std::array<u8, body_size> body{};
        auto draft = b.open(cell.bytes, Time{}, body);
        if (!draft) return false;
        b.commit(std::move(*draft), Time{});
        return true;
    };
    for (u32 number = 0; number < 2; ++number) {  // as the first cell of a chain, then within it
        test::CellForgery lie;
        lie.header = [&](RatchetHeader& honest) {
            const ChainFields fields = honest.chain;
            honest = header;
            if (size <= 16) honest.chain = fields;  // a short input lies about the numbers alone
        };
        const bool accepted = open(a.cell(number, lie));
        if (!accepted && !open(a.cell(number))) std::abort();
    }
    return 0;
}
