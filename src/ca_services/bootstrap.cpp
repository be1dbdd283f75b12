#include "ca_services/bootstrap.hpp"

#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "ca_services/bootstrap_frames.hpp"

namespace chat {
namespace {

BootstrapError as_error(BootstrapStatus status) {
    switch (status) {
        case BootstrapStatus::spent: return BootstrapError::spent;
        case BootstrapStatus::expired: return BootstrapError::expired;
        case BootstrapStatus::busy: return BootstrapError::busy;
        case BootstrapStatus::go_on: break;
    }
    assert(false && "go_on is no refusal");
    return BootstrapError::unknown_status;
}

Bytes make_hello(const PresharedSecret& psk, Role own_role, const X25519PublicKey& dh,
                 const MlKem1024EncapsulationKey& kem, Rng& rng) {
    std::array<u8, bootstrap::hello_plaintext_size> plaintext{};
    WireWriter out{plaintext};
    out.write_u8(bootstrap::version).write(dh.view()).write(kem.view());
    rng.fill(out.take(bootstrap::hello_random_size));
    std::array<u8, bootstrap::nonce_size> nonce{};
    rng.fill(nonce);
    Bytes hello(bootstrap_hello_size);
    bootstrap::seal_frame(bootstrap::derive_hello_key(psk, own_role).expose(), nonce, plaintext, hello);
    return hello;
}

}  // namespace

BootstrapDialler::Started BootstrapDialler::start(const PresharedSecret& secret, Role own_role,
                                                  const CertificateDer& own_certificate, Rng& rng) {
    // A guest with an invite must never fall back to the secret that everybody knows.
    assert(!secret.equals(PresharedSecret{}));
    return start_under(secret, own_role, own_certificate, rng);
}

BootstrapDialler::Started BootstrapDialler::start_under(const PresharedSecret& secret, Role own_role,
                                                        const CertificateDer& own_certificate, Rng& rng) {
    const ByteView certificate = own_certificate.view();
    AwaitingReply state;
    state.own_role_ = own_role;
    state.psk_ = secret.clone();
    state.dh_ = x25519::generate(rng);
    auto kem = mlkem1024::generate(rng);
    state.kem_seed_ = std::move(kem.seed);
    state.own_certificate_.assign(certificate.begin(), certificate.end());
    state.hello_ = make_hello(secret, own_role, state.dh_.public_key, kem.encapsulation_key, rng);
    Bytes hello = state.hello_;
    return {std::move(state), std::move(hello)};
}

BootstrapDialler::Started BootstrapDialler::start_open(const CertificateDer& own_certificate, Rng& rng) {
    return start_under(PresharedSecret{}, Role::a, own_certificate, rng);
}

Result<AwaitingReply::Finished, BootstrapError> AwaitingReply::accept_reply(ByteView reply) && {
    // Whatever the outcome, the ephemeral keys die with this call.
    const AwaitingReply self = std::move(*this);
    if (reply.size() != bootstrap_reply_size) return fail(BootstrapError::wrong_length);
    Bytes plaintext(bootstrap::reply_plaintext_size);
    const auto reply_key = bootstrap::derive_reply_key(self.psk_, other(self.own_role_), self.hello_);
    if (auto opened = bootstrap::open_frame(reply_key.expose(), reply, plaintext); !opened) {
        return fail(opened.error());
    }
    WireReader in{plaintext};
    const auto listener_dh = in.read_bytes<X25519PublicKey>();
    const auto ciphertext = in.read_bytes<MlKem1024Ciphertext>();
    if (listener_dh == self.dh_.public_key) return fail(BootstrapError::reflected);
    const auto dh = x25519::agree(self.dh_.private_key, listener_dh);
    if (!dh) return fail(BootstrapError::all_zero_dh);
    const auto kem = mlkem1024::decapsulate(self.kem_seed_, ciphertext);
    auto keys = bootstrap::derive_new_keys(
        {self.psk_, *dh, kem, self.hello_, reply.first(bootstrap::nonce_size), listener_dh, ciphertext});

    auto inner = bootstrap::open_inner(keys.from_listener.expose(), in.read(bootstrap::sealed_inner_size));
    if (!inner) return fail(inner.error());
    if (inner->status != BootstrapStatus::go_on) return fail(as_error(inner->status));

    Bytes finish(bootstrap_finish_size);
    bootstrap::seal_inner(keys.from_dialler.expose(), BootstrapStatus::go_on, self.own_certificate_, finish);
    BootstrapDone done{std::move(*inner->certificate), std::move(keys.secret),
                       bootstrap::transcript_of(self.hello_, reply, finish)};
    return Finished{std::move(done), std::move(finish)};
}

}  // namespace chat
