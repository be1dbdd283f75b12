#include "shell/net/listener.hpp"

#include <sys/resource.h>

#include "support/loop_fixture.hpp"
#include "support/raw_socket.hpp"

namespace chat {
namespace {

using test::loopback_v4;
using test::loopback_v6;
using test::RawSocket;

class ListenerTest : public test::LoopFixture {
  protected:
    Listener::Events collecting() {
        return {[this](std::unique_ptr<Stream> stream) {
                    stream->start({});
                    streams.push_back(std::move(stream));
                },
                [this](NetError error) { troubles.push_back(error); }};
    }
    static ListenOptions on(std::vector<IpAddress> ips, u16 port = 0) {
        ListenOptions out;
        out.bind = std::move(ips);
        out.port = port;
        return out;
    }

    std::vector<std::unique_ptr<Stream>> streams;
    std::vector<NetError> troubles;
};

TEST_F(ListenerTest, TakesBothFamiliesOnOnePort) {
    const auto listener = Listener::open(loop, {}, collecting());
    ASSERT_TRUE(listener) << describe(listener.error());
    const u16 port = (*listener)->port();
    EXPECT_NE(port, 0);
    const RawSocket v4 = RawSocket::connected_to(loopback_v4(port));
    const RawSocket v6 = RawSocket::connected_to(loopback_v6(port));
    run_until([&] { return streams.size() == 2; });
    std::vector<SocketAddress> peers{streams[0]->peer(), streams[1]->peer()};
    std::sort(peers.begin(), peers.end());
    EXPECT_EQ(peers, (std::vector{v4.local(), v6.local()}));  // an IPv4 peer is seen as one
    ASSERT_EQ((*listener)->bound().size(), 2U);
    EXPECT_EQ(to_text((*listener)->bound()[0]), "[::]:" + std::to_string(port));
    EXPECT_EQ(to_text((*listener)->bound()[1]), "0.0.0.0:" + std::to_string(port));
}

TEST_F(ListenerTest, BindsWhatItIsToldAndNothingElse) {
    const auto listener = Listener::open(loop, on({*parse_ip("127.0.0.2"), loopback_v6().ip}), collecting());
    ASSERT_TRUE(listener) << describe(listener.error());
    const u16 port = (*listener)->port();
    ASSERT_EQ((*listener)->bound().size(), 2U);
    EXPECT_EQ((*listener)->bound()[1], loopback_v6(port));
    EXPECT_THROW(static_cast<void>(RawSocket::connected_to(loopback_v4(port))), std::runtime_error);
    const RawSocket v4 = RawSocket::connected_to({*parse_ip("127.0.0.2"), port});
    const RawSocket v6 = RawSocket::connected_to(loopback_v6(port));
    run_until([&] { return streams.size() == 2; });
}

TEST_F(ListenerTest, APortInUseIsAnErrorThatNamesIt) {
    const RawSocket other = RawSocket::listening_on(loopback_v4());
    const u16 port = other.local().port;
    const std::string text = "port " + std::to_string(port) + " is in use by another program";
    for (const ListenOptions& options :
         {on({}, port), on({loopback_v4().ip}, port), on({loopback_v6().ip, loopback_v4().ip}, port)}) {
        const auto listener = Listener::open(loop, options, collecting());
        ASSERT_FALSE(listener);
        EXPECT_EQ(listener.error().error, NetError::address_in_use);
        EXPECT_EQ(describe(listener.error()), text);
    }
}

TEST_F(ListenerTest, TwoListenersNeverShareAPort) {
    const auto first = Listener::open(loop, {}, collecting());
    ASSERT_TRUE(first);
    const u16 port = (*first)->port();
    EXPECT_EQ(Listener::open(loop, on({}, port), collecting()).error().error, NetError::address_in_use);
    EXPECT_EQ(Listener::open(loop, on({loopback_v4().ip}, port), collecting()).error().error,
              NetError::address_in_use);
}

TEST_F(ListenerTest, APortIsFreeAgainWhenItsListenerIsGone) {
    u16 port = 0;
    {
        const auto first = Listener::open(loop, {}, collecting());
        port = (*first)->port();
        const RawSocket peer = RawSocket::connected_to(loopback_v4(port));
        run_until([&] { return streams.size() == 1; });
        streams.front()->close();
    }
    settle();
    EXPECT_TRUE(Listener::open(loop, on({}, port), collecting()));
}

TEST_F(ListenerTest, AnAddressOfAnotherMachineIsAnError) {
    const auto listener = Listener::open(loop, on({*parse_ip("192.0.2.1")}, 7000), collecting());
    ASSERT_FALSE(listener);
    EXPECT_EQ(listener.error().error, NetError::address_not_local);
    EXPECT_EQ(describe(listener.error()),
              "listening on 192.0.2.1:7000 failed: this machine doesn't have that address");
}

TEST_F(ListenerTest, SaysThatAPortIsNotPermitted) {
    // Whether one is depends on who runs the test, so only the words are looked at.
    EXPECT_EQ(describe(ListenFailure{loopback_v4(80), NetError::permission_denied}),
              "this machine doesn't permit listening on port 80");
}

TEST_F(ListenerTest, ReadsWhatCameWithAConnectionBeforeItTakesTheNext) {
    std::vector<std::string> order;
    const auto listener = Listener::open(
        loop, on({loopback_v4().ip}),
        {[&](std::unique_ptr<Stream> stream) {
             const std::string name = std::to_string(streams.size());
             order.push_back("accepted " + name);
             stream->start({[&order, name](ByteView) { order.push_back("read " + name); }, {}, {}, {}});
             streams.push_back(std::move(stream));
         },
         {}});
    ASSERT_TRUE(listener);
    std::vector<RawSocket> peers;
    for (int i = 0; i < 3; ++i) {
        peers.push_back(RawSocket::connected_to(loopback_v4((*listener)->port())));
        peers.back().send(bytes_of("hello"));
    }
    run_until([&] { return order.size() == 6; });
    EXPECT_EQ(order, (std::vector<std::string>{"accepted 0", "read 0", "accepted 1", "read 1", "accepted 2",
                                               "read 2"}));
}

TEST_F(ListenerTest, GoesOnAfterRunningOutOfFiles) {
    const auto listener = Listener::open(loop, on({loopback_v4().ip}), collecting());
    ASSERT_TRUE(listener);
    // So that a sanitizer, which needs files too, has seen these classes before there are none left.
    settle();
    const RawSocket peer = RawSocket::connected_to(loopback_v4((*listener)->port()));
    rlimit old{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &old), 0);
    rlimit none = old;
    none.rlim_cur = static_cast<rlim_t>(peer.fd()) + 1;
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &none), 0);
    run_until([&] { return !troubles.empty(); });
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &old), 0);
    EXPECT_EQ(troubles.front(), NetError::too_many_files);
    EXPECT_TRUE(streams.empty());
    run_until([&] { return streams.size() == 1; });
}

TEST_F(ListenerTest, MayBeDestroyedFromItsCallback) {
    std::unique_ptr<Listener> listener;
    int accepted = 0;
    listener = *Listener::open(loop, on({loopback_v4().ip}),
                               {[&](std::unique_ptr<Stream>) {
                                    ++accepted;
                                    listener.reset();
                                },
                                {}});
    const u16 port = listener->port();
    const RawSocket one = RawSocket::connected_to(loopback_v4(port));
    const RawSocket two = RawSocket::connected_to(loopback_v4(port));
    run_until([&] { return accepted == 1; });
    settle();
    EXPECT_EQ(accepted, 1);
    EXPECT_THROW(static_cast<void>(RawSocket::connected_to(loopback_v4(port))), std::runtime_error);
}

}  // namespace
}  // namespace chat
