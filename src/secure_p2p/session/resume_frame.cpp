#include "secure_p2p/session/resume_frame.hpp"

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/aead.hpp"
#include "crypto/canonical_hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

constexpr std::size_t plaintext_size =
    resume_frame_size - XChaCha20Poly1305::nonce_size - XChaCha20Poly1305::tag_size;

std::string_view key_label(Role sender) {
    return sender == Role::a ? info::resume_frame_key_a : info::resume_frame_key_b;
}

}  // namespace

std::string_view describe(ResumeError error) {
    switch (error) {
        case ResumeError::wrong_length: return "a resume frame has the wrong length";
        case ResumeError::unreadable: return "a resume frame does not belong to this session and connection";
        case ResumeError::old_attempt: return "a resume frame is of an old attempt";
        case ResumeError::acknowledged_too_much: return "a resume frame acknowledges what was never sent";
    }
    return "";
}

ResumeFrames::ResumeFrames(Role own_role, const SessionIdBytes& session_id, const RootKey& root_key)
    : session_id_{session_id} {
    hkdf_expand_sha512(root_key.expose(), key_label(own_role), send_key_.expose_mutable());
    hkdf_expand_sha512(root_key.expose(), key_label(other(own_role)), receive_key_.expose_mutable());
}

Bytes ResumeFrames::associated_data(const TlsExporter& exporter) const {
    const auto exporter_hash = CanonicalHash{info::tls_exporter_hash}.fixed(exporter.view()).digest();
    Bytes out(4 + info::resume_frame_ad.size() + SessionIdBytes::size + Sha512Digest::size);
    WireWriter{out}
        .write_u32(static_cast<u32>(info::resume_frame_ad.size()))
        .write(bytes_of(info::resume_frame_ad))
        .write(session_id_.view())
        .write(exporter_hash.view());
    return out;
}

ResumeFrameBytes ResumeFrames::seal(const ResumeFrame& frame, const TlsExporter& exporter, Rng& rng) const {
    ResumeFrameBytes out;
    rng.fill(out.bytes);
    const std::span<u8, resume_frame_size> bytes{out.bytes};
    WireWriter{bytes.subspan(XChaCha20Poly1305::nonce_size, 16)}
        .write_u64(frame.attempt)
        .write_u64(frame.acknowledged);
    XChaCha20Poly1305::seal(send_key_.expose(), bytes.first<XChaCha20Poly1305::nonce_size>(),
                            associated_data(exporter),
                            bytes.subspan(XChaCha20Poly1305::nonce_size, plaintext_size),
                            bytes.subspan(XChaCha20Poly1305::nonce_size));
    return out;
}

Result<ResumeFrame, ResumeError> ResumeFrames::open(ByteView bytes, const TlsExporter& exporter) const {
    if (bytes.size() != resume_frame_size) return fail(ResumeError::wrong_length);
    std::array<u8, plaintext_size> plaintext{};
    const auto opened = XChaCha20Poly1305::open(
        receive_key_.expose(), bytes.first<XChaCha20Poly1305::nonce_size>(), associated_data(exporter),
        bytes.subspan(XChaCha20Poly1305::nonce_size), plaintext);
    if (!opened) return fail(ResumeError::unreadable);
    const WipeOnExit wipe{plaintext};
    WireReader reader{plaintext};
    ResumeFrame out;
    out.attempt = reader.read_u64();
    out.acknowledged = reader.read_u64();
    return out;
}

PresharedSecret derive_resume_secret(const SessionIdBytes& session_id, const BootstrapSecret& bootstrap) {
    PresharedSecret out;
    hkdf_sha256(session_id.view(), bootstrap.expose(), info::resume_secret, out.expose_mutable());
    return out;
}

}  // namespace chat
