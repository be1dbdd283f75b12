#include "double_ratchet/body.hpp"

#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

/// AES-256 key and nonce.
class BodyKey {
  public:
    template <class Direction>
    explicit BodyKey(const MessageKey<Direction>& key) {
        hkdf_sha512({}, key.expose(), info::message_key_expansion, bytes_.expose_mutable());
    }

    [[nodiscard]] AeadKeyView key() const { return bytes_.expose().first<Aes256Gcm::key_size>(); }
    [[nodiscard]] Aes256Gcm::NonceView nonce() const { return bytes_.expose().last<Aes256Gcm::nonce_size>(); }

  private:
    Secret<struct BodyKeyTag, Aes256Gcm::key_size + Aes256Gcm::nonce_size> bytes_;
};

using BodyAd = std::array<u8, labelled_origin_size(info::body_ad) + encrypted_header_size>;

BodyAd associated_data(const CellOrigin& origin, EncryptedHeaderView header) {
    BodyAd ad;
    WireWriter out{ad};
    write_labelled_origin(out, info::body_ad, origin);
    out.write(header);
    return ad;
}

}  // namespace

void seal_body(const MessageKey<Sending>& key, const CellOrigin& origin, EncryptedHeaderView header,
               std::span<const u8, body_size> body, std::span<u8, encrypted_body_size> out,
               SealObserver* observer) {
    const BodyKey body_key{key};
    if (observer != nullptr) observer->sealing(SealLayer::body, body_key.key(), body_key.nonce());
    Aes256Gcm::seal(body_key.key(), body_key.nonce(), associated_data(origin, header), body, out);
}

bool open_body(const MessageKey<Receiving>& key, const CellOrigin& origin, EncryptedHeaderView header,
               EncryptedBodyView sealed, std::span<u8, body_size> out) {
    const BodyKey body_key{key};
    return Aes256Gcm::open(body_key.key(), body_key.nonce(), associated_data(origin, header), sealed, out)
        .has_value();
}

}  // namespace chat
