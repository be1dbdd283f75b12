/// What is left of the keys of a finished session: both peers in this process, which then searches all of its own memory, pages of
/// secrets included. Built twice: in the second program (tests/memory/without_wiping.cpp) everything is found.

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>

#include <set>

#include "crypto/tested_system_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "memory/memory_image.hpp"
#include "memory/secret_recorder.hpp"
#include "shell/key_stock.hpp"
#include "shell/node_runner.hpp"

namespace chat::test {
namespace {

/// Hands out what the stock gives, and remembers the private keys of certificates.
class WatchedStock final : public KeySupply {
  public:
    WatchedStock(KeyStock& stock, Needles& needles) : stock_{stock}, needles_{needles} {}

    EphemeralSigningPair take_ephemeral_pair() override { return stock_.take_ephemeral_pair(); }
    CellSigningKey take_cell_signing_key() override { return stock_.take_cell_signing_key(); }
    std::shared_ptr<IdentityKeys> take_identity() override { return stock_.take_identity(); }
    const CellVerifierLoader& verifiers() const override { return stock_.verifiers(); }
    ChannelCertificate take_certificate() override {
        ChannelCertificate out = stock_.take_certificate();
        watch(out.private_key());
        return out;
    }

  private:
    /// FIPS 204, 7.2: rho (public), K, tr (public), s1, s2, t0 (public by the standard's proof).
    void watch(const EVP_PKEY* key) {
        std::array<u8, 32> seed{};
        std::size_t size = 0;
        if (EVP_PKEY_get_octet_string_param(key, OSSL_PKEY_PARAM_ML_DSA_SEED, seed.data(), seed.size(),
                                            &size) == 1) {
            needles_.add("seed of a TLS certificate's key", seed);
        }
        SecretBuffer raw{4896};
        size = raw.size();
        ASSERT_EQ(EVP_PKEY_get_raw_private_key(key, raw.expose_mutable().data(), &size), 1);
        needles_.add("K of a TLS certificate's key", raw.expose().subspan(32, 32));
        constexpr std::size_t bytes_of_s = 15 * 96;
        needles_.add("s1 and s2 of a TLS certificate's key", raw.expose().subspan(128, bytes_of_s));
        OPENSSL_cleanse(seed.data(), seed.size());
    }

    KeyStock& stock_;
    Needles& needles_;
};

/// The callback that OpenSSL offers for this is given by a plain pointer.
Needles* tls_needles = nullptr;
void watch_tls(const SSL* /*ssl*/, const char* line) {
    const std::string_view text{line};
    const std::string_view hex = text.substr(text.rfind(' ') + 1);
    SecretBuffer secret{hex.size() / 2};
    const auto digit = [](char c) { return static_cast<u8>(c <= '9' ? c - '0' : c - 'a' + 10); };
    for (std::size_t i = 0; i < secret.size(); ++i) {
        secret.expose_mutable()[i] = static_cast<u8>(digit(hex[2 * i]) << 4U | digit(hex[2 * i + 1]));
    }
    const std::string label{text.substr(0, text.find(' '))};
    tls_needles->add("TLS secret " + label, secret.expose());
}

struct Peer {
    Peer(Loop& loop, Resolver& resolver, Needles& needles)
        : stock{loop, rng, [] { return std::make_unique<TestedSystemRng>(); },
                [this] { return SoftwareIdentityKeys::generate(rng); }},
          watched{stock, needles},
          runner{loop,          resolver,
                 rng,           watched,
                 tls,           SoftwareIdentityKeys::generate(rng),
                 NodeOptions{}, NodeRunner::Events{[this](const Event& event) { take(event); }, {}}} {
        SSL_CTX_set_keylog_callback(tls.get(), watch_tls);
    }

    TestedSystemRng rng;
    TlsContext tls;
    KeyStock stock;
    WatchedStock watched;
    NodeRunner runner;
    std::size_t heard = 0;
    std::size_t rotations = 0;
    bool connected = false;
    bool ended = false;

  private:
    void take(const Event& event) {
        connected |= std::holds_alternative<Connected>(event);
        ended |= std::holds_alternative<SessionEnded>(event);
        if (std::holds_alternative<TextReceived>(event)) ++heard;
        if (std::holds_alternative<IdentityRotated>(event)) ++rotations;
    }
};

class WholeSession {
  public:
    explicit WholeSession(Needles& needles) : needles_{needles} {
        watchdog_.set(loop_.now() + std::chrono::seconds{60}, [] { throw std::runtime_error{"it hangs"}; });
    }
    void run() {
        meet();
        for (std::size_t round = 1; round <= 5; ++round) {
            say(guest_, "text of the guest");
            loop_.run_until([&] { return host_.heard == round; });
            say(host_, "text of the host");
            loop_.run_until([&] { return guest_.heard == round; });
        }
        host_.runner.rotate_identity();
        loop_.run_until([&] { return host_.rotations == 1 && guest_.rotations == 1; });
        guest_.runner.quit();
        loop_.run_until([&] { return host_.ended && guest_.ended; });
    }

  private:
    void meet() {
        ListenOptions here;
        here.bind = {IpAddress::v4({127, 0, 0, 1})};
        ASSERT_TRUE(host_.runner.listen(here));
        const PresharedSecret secret = host_.rng.secret<PresharedSecret>();
        needles_.add("secret of the invite", secret.expose());
        ASSERT_TRUE(
            host_.runner.offer_invite(secret, loop_.wall_now() + std::chrono::hours{1}, InviteUse::single));
        const HostPort place = host_port({here.bind[0], host_.runner.listener()->port()});
        guest_.runner.join(secret.clone(), host_.runner.fingerprint(), {place});
        loop_.run_until([&] { return host_.connected && guest_.connected; });
    }
    void say(Peer& peer, const std::string& what) {
        SecretBuffer text{60};
        peer.rng.fill(text.expose_mutable());
        for (u8& byte : text.expose_mutable()) byte = static_cast<u8>('0' + byte % 64);
        needles_.add(what, text.expose());
        ASSERT_TRUE(peer.runner.send_text(text.expose()));
    }

    Needles& needles_;
    Loop loop_;
    Timer watchdog_{loop_};
    Resolver resolver_{loop_};
    Peer host_{loop_, resolver_, needles_};
    Peer guest_{loop_, resolver_, needles_};
};

/// The names of the needles that were found after a session whose every key was watched, and those of all.
struct Outcome {
    std::set<std::string> found;
    std::set<std::string> all;
    std::string findings;
};
Outcome search_after_a_session() {
    Needles needles;
    tls_needles = &needles;
    record_secrets();
    const auto before = guarded_memory::usage();
    { WholeSession{needles}.run(); }
    EXPECT_EQ(guarded_memory::usage().live_secrets, before.live_secrets) << "every secret was given back";
    EXPECT_GT(take_recorded_secrets(needles), 100U);
    const auto findings = needles.search(0);
    Outcome out{{}, needles.names(), to_text(findings)};
    for (const auto& each : findings) out.found.insert(each.what);
    return out;
}

#if WIPING
TEST(KeyRemains, NoKeyOfASessionIsLeft) {
    const Outcome outcome = search_after_a_session();
    EXPECT_TRUE(outcome.found.empty()) << outcome.findings;
}
#else
TEST(KeyRemains, WithoutWipingEachKeyIsFound) {
    const Outcome outcome = search_after_a_session();
    EXPECT_EQ(outcome.found, outcome.all);
}
#endif

}  // namespace
}  // namespace chat::test
