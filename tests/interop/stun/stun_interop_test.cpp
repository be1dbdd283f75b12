#include "shell/net/listener.hpp"
#include "shell/net/stun_client.hpp"
#include "support/loop_fixture.hpp"
#include "support/raw_socket.hpp"
#include "support/seeded_rng.hpp"
#include "support/temporary_folder.hpp"
#include "support/test_process.hpp"

namespace chat {
namespace {

using test::loopback_v4;
using test::loopback_v6;
using test::RawSocket;
using namespace std::chrono_literals;

const std::vector<StunTransport> both{StunTransport::udp, StunTransport::tcp};

/// A port that is free for both transports and families on loopback.
u16 free_port() {
    while (true) {
        const RawSocket first = RawSocket::bound_to(loopback_v4(), SOCK_STREAM);
        const u16 port = first.local().port;
        try {
            const RawSocket second = RawSocket::bound_to(loopback_v6(port), SOCK_STREAM);
            const RawSocket third = RawSocket::bound_to(loopback_v4(port), SOCK_DGRAM);
            const RawSocket fourth = RawSocket::bound_to(loopback_v6(port), SOCK_DGRAM);
            return port;
        } catch (const std::runtime_error&) {
            continue;  // taken for one of them
        }
    }
}

/// coturn answering binding requests on 127.0.0.1 and ::1, with nothing of its own left behind.
class Coturn {
  public:
    Coturn() : port{free_port()}, process_{"coturn", TURNSERVER, arguments(port, folder_)} {
        const auto limit = std::chrono::steady_clock::now() + 20s;
        process_.wait_for("Total General servers", limit);
        // It says so before its last listener is bound.
        while (!accepts(loopback_v4(port)) || !accepts(loopback_v6(port))) {
            test::require(std::chrono::steady_clock::now() < limit, "coturn to listen");
        }
    }
    Coturn(const Coturn&) = delete;
    Coturn& operator=(const Coturn&) = delete;
    ~Coturn() = default;

    const u16 port;

  private:
    static bool accepts(const SocketAddress& where) {
        try {
            static_cast<void>(RawSocket::connected_to(where));
            return true;
        } catch (const std::runtime_error&) {
            return false;
        }
    }
    static std::vector<std::string> arguments(u16 port, const test::TemporaryFolder& folder) {
        return {"-n",
                "--listening-ip",
                "127.0.0.1",
                "--listening-ip",
                "::1",
                "-p",
                std::to_string(port),
                "--stun-only",
                "--no-tls",
                "--no-dtls",
                "--no-cli",
                "-m",
                "1",
                "--log-file",
                "stdout",
                "--simple-log",
                "--pidfile",
                folder.file("pid"),
                "--userdb",
                folder.file("db")};
    }

    test::TemporaryFolder folder_;
    test::TestProcess process_;
};

class StunInterop : public test::LoopFixture {
  protected:
    StunSurveyResult ask(const std::vector<SocketAddress>& servers, u16 source_port, Duration total) {
        StunSurveyOptions options;
        for (const SocketAddress& server : servers) options.servers.push_back(host_port(server));
        options.total = total;
        std::optional<StunSurveyResult> result;
        const StunClient client{loop,        resolver_,
                                rng_,        options,
                                source_port, {{}, [&](const StunSurveyResult& found) { result = found; }}};
        run_until([&] { return result.has_value(); });
        return result.value_or(StunSurveyResult{});
    }

  private:
    test::SeededRng rng_{41};
    Resolver resolver_{loop};
};

TEST_F(StunInterop, CoturnAnswersOverBothTransportsAndFamilies) {
    const Coturn one;
    const Coturn two;
    const auto listener = *Listener::open(loop, {}, {[](std::unique_ptr<Stream>) {}, {}});
    const StunSurveyResult result =
        ask({loopback_v4(one.port), loopback_v4(two.port), loopback_v6(one.port), loopback_v6(two.port)},
            listener->port(), 10s);
    ASSERT_EQ(result.probes.size(), 8U);
    for (const StunProbe& probe : result.probes) {
        ASSERT_TRUE(probe.mapped) << to_text(*probe.server_address) << ": " << describe(*probe.failure);
        EXPECT_EQ(probe.mapped, probe.local);
        EXPECT_EQ(probe.mapped->ip, probe.server_address->ip);
    }
    for (IpFamily family : {IpFamily::v4, IpFamily::v6}) {
        const IpAddress loopback = family == IpFamily::v4 ? loopback_v4().ip : loopback_v6().ip;
        EXPECT_EQ(result.public_addresses(family), std::vector{loopback});
        EXPECT_EQ(result.public_tcp(family), (SocketAddress{loopback, listener->port()}));
        for (StunTransport transport : both) EXPECT_EQ(result.mapping(family, transport), NatMapping::none);
    }
}

TEST_F(StunInterop, ADeadServerDoesntHideALiveOne) {
    const Coturn live;
    const u16 dead = free_port();
    const StunSurveyResult result = ask({loopback_v4(dead), loopback_v4(live.port)}, 0, 2s);
    EXPECT_TRUE(result.any_answer());
    for (const StunProbe& probe : result.probes) {
        EXPECT_EQ(probe.mapped.has_value(), probe.server == 1);
        EXPECT_EQ(probe.failure.has_value(), probe.server == 0);
    }
}

}  // namespace
}  // namespace chat
