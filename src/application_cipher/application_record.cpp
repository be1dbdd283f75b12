#include "application_cipher/application_record.hpp"

#include <cassert>

#include "base/wire_writer.hpp"
#include "crypto/aead.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

static_assert(application_nonce_size == XChaCha20Poly1305::nonce_size);
static_assert(application_tag_size == XChaCha20Poly1305::tag_size);

constexpr std::size_t ad_size = 4 + info::application_ad.size() + SessionIdBytes::size + 1 + 4 + 4;

/// u32 length | label | session id 32 | direction u8 (the sender's role) | epoch u32 | number u32.
std::array<u8, ad_size> associated_data(const ApplicationRecordPlace& place) {
    std::array<u8, ad_size> ad{};
    WireWriter out{ad};
    out.write_u32(static_cast<u32>(info::application_ad.size())).write(bytes_of(info::application_ad));
    out.write(place.session_id.bytes).write_u8(static_cast<u8>(place.sender));
    out.write_u32(place.index.epoch).write_u32(place.index.number);
    assert(out.remaining() == 0);
    return ad;
}

}  // namespace

void seal_record(const ApplicationMessageKey<Sending>& key, const ApplicationRecordPlace& place,
                 ApplicationPlaintextView plaintext, Rng& rng, std::span<u8, sealed_application_size> out) {
    const auto nonce = out.first<application_nonce_size>();
    rng.fill(nonce);
    XChaCha20Poly1305::seal_detached(key.expose(), nonce, associated_data(place), plaintext,
                                     out.last<application_plaintext_size>(),
                                     out.subspan<application_nonce_size, application_tag_size>());
}

bool open_record(const ApplicationMessageKey<Receiving>& key, const ApplicationRecordPlace& place,
                 SealedApplicationView sealed, std::span<u8, application_plaintext_size> out) {
    return XChaCha20Poly1305::open_detached(key.expose(), sealed.first<application_nonce_size>(),
                                            associated_data(place), sealed.last<application_plaintext_size>(),
                                            sealed.subspan<application_nonce_size, application_tag_size>(),
                                            out)
        .has_value();
}

}  // namespace chat
