#include "ca_services/bootstrap_frames.hpp"

#include <algorithm>
#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/canonical_hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat::bootstrap {
namespace {

/// Each certificate key seals one message, so the counter never leaves 0.
constexpr std::array<u8, ChaCha20Poly1305::nonce_size> first_nonce{};

Result<InnerPart, BootstrapError> read_inner(ByteView inner) {
    WireReader in{inner};
    const u8 status = in.read_u8();
    const u16 length = in.read_u16();
    if (status > static_cast<u8>(BootstrapStatus::busy)) return fail(BootstrapError::unknown_status);
    const bool goes_on = status == static_cast<u8>(BootstrapStatus::go_on);
    if (goes_on != (length > 0) || length > max_certificate_size) {
        return fail(BootstrapError::certificate_length);
    }
    const ByteView certificate = in.read(length);
    const ByteView padding = in.read(in.remaining());
    if (std::any_of(padding.begin(), padding.end(), [](u8 byte) { return byte != 0; })) {
        return fail(BootstrapError::nonzero_padding);
    }
    InnerPart out{static_cast<BootstrapStatus>(status), std::nullopt};
    if (goes_on) {
        auto read = read_certificate(certificate);
        if (!read) return fail(BootstrapError::certificate_malformed);
        out.certificate = std::move(*read);
    }
    return out;
}

}  // namespace

HelloKey derive_hello_key(const PresharedSecret& psk, Role sender) {
    HelloKey key;
    hkdf_sha256({}, psk.expose(), sender == Role::a ? info::hello_key_a : info::hello_key_b,
                key.expose_mutable());
    return key;
}

Sha512Digest hash_hello(ByteView hello) { return CanonicalHash{info::hello_hash}.fixed(hello).digest(); }

ReplyKey derive_reply_key(const PresharedSecret& psk, Role sender, ByteView hello) {
    ReplyKey key;
    hkdf_sha256(hash_hello(hello).view(), psk.expose(),
                sender == Role::a ? info::reply_key_a : info::reply_key_b, key.expose_mutable());
    return key;
}

void seal_frame(AeadKeyView key, XChaCha20Poly1305::NonceView nonce, ByteView plaintext,
                MutableByteView out) {
    assert(out.size() == plaintext.size() + frame_overhead);
    std::copy(nonce.begin(), nonce.end(), out.begin());
    XChaCha20Poly1305::seal(key, nonce, {}, plaintext, out.subspan(nonce_size));
}

Result<void, BootstrapError> open_frame(AeadKeyView key, ByteView frame, MutableByteView out) {
    assert(frame.size() == out.size() + frame_overhead);
    if (!XChaCha20Poly1305::open(key, frame.first<nonce_size>(), {}, frame.subspan(nonce_size), out)) {
        return fail(BootstrapError::unreadable);
    }
    return {};
}

NewKeys derive_new_keys(const Agreement& agreement) {
    const Sha512Digest salt = CanonicalHash{info::bootstrap_extract}
                                  .fixed(agreement.hello)
                                  .fixed(agreement.reply_nonce)
                                  .fixed(agreement.listener_dh.view())
                                  .fixed(agreement.ciphertext.view())
                                  .digest();
    const HkdfSha256Prk prk = hkdf_extract_sha256(
        salt.view(), {agreement.psk.expose(), agreement.dh.expose(), agreement.kem.expose()});
    NewKeys keys;
    hkdf_expand_sha256(prk.expose(), info::certificate_key_from_listener,
                       keys.from_listener.expose_mutable());
    hkdf_expand_sha256(prk.expose(), info::certificate_key_from_dialler, keys.from_dialler.expose_mutable());
    hkdf_expand_sha256(prk.expose(), info::bootstrap_secret, keys.secret.expose_mutable());
    return keys;
}

BootstrapTranscript transcript_of(ByteView hello, ByteView reply, ByteView finish) {
    const Sha512Digest digest =
        CanonicalHash{info::bootstrap_transcript}.fixed(hello).fixed(reply).fixed(finish).digest();
    return BootstrapTranscript::from(digest.view());
}

void seal_inner(AeadKeyView key, BootstrapStatus status, ByteView certificate, MutableByteView out) {
    assert(out.size() == sealed_inner_size && certificate.size() <= max_certificate_size);
    assert((status == BootstrapStatus::go_on) != certificate.empty());
    Bytes inner(inner_size);
    WireWriter{inner}
        .write_u8(static_cast<u8>(status))
        .write_u16(static_cast<u16>(certificate.size()))
        .write(certificate);
    ChaCha20Poly1305::seal(key, first_nonce, {}, inner, out);
}

Result<InnerPart, BootstrapError> open_inner(AeadKeyView key, ByteView sealed) {
    assert(sealed.size() == sealed_inner_size);
    Bytes inner(inner_size);
    if (!ChaCha20Poly1305::open(key, first_nonce, {}, sealed, inner)) return fail(BootstrapError::unreadable);
    return read_inner(inner);
}

}  // namespace chat::bootstrap
