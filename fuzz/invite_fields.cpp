// The fields of an invite behind a right checksum: the input is what an attacker with a working encoder writes into one.

#include <cstdlib>

#include "base/wire_writer.hpp"
#include "crypto/base32.hpp"
#include "crypto/hash.hpp"
#include "crypto/info.hpp"
#include "p2p_core/invite.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    using namespace chat;
    if (size > 5000) return 0;
    Bytes fields{data, data + size};
    std::array<u8, 4> label_size{};
    std::array<u8, 4> fields_size{};
    WireWriter{label_size}.write_u32(static_cast<u32>(info::invite_checksum.size()));
    WireWriter{fields_size}.write_u32(static_cast<u32>(size));
    const auto digest = sha256({label_size, bytes_of(info::invite_checksum), fields_size, fields});
    append(fields, ByteView{digest.bytes}.first(4));
    const std::string text = "P2P1:" + base32_encode(fields);
    const auto invite = decode_invite(bytes_of(text));
    if (!invite) return 0;
    const auto again = encode(*invite);
    // One text for one invite: reading and writing gives the same characters.
    if (!again || !std::equal(text.begin(), text.end(), again->expose().begin(), again->expose().end()))
        std::abort();
    return 0;
}
