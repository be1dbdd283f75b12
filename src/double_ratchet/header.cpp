#include "double_ratchet/header.hpp"

#include <cassert>

#include "base/wire_reader.hpp"
#include "crypto/aead.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

using HeaderAd = std::array<u8, labelled_origin_size(info::header_ad)>;

HeaderAd associated_data(const CellOrigin& origin) {
    HeaderAd ad{};
    WireWriter out{ad};
    write_labelled_origin(out, info::header_ad, origin);
    return ad;
}

}  // namespace

HeaderBytes encode_header(const ChainFields& chain, CellIndex index, u32 efk_index) {
    HeaderBytes bytes;
    WireWriter out{bytes.bytes};
    out.write(chain.keys.dh.bytes).write(chain.keys.kem.bytes).write(chain.ciphertext.bytes);
    out.write_u32(chain.previous_length).write_u32(index.number).write_u32(index.epoch).write_u32(efk_index);
    assert(out.remaining() == 0);
    return bytes;
}

RatchetHeader decode_header(const HeaderBytes& bytes) {
    WireReader in{bytes.bytes};
    RatchetHeader header;
    in.read_into(header.chain.keys.dh.bytes);
    in.read_into(header.chain.keys.kem.bytes);
    in.read_into(header.chain.ciphertext.bytes);
    header.chain.previous_length = in.read_u32();
    header.index.number = in.read_u32();
    header.index.epoch = in.read_u32();
    header.efk_index = in.read_u32();
    assert(in.ok_at_end());
    return header;
}

void seal_header(const HeaderKey<Sending>& key, const CellOrigin& origin, const HeaderNonce& nonce,
                 const HeaderBytes& header, std::span<u8, encrypted_header_size> out) {
    std::copy(nonce.bytes.begin(), nonce.bytes.end(), out.begin());
    XChaCha20Poly1305::seal(key.expose(), nonce.view(), associated_data(origin), header.bytes,
                            out.subspan<HeaderNonce::size>());
}

bool open_header(const HeaderKey<Receiving>& key, const CellOrigin& origin, EncryptedHeaderView sealed,
                 HeaderBytes& out) {
    return XChaCha20Poly1305::open(key.expose(), sealed.first<HeaderNonce::size>(), associated_data(origin),
                                   sealed.subspan<HeaderNonce::size>(), out.bytes)
        .has_value();
}

}  // namespace chat
