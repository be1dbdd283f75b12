#include "double_ratchet/signed_bytes.hpp"

#include "crypto/canonical_hash.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

constexpr std::size_t head_size(std::string_view label) {
    return 4 + label.size() + 4 + info::suite.size() + EfkHash::size + 1 + CellOrigin::encoded_size;
}

void write_head(WireWriter& out, std::string_view label, const EfkHash& signer, const CellOrigin& origin) {
    out.write_u32(static_cast<u32>(label.size())).write(bytes_of(label));
    out.write_u32(static_cast<u32>(info::suite.size())).write(bytes_of(info::suite));
    out.write(signer.bytes).write_u8(static_cast<u8>(origin.sender));
    origin.write_to(out);
}

}  // namespace

EfkHash hash_of(const falcon1024::PublicKey& key) {
    return {CanonicalHash{info::verification_key_hash}.variable(key.bytes).digest().bytes};
}

Bytes signed_cell_bytes(const EfkHash& signer, const CellOrigin& origin, EncryptedHeaderView header,
                        EncryptedBodyView body) {
    Bytes bytes(head_size(info::cell_signature) + header.size() + body.size());
    WireWriter out{bytes};
    write_head(out, info::cell_signature, signer, origin);
    out.write(header).write(body);
    return bytes;
}

Bytes signed_announcement_bytes(const EfkHash& signer, const CellOrigin& origin, u32 index,
                                const falcon1024::PublicKey& announced) {
    Bytes bytes(head_size(info::efk_announcement) + sizeof index + announced.bytes.size());
    WireWriter out{bytes};
    write_head(out, info::efk_announcement, signer, origin);
    out.write_u32(index).write(announced.bytes);
    return bytes;
}

}  // namespace chat
