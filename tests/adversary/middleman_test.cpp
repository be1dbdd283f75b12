/// The honest limit (docs/protocol.md 5.4 and 12): without an invite somebody in the middle can read and
/// change everything, as long as nobody compares the words. Both screens say so, and their words differ.

#include <gtest/gtest.h>

#include "adversary/scenario.hpp"
#include "crypto/system_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "shell/key_stock.hpp"
#include "shell/node_runner.hpp"

namespace chat::test {
namespace {

/// A host to the guest and a guest to the host, made of the program's own parts; what one hears the other
/// says.
class Middleman {
  public:
    explicit Middleman(u16 host_port) {
        for (const std::size_t i : {0U, 1U}) {
            runners_.at(i) = std::make_unique<NodeRunner>(
                loop_, resolver_, rng_, keys_, tls_, SoftwareIdentityKeys::generate(rng_), NodeOptions{},
                NodeRunner::Events{[this, i](Event event) { on_event(i, std::move(event)); }, {}});
        }
        ListenOptions listen;
        listen.bind = {*parse_ip("127.0.0.1")};
        require_that(runners_[0]->listen(listen).has_value(), "the middleman can't listen");
        require_that(runners_[0]->offer_open().has_value(), "the middleman can't offer");
        port_ = runners_[0]->listener()->port();
        runners_[1]->connect_open({host_port_of(host_port)});
        thread_ = std::thread{[this] { loop_.run(); }};
    }
    Middleman(const Middleman&) = delete;
    Middleman& operator=(const Middleman&) = delete;
    ~Middleman() {
        loop_.stop();
        thread_.join();
    }

    [[nodiscard]] u16 port() const { return port_; }
    [[nodiscard]] std::vector<std::string> read() const {
        const std::lock_guard lock{mutex_};
        return read_;
    }

  private:
    static HostPort host_port_of(u16 port) { return *parse_host_port("127.0.0.1:" + std::to_string(port)); }
    void on_event(std::size_t from, Event event) {
        if (std::holds_alternative<Connected>(event)) online_.at(from) = true;
        if (auto* text = std::get_if<TextReceived>(&event)) {
            const ByteView bytes = text->text.expose();
            const std::lock_guard lock{mutex_};
            read_.emplace_back(bytes.begin(), bytes.end());
            waiting_.at(1 - from).push_back(read_.back());
        }
        for (const std::size_t to : {0U, 1U}) {
            if (!online_.at(to)) continue;
            for (const std::string& text : std::exchange(waiting_.at(to), {}))
                static_cast<void>(runners_.at(to)->send_text(bytes_of(text)));
        }
    }

    Loop loop_;
    Resolver resolver_{loop_};
    SystemRng rng_;
    TlsContext tls_;
    KeyStock keys_{
        loop_, rng_, [] { return std::make_unique<SystemRng>(); },
        [this]() -> std::shared_ptr<IdentityKeys> { return SoftwareIdentityKeys::generate(rng_); }};
    std::array<std::unique_ptr<NodeRunner>, 2> runners_;
    std::array<bool, 2> online_{};
    std::array<std::vector<std::string>, 2> waiting_;
    mutable std::mutex mutex_;
    std::vector<std::string> read_;
    u16 port_ = 0;
    std::thread thread_;
};

TEST(AttackerBetweenProcesses, InTheMiddleOfAnUnverifiedSessionReadsAllAndTheWordsDiffer) {
    const Deadline deadline = std::chrono::steady_clock::now() + std::chrono::seconds{60};
    TestProcess host{
        "host", PRODUCT_PROGRAM, {"listen", "--open", "--plain", "--no-stun", "--bind", "127.0.0.1"}};
    const auto host_port =
        static_cast<u16>(std::stoul(host.rest_of_line("listening on 127.0.0.1:", deadline)));
    Middleman middleman{host_port};
    TestProcess guest{
        "guest", PRODUCT_PROGRAM, {"connect", "127.0.0.1:" + std::to_string(middleman.port()), "--plain"}};
    guest.say("for the host alone");
    host.say("for the guest alone");
    const std::string words = "compare these words with the other side, by voice or in person: ";
    try {
        host.wait_for("for the host alone", deadline);
        guest.wait_for("for the guest alone", deadline);
        EXPECT_NE(host.rest_of_line(words, deadline), guest.rest_of_line(words, deadline));
    } catch (const std::exception& error) {
        FAIL() << error.what();
    }
    const std::vector<std::string> read = middleman.read();
    EXPECT_EQ(read.size(), 2U) << "the middleman reads both texts";
    for (const TestProcess* each : {&host, &guest}) {
        EXPECT_TRUE(each->said("* contact: unverified: compare the five words before you trust this contact"))
            << each->transcript();
        EXPECT_FALSE(each->said("verified by the invite"));
    }
    guest.say("/verify no");
    EXPECT_EQ(guest.wait_exit(deadline), exit_ok) << guest.transcript();
    EXPECT_TRUE(guest.said("WORDS DIFFER: somebody is in the middle, say nothing more"));
}

}  // namespace
}  // namespace chat::test
