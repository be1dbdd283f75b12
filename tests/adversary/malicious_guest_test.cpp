/// A guest that holds the invite, speaks layers 1 and 2 correctly and lies in layer 3: the real host
/// refuses each lie for its reason (docs/protocol.md 5.3), spends nothing on it, and takes the honest guest
/// that comes afterwards.

#include <gtest/gtest.h>

#include "adversary/malicious_kit.hpp"

namespace chat::test {
namespace {

struct LyingGuest {
    MaliciousKit& kit;
    PeerChannel& channel;
    KexContext context;

    StartedA start() { return std::move(*start_as_a(context, *kit.identity, MaliciousKit::efk(), kit.rng)); }
    void bundle(const BundleBytes& bytes) { channel.send(FrameKind::bundle, bytes.view()); }
    /// As far as a correct resp, which `lie` may change before it is sent; signed anew when `sign` says so.
    enum class Sign : u8 { leave, anew };
    void resp(const std::function<RespBytes(RespBytes)>& lie, Sign sign = Sign::leave) {
        StartedA started = start();
        bundle(started.bundle);
        const Bytes body = channel.expect(FrameKind::init);
        const InitBytes init = InitBytes::from(ByteView{body}.first<init_size>());
        auto agreed = std::move(started.next).accept_init(init.view(), kit.rng);
        if (!agreed) throw std::runtime_error{std::string{describe(agreed.error())}};
        RespBytes bytes = lie(agreed->resp);
        if (sign == Sign::anew) {
            EphemeralSigningPair& efk = agreed->session.own_signing;
            const auto fields = std::span{std::as_const(bytes.bytes)}.first<Resp::binding_offset>();
            const auto signature = falcon1024::sign_padded(
                efk.signing_key,
                resp_binding_message(efk.public_key, bundle_init_hash(started.bundle, init), fields),
                kit.rng);
            bytes = with_bytes(bytes, Resp::binding_offset, signature.view());
        }
        channel.send(FrameKind::resp, bytes.view());
    }
};

struct Lie {
    std::string name;
    std::string reason;
    std::function<void(LyingGuest&)> tell;
};

RespBytes with_swapped_ciphertexts(const RespBytes& resp) {
    const ByteView bytes = resp.view();
    RespBytes out = with_bytes(resp, at::resp_ct3, bytes.subspan(at::resp_ct4, 1568));
    return with_bytes(out, at::resp_ct4, bytes.subspan(at::resp_ct3, 1568));
}

std::vector<Lie> lies_of_bundle() {
    const Bytes ones(1568, 0xFF);
    const auto reason = [](KexError error) { return std::string{describe(error)}; };
    const auto changed = [](std::size_t place, Bytes bytes) {
        return [=](LyingGuest& guest) { guest.bundle(with_bytes(guest.start().bundle, place, bytes)); };
    };
    return {
        {"another channel's bundle", reason(KexError::bad_identity_falcon_signature),
         [](LyingGuest& guest) {
             guest.context.tls_exporter.bytes[0] ^= 1U;
             guest.bundle(guest.start().bundle);
         }},
        {"a bundle for another host", reason(KexError::bad_identity_falcon_signature),
         [](LyingGuest& guest) {
             guest.context.invited_identity->bytes[0] ^= 1U;
             guest.bundle(guest.start().bundle);
         }},
        {"another bundle's ML-KEM key", reason(KexError::bad_identity_falcon_signature),
         [](LyingGuest& guest) {
             const BundleBytes other = guest.start().bundle;
             guest.bundle(with_bytes(guest.start().bundle, at::bundle_pqspk,
                                     other.view().subspan(at::bundle_pqspk, 1568)));
         }},
        {"another identity's ML-KEM key", reason(KexError::bad_identity_falcon_signature),
         [](LyingGuest& guest) {
             const auto other = mlkem1024::generate(guest.kit.rng);
             guest.bundle(
                 with_bytes(guest.start().bundle, at::identity_mlkem, other.encapsulation_key.view()));
         }},
        {"a damaged Ed25519 signature", reason(KexError::bad_identity_ed25519_signature),
         [](LyingGuest& guest) { guest.bundle(with_flip(guest.start().bundle, bundle_size - 40)); }},
        {"a malformed ML-KEM prekey", reason(KexError::bad_signed_mlkem_prekey),
         changed(at::bundle_pqspk, ones)},
        {"a malformed ML-KEM identity key", reason(KexError::bad_identity_mlkem_key),
         changed(at::identity_mlkem, ones)},
        {"a malformed FALCON key", reason(KexError::bad_ephemeral_signing_key),
         changed(at::bundle_efk, ones)},
        {"no FALCON identity key", reason(KexError::bad_identity_falcon_key), changed(0, ones)},
    };
}

std::vector<Lie> lies_of_resp() {
    const auto reason = [](KexError error) { return std::string{describe(error)}; };
    using Sign = LyingGuest::Sign;
    return {
        {"swapped KEM ciphertexts", reason(KexError::bad_ec_pq_binding),
         [](LyingGuest& guest) { guest.resp(with_swapped_ciphertexts); }},
        {"swapped KEM ciphertexts, signed", reason(KexError::bad_resp_mac),
         [](LyingGuest& guest) { guest.resp(with_swapped_ciphertexts, Sign::anew); }},
        {"another X25519 key, signed", reason(KexError::bad_resp_mac),
         [](LyingGuest& guest) {
             guest.resp([](const RespBytes& resp) { return with_flip(resp, 0); }, Sign::anew);
         }},
        {"X25519 zero, signed", reason(KexError::zero_dh4),
         [](LyingGuest& guest) {
             guest.resp([](const RespBytes& resp) { return with_bytes(resp, 0, Bytes(32)); }, Sign::anew);
         }},
        {"another nonce than committed to, signed", reason(KexError::bad_sas_commitment),
         [](LyingGuest& guest) {
             guest.resp([](const RespBytes& resp) { return with_flip(resp, at::resp_sas_nonce); },
                        Sign::anew);
         }},
        {"a wrong MAC", reason(KexError::bad_resp_mac),
         [](LyingGuest& guest) {
             guest.resp([](const RespBytes& resp) { return with_flip(resp, resp_size - 1); });
         }},
    };
}

std::vector<Lie> lies_of_frames() {
    return {
        {"a cell in place of the bundle", "a frame came out of turn during the key exchange",
         [](LyingGuest& guest) { guest.channel.send(FrameKind::cell, Bytes(frame::cell_body)); }},
        {"a resp in place of the bundle", "a frame came out of turn during the key exchange",
         [](LyingGuest& guest) { guest.channel.send(FrameKind::resp, Bytes(frame::resp_body)); }},
        {"an alert", "the other side refused the handshake",
         [](LyingGuest& guest) { guest.channel.send(FrameKind::alert, {}); }},
        {"an unknown frame", std::string{describe(FrameError::unknown_kind)},
         [](LyingGuest& guest) { guest.channel.send_record(Bytes(100, 99)); }},
        {"a frame that is too short", std::string{describe(FrameError::wrong_length)},
         [](LyingGuest& guest) {
             guest.channel.send_record(Bytes{1, 2, 3});
         }},
    };
}

/// Tells the lie on a connection of its own and waits for the host's reason, said once more than before.
void tell(Scene& scene, MaliciousKit& kit, const Invite& invite, const Lie& lie) {
    const std::string reason =
        "* a handshake failed in layer 3, hybrid X3DH + ML-KEM-1024: " + lie.reason + "\n";
    const std::size_t before = scene.host().count(reason);
    PeerChannel channel = kit.dial(scene.host_port(), invite);
    LyingGuest guest{kit, channel, MaliciousKit::context(channel, invite.host)};
    lie.tell(guest);
    scene.host().wait_until(
        lie.name + ": " + reason, [&] { return scene.host().count(reason) > before; }, scene.deadline());
    channel.wait_end();
}

/// What the host shows to any holder of the invite.
Bytes identity_of_host(Scene& scene, MaliciousKit& kit, const Invite& invite) {
    PeerChannel channel = kit.dial(scene.host_port(), invite);
    LyingGuest guest{kit, channel, MaliciousKit::context(channel, invite.host)};
    guest.bundle(guest.start().bundle);
    Bytes init = channel.expect(FrameKind::init);
    init.resize(at::init_efk);
    return init;
}

void pass_on(const Unit& unit, Wire& wire) { wire.send(unit.way, unit.bytes); }

TEST(MaliciousGuest, EveryLieInTheKeyExchangeIsRefusedForItsReasonAndSpendsNothing) {
    Scene scene{pass_on};
    MaliciousKit kit{71};
    try {
        const Invite invite = std::move(*decode_invite(bytes_of(scene.invite())));
        const Bytes identity = identity_of_host(scene, kit, invite);
        std::vector<Lie> lies = {
            {"the host's own identity", std::string{describe(KexError::reflected_identity_falcon_key)},
             [&](LyingGuest& guest) { guest.bundle(with_bytes(guest.start().bundle, 0, identity)); }}};
        for (const auto& more : {lies_of_bundle(), lies_of_resp(), lies_of_frames()})
            lies.insert(lies.end(), more.begin(), more.end());
        for (const Lie& lie : lies) tell(scene, kit, invite, lie);
        TestProcess& guest = scene.invite_guest();
        scene.talk(guest);
        scene.part(guest);
    } catch (const std::exception& error) {
        FAIL() << error.what() << "\n" << scene.transcripts();
    }
}

TEST(MaliciousGuest, AForeignCertificateIsRefused) {
    Scene scene{pass_on};
    MaliciousKit kit{72};
    try {
        const Invite invite = std::move(*decode_invite(bytes_of(scene.invite())));
        PeerChannel channel = PeerChannel::dial(scene.host_port(), invite.secret,
                                                Credentials::swapped(kit.rng), kit.tls, kit.rng);
        scene.host().wait_for(
            "* a handshake failed in layer 2, TLS 1.3: " + std::string{describe(TlsError::wrong_certificate)},
            scene.deadline());
        channel.wait_end();
        TestProcess& guest = scene.invite_guest();
        scene.talk(guest);
        scene.part(guest);
    } catch (const std::exception& error) {
        FAIL() << error.what() << "\n" << scene.transcripts();
    }
}

}  // namespace
}  // namespace chat::test
