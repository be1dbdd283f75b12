#include "ca_services/bootstrap_listener.hpp"

#include <cassert>

#include "base/wire_writer.hpp"
#include "ca_services/bootstrap_frames.hpp"

namespace chat {

Result<OpenedHello::Sealed, BootstrapError> OpenedHello::seal_reply(BootstrapStatus status,
                                                                    ByteView certificate, Rng& rng) const {
    // Checked before anything is drawn or computed with it.
    if (!mlkem1024::check_encapsulation_key(peer_kem_)) return fail(BootstrapError::bad_encapsulation_key);
    const auto own_dh = x25519::generate(rng);
    const auto dh = x25519::agree(own_dh.private_key, peer_dh_);
    if (!dh) return fail(BootstrapError::all_zero_dh);
    const auto kem = mlkem1024::encapsulate(peer_kem_, rng);
    if (!kem) return fail(BootstrapError::bad_encapsulation_key);
    std::array<u8, bootstrap::nonce_size> nonce{};
    rng.fill(nonce);

    auto keys = bootstrap::derive_new_keys(
        {psk_, *dh, kem->shared_secret, hello_, nonce, own_dh.public_key, kem->ciphertext});
    Bytes plaintext(bootstrap::reply_plaintext_size);
    WireWriter out{plaintext};
    out.write(own_dh.public_key.view()).write(kem->ciphertext.view());
    bootstrap::seal_inner(keys.from_listener.expose(), status, certificate,
                          out.take(bootstrap::sealed_inner_size));
    Bytes reply(bootstrap_reply_size);
    bootstrap::seal_frame(bootstrap::derive_reply_key(psk_, own_role_, hello_).expose(), nonce, plaintext,
                          reply);
    return Sealed{std::move(keys.from_dialler), std::move(keys.secret), std::move(reply)};
}

Result<OpenedHello::Replied, BootstrapError> OpenedHello::reply(const CertificateDer& own_certificate,
                                                                Rng& rng) && {
    const OpenedHello self = std::move(*this);
    assert(self.standing_ == SecretStanding::live);
    auto sealed = self.seal_reply(BootstrapStatus::go_on, own_certificate.view(), rng);
    if (!sealed) return fail(sealed.error());
    AwaitingFinish next;
    next.secret_id_ = self.secret_id_;
    next.kind_ = self.kind_;
    next.certificate_key_ = std::move(sealed->certificate_key);
    next.secret_ = std::move(sealed->secret);
    next.hello_ = self.hello_;
    next.reply_ = sealed->reply;
    return Replied{std::move(next), std::move(sealed->reply)};
}

Result<Bytes, BootstrapError> OpenedHello::refuse(BootstrapStatus why, Rng& rng) && {
    const OpenedHello self = std::move(*this);
    assert(why != BootstrapStatus::go_on);
    auto sealed = self.seal_reply(why, {}, rng);
    if (!sealed) return fail(sealed.error());
    return std::move(sealed->reply);
}

Result<AcceptedDialler, BootstrapError> AwaitingFinish::accept_finish(ByteView finish) && {
    AwaitingFinish self = std::move(*this);
    if (finish.size() != bootstrap_finish_size) return fail(BootstrapError::wrong_length);
    auto inner = bootstrap::open_inner(self.certificate_key_.expose(), finish);
    if (!inner) return fail(inner.error());
    if (inner->status != BootstrapStatus::go_on) return fail(BootstrapError::unknown_status);
    BootstrapDone done{std::move(*inner->certificate), std::move(self.secret_),
                       bootstrap::transcript_of(self.hello_, self.reply_, finish)};
    return AcceptedDialler{std::move(done), self.secret_id_, self.kind_};
}

}  // namespace chat
