#include "shell/net/stun_client.hpp"

#include "shell/net/listener.hpp"
#include "support/loop_fixture.hpp"
#include "support/raw_socket.hpp"
#include "support/seeded_rng.hpp"
#include "support/stun_messages.hpp"

namespace chat {
namespace {

using test::loopback_v4;
using test::loopback_v6;
using test::RawSocket;
using test::StunBuilder;
using namespace std::chrono_literals;

class StunClientTest : public test::LoopFixture {
  protected:
    void ask(const std::vector<SocketAddress>& servers, StunTransport transport, Duration total = 5s,
             u16 port = 0) {
        StunSurveyOptions options;
        for (const SocketAddress& server : servers) options.servers.push_back(host_port(server));
        options.transports = {transport};
        options.total = total;
        client = std::make_unique<StunClient>(
            loop, resolver, rng, options, port,
            StunClient::Events{[this](const StunProbe& probe) { progress.push_back(probe); },
                               [this](const StunSurveyResult& result) { finished = result; }});
        EXPECT_FALSE(finished) << "called back from inside the call";
    }
    static StunTransactionId id_of(const Bytes& request) {
        return StunMessage::decode(request)->transaction();
    }
    /// Answers one UDP request with the address it came from.
    static SocketAddress answer_udp(const RawSocket& server) {
        const auto request = server.receive_from();
        server.send_to(
            StunBuilder{StunClass::success, id_of(request.bytes)}.xor_mapped(to_text(request.source)).bytes(),
            request.source);
        return request.source;
    }
    void wait_readable(const RawSocket& socket) {
        run_until([&] {
            if (!socket.readable()) look_again();
            return socket.readable();
        });
    }

    test::SeededRng rng{31};
    Resolver resolver{loop, [](const std::string&) -> Result<std::vector<IpAddress>, NetError> {
                          return fail(NetError::name_not_found);
                      }};
    std::unique_ptr<StunClient> client;
    std::vector<StunProbe> progress;
    std::optional<StunSurveyResult> finished;
};

TEST_F(StunClientTest, AsksOverUdpFromOneSocketAndSeesThatNothingIsTranslated) {
    const RawSocket one = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM);
    const RawSocket two = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM);
    ask({one.local(), two.local()}, StunTransport::udp);
    wait_readable(one);
    const SocketAddress first = answer_udp(one);
    wait_readable(two);
    EXPECT_EQ(answer_udp(two), first);
    run_until([&] { return finished.has_value(); });
    EXPECT_EQ(finished->public_addresses(IpFamily::v4), std::vector{loopback_v4().ip});
    EXPECT_EQ(finished->mapping(IpFamily::v4, StunTransport::udp), NatMapping::none);
    EXPECT_EQ(finished->probes.at(0).local, first);
    EXPECT_EQ(progress.size(), 2U);
}

TEST_F(StunClientTest, AsksOverIpv6) {
    const RawSocket server = RawSocket::bound_to(loopback_v6(), SOCK_DGRAM);
    ask({server.local()}, StunTransport::udp);
    wait_readable(server);
    answer_udp(server);
    run_until([&] { return finished.has_value(); });
    EXPECT_EQ(finished->public_addresses(IpFamily::v6), std::vector{loopback_v6().ip});
}

TEST_F(StunClientTest, RepeatsALostQuestion) {
    const RawSocket server = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM);
    ask({server.local()}, StunTransport::udp);
    wait_readable(server);
    const auto lost = server.receive_from();
    wait_readable(server);
    answer_udp(server);
    run_until([&] { return finished.has_value(); });
    EXPECT_TRUE(finished->any_answer());
    EXPECT_GE(finished->probes.front().took, 500ms);
}

TEST_F(StunClientTest, ADatagramFromElsewhereIsNoAnswer) {
    const RawSocket server = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM);
    const RawSocket stranger = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM);
    ask({server.local()}, StunTransport::udp, 200ms);
    wait_readable(server);
    const auto request = server.receive_from();
    stranger.send_to(StunBuilder{StunClass::success, id_of(request.bytes)}.xor_mapped("6.6.6.6:6").bytes(),
                     request.source);
    run_until([&] { return finished.has_value(); });
    EXPECT_FALSE(finished->any_answer());
    EXPECT_EQ(*finished->probes.front().failure, StunFailure{StunError::deadline});
}

TEST_F(StunClientTest, AsksOverTcpFromThePortListenedOn) {
    const auto listener = *Listener::open(loop, {}, {[](std::unique_ptr<Stream>) {}, {}});
    const RawSocket server = RawSocket::listening_on(loopback_v4());
    // Asked twice in a row from the same port to the same server, as a person may.
    for (int round = 0; round < 2; ++round) {
        finished.reset();
        ask({server.local()}, StunTransport::tcp, 5s, listener->port());
        wait_readable(server);
        const RawSocket connection = server.accepted();
        wait_readable(connection);
        const std::string request = connection.look();
        const ByteView view = bytes_of(request);
        Bytes answer = StunBuilder{StunClass::success, id_of(Bytes(view.begin(), view.end()))}
                           .xor_mapped("9.9.9.9:" + std::to_string(listener->port()))
                           .bytes();
        connection.send(ByteView{answer}.first(10));  // in two pieces
        settle();
        connection.send(ByteView{answer}.subspan(10));
        run_until([&] { return finished.has_value(); });
        EXPECT_EQ(finished->probes.at(0).local, loopback_v4(listener->port()));
        EXPECT_EQ(to_text(*finished->public_tcp(IpFamily::v4)),
                  "9.9.9.9:" + std::to_string(listener->port()));
        client.reset();
    }
}

TEST_F(StunClientTest, SaysWhyATcpServerGaveNothing) {
    const RawSocket closing = RawSocket::listening_on(loopback_v4());
    const u16 refused = RawSocket::bound_to(loopback_v4(), SOCK_STREAM).local().port;
    ask({loopback_v4(refused), closing.local()}, StunTransport::tcp);
    wait_readable(closing);
    {
        const RawSocket connection = closing.accepted();
        wait_readable(connection);
        static_cast<void>(connection.look());
    }
    run_until([&] { return finished.has_value(); });
    EXPECT_EQ(*finished->probes.at(0).failure, StunFailure{NetError::refused});
    EXPECT_EQ(*finished->probes.at(1).failure, StunFailure{StunError::connection_closed});
}

TEST_F(StunClientTest, WithNobodyThereItIsOverInTime) {
    const u16 nobody = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM).local().port;
    const Time start = loop.now();
    ask({loopback_v4(nobody)}, StunTransport::udp, 100ms);
    run_until([&] { return finished.has_value(); });
    EXPECT_FALSE(finished->any_answer());
    EXPECT_LT(loop.now() - start, 2s);
}

TEST_F(StunClientTest, SaysNothingMoreOnceDestroyed) {
    const RawSocket server = RawSocket::bound_to(loopback_v4(), SOCK_DGRAM);
    ask({server.local()}, StunTransport::udp);
    wait_readable(server);
    client.reset();
    answer_udp(server);
    settle();
    EXPECT_FALSE(finished);
    EXPECT_TRUE(progress.empty());
}

TEST_F(StunClientTest, MayBeDestroyedFromItsCallback) {
    client = std::make_unique<StunClient>(loop, resolver, rng, StunSurveyOptions{}, 0,
                                          StunClient::Events{{}, [&](const StunSurveyResult& result) {
                                                                 finished = result;
                                                                 client.reset();
                                                             }});
    run_until([&] { return finished.has_value(); });
    settle();
}

}  // namespace
}  // namespace chat
