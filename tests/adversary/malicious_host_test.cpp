/// A host whose invite is real, who speaks layers 1 and 2 correctly and then lies: the real guest refuses
/// each lie for its reason (docs/protocol.md 5.3) and says nothing to it.

#include <gtest/gtest.h>

#include "adversary/malicious_kit.hpp"
#include "secure_p2p/events.hpp"
#include "support/kex_forger.hpp"

namespace chat::test {
namespace {

struct LyingHost {
    explicit LyingHost(u64 seed) : kit{seed}, listener{RawSocket::listening_on(loopback_v4())} {
        invite.expiry =
            expiry_after(std::chrono::time_point_cast<std::chrono::seconds>(std::chrono::system_clock::now()),
                         std::chrono::hours{1});
        invite.host = fingerprint(kit.identity->public_identity());
        invite.secret = kit.rng.secret<PresharedSecret>();
    }
    [[nodiscard]] std::string invite_text() const {
        const auto text = encode(invite);
        const ByteView bytes = text.value().expose();
        return {bytes.begin(), bytes.end()};
    }
    [[nodiscard]] PeerChannel answer() { return answer(Credentials::honest(kit.rng)); }
    [[nodiscard]] PeerChannel answer(Credentials credentials) {
        return PeerChannel::answer(listener.accepted(), invite.secret, std::move(credentials), kit.tls,
                                   kit.rng);
    }
    /// A correct init, for `lie` to change.
    void init(const std::function<InitBytes(InitBytes)>& lie) {
        PeerChannel channel = answer();
        context = MaliciousKit::context(channel, invite.host);
        bundle = channel.expect(FrameKind::bundle);
        auto started = accept_bundle(context, *kit.identity, MaliciousKit::efk(), bundle, kit.rng);
        if (!started) throw std::runtime_error{std::string{describe(started.error())}};
        channel.send(FrameKind::init, lie(started->init).view());
        channel.wait_end();
    }
    void frame(FrameKind kind) {
        PeerChannel channel = answer();
        static_cast<void>(channel.expect(FrameKind::bundle));
        channel.send(kind, Bytes(frame_body_size(kind)));
        channel.wait_end();
    }

    MaliciousKit kit;
    RawSocket listener;
    Invite invite;
    KexContext context;  ///< of the last answer
    Bytes bundle;        ///< what the guest said then
};

struct Lie {
    std::string name;
    std::string reason;  ///< at the end of the guest's last words
    std::function<void(LyingHost&)> tell;
};

void expect_refused(const Lie& lie, u64 seed) {
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    LyingHost host{seed};
    TestProcess guest = start_guest(host.listener.local().port, host.invite_text());
    guest.say("into the wrong hands");
    try {
        lie.tell(host);
        require_that(guest.wait_exit(deadline) == exit_refused, "the wrong exit status");
        require_that(guest.said("* session ended: " + lie.reason + "\n"),
                     "the guest does not say: " + lie.reason);
        require_that(guest.heard().empty() && !guest.said("* connected"), "the guest believes the host");
    } catch (const std::exception& error) {
        throw std::runtime_error{std::string{error.what()} + "\n" + guest.transcript()};
    }
}

std::string failed(std::string_view reason) { return "the handshake failed: " + std::string{reason}; }

std::vector<Lie> lies_before_the_exchange() {
    const auto turn_away = [](BootstrapStatus why) {
        return [why](LyingHost& host) {
            const RawSocket socket = host.listener.accepted();
            PeerChannel::turn_away(socket, host.invite.secret, why, host.kit.rng);
            pollfd wait{socket.fd(), POLLIN, 0};
            ::poll(&wait, 1, 5000);
        };
    };
    return {
        {"busy", std::string{describe(EndReason::host_busy)}, turn_away(BootstrapStatus::busy)},
        {"spent", std::string{describe(EndReason::invite_spent)}, turn_away(BootstrapStatus::spent)},
        {"expired", std::string{describe(EndReason::invite_expired)}, turn_away(BootstrapStatus::expired)},
        {"a foreign certificate", failed(describe(TlsError::wrong_certificate)),
         [](LyingHost& host) {
             try {
                 static_cast<void>(host.answer(Credentials::swapped(host.kit.rng)));
             } catch (const std::runtime_error&) {  // the guest ended the handshake, as it must
             }
         }},
        {"an alert", failed("the other side refused the handshake"),
         [](LyingHost& host) { host.frame(FrameKind::alert); }},
        {"a cell in place of init", failed("a frame came out of turn during the key exchange"),
         [](LyingHost& host) { host.frame(FrameKind::cell); }},
        {"a bundle in place of init", failed("a frame came out of turn during the key exchange"),
         [](LyingHost& host) { host.frame(FrameKind::bundle); }},
    };
}

std::vector<Lie> lies_of_init() {
    const auto lie = [](const std::string& name, KexError reason,
                        const std::function<InitBytes(InitBytes)>& change) {
        return Lie{name, failed(describe(reason)), [change](LyingHost& host) { host.init(change); }};
    };
    const Bytes ones(1568, 0xFF);
    return {
        {"another identity than the invite names", failed(describe(KexError::not_the_invited_identity)),
         [](LyingHost& host) {
             // All of it is signed as it should be, by somebody else.
             host.init([&](const InitBytes& bytes) {
                 Init init = *Init::decode(bytes.view());
                 const auto hash = bundle_hash(BundleBytes::from(ByteView{host.bundle}.first<bundle_size>()));
                 Forger{StoredPair::identity_b, StoredPair::efk_b, host.kit.rng}.sign(init, host.context,
                                                                                      hash);
                 return init.encode();
             });
         }},
        lie("swapped KEM ciphertexts", KexError::bad_identity_falcon_signature,
            [](const InitBytes& init) {
                const ByteView bytes = init.view();
                return with_bytes(with_bytes(init, at::init_ct1, bytes.subspan(at::init_ct2, 1568)),
                                  at::init_ct2, bytes.subspan(at::init_ct1, 1568));
            }),
        lie("another X25519 key", KexError::bad_identity_falcon_signature,
            [](const InitBytes& init) { return with_flip(init, at::init_ek); }),
        lie("a malformed ML-KEM key", KexError::bad_ephemeral_mlkem_key,
            [ones](const InitBytes& init) { return with_bytes(init, at::init_pqek, ones); }),
        lie("a malformed FALCON key", KexError::bad_ephemeral_signing_key,
            [ones](const InitBytes& init) { return with_bytes(init, at::init_efk, ones); }),
        lie("a damaged binding", KexError::bad_ec_pq_binding,
            [](const InitBytes& init) { return with_flip(init, Init::binding_offset + 500); }),
        lie("a wrong MAC", KexError::bad_init_mac,
            [](const InitBytes& init) { return with_flip(init, init_size - 1); }),
    };
}

TEST(MaliciousHost, EveryLieIsRefusedForItsReason) {
    std::vector<NamedScenario> all;
    u64 seed = 91;
    for (const auto& lies : {lies_before_the_exchange(), lies_of_init()}) {
        for (const Lie& lie : lies) {
            all.push_back({lie.name, [lie, seed] { expect_refused(lie, seed); }});
            ++seed;
        }
    }
    run_all({{"the host shows", all}});
}

}  // namespace
}  // namespace chat::test
