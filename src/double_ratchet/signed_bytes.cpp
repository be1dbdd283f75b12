#include "double_ratchet/signed_bytes.hpp"

#include "base/wire_writer.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

SignedMessage begin(std::string_view label, const VerificationKeyHash& signer, const CellOrigin& origin) {
    std::array<u8, CellOrigin::encoded_size> encoded{};
    WireWriter out{encoded};
    origin.write_to(out);
    SignedMessage message{label, signer, origin.sender};
    message.fixed(encoded);
    return message;
}

}  // namespace

Bytes signed_cell_bytes(const VerificationKeyHash& signer, const CellOrigin& origin,
                        EncryptedHeaderView header, EncryptedBodyView body) {
    SignedMessage message = begin(info::cell_signature, signer, origin);
    message.fixed(header).fixed(body);
    return std::move(message).take();
}

Bytes signed_announcement_bytes(const VerificationKeyHash& signer, const CellOrigin& origin, u32 index,
                                const falcon1024::PublicKey& announced) {
    SignedMessage message = begin(info::efk_announcement, signer, origin);
    message.fixed_u32(index).fixed(announced.bytes);
    return std::move(message).take();
}

}  // namespace chat
