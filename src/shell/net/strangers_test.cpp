// What a scanner sees of a listener, over real sockets: a Listener whose streams go through Admission, as the
// node has it, with a hold time short enough for a test.

#include <sys/resource.h>

#include <algorithm>
#include <map>

#include "p2p_core/admission.hpp"
#include "shell/net/listener.hpp"
#include "support/loop_fixture.hpp"
#include "support/raw_socket.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using test::loopback_v4;
using test::RawSocket;
using namespace std::chrono_literals;

class StrangersTest : public test::LoopFixture {
  protected:
    void open(Duration hold) {
        AdmissionLimits limits;
        limits.hold_shortest = hold;
        limits.hold_longest = hold;
        admission_.emplace(rng_, limits);
        ListenOptions options;
        options.bind = {loopback_v4().ip};
        listener_ = *Listener::open(loop, options, {[this](auto stream) { accept(std::move(stream)); }, {}});
    }
    void accept(std::unique_ptr<Stream> stream) {
        const ConnectionId id = next_id_++;
        const NetworkKey network = network_of(stream->peer().ip);
        stream->start({[this, id](ByteView bytes) {
                           feed(Admission::Received{id, bytes});
                       },
                       {},  // half a close changes nothing
                       [this, id](NetError) { feed(Admission::Gone{id}); },
                       {}});
        streams_[id] = std::move(stream);
        feed(Admission::Accepted{id, network});
    }
    void feed(const Admission::Input& input) {
        std::vector<ConnectionId> valid;
        admission_->handle(input, loop.now());
        while (auto output = admission_->poll()) {
            if (const auto* hello = std::get_if<Admission::HelloComplete>(&*output)) {
                if (hello->hello == real_hello) valid.push_back(hello->connection);
                ++hellos_seen;
            } else {
                streams_.at(std::get_if<Admission::Reset>(&*output)->connection)->reset();
            }
        }
        most_held = std::max(most_held, admission_->held());
        most_buffered = std::max(most_buffered, admission_->buffered());
        alarm_.set(admission_->deadline(), [this] { feed(Admission::TimePassed{}); });
        for (ConnectionId id : valid) serve(id);
    }
    void serve(ConnectionId id) {
        feed(Admission::HelloValid{id});
        ASSERT_TRUE(streams_.at(id)->write({'w', 'e', 'l', 'c', 'o', 'm', 'e'}));
    }
    [[nodiscard]] RawSocket connect() const {
        return RawSocket::connected_to(loopback_v4(listener_->port()));
    }
    [[nodiscard]] Duration hold() const { return admission_->hold_time(); }

    static constexpr std::size_t hello_size = 1673;
    const Bytes real_hello = Bytes(hello_size, 0x42);
    std::size_t most_held = 0;
    std::size_t most_buffered = 0;
    std::size_t hellos_seen = 0;

  private:
    test::SeededRng rng_{51};
    Timer alarm_{loop};
    std::optional<Admission> admission_;
    std::map<ConnectionId, std::unique_ptr<Stream>> streams_;
    std::unique_ptr<Listener> listener_;
    ConnectionId next_id_ = 0;
};

TEST_F(StrangersTest, WhateverIsSentTheAnswerIsAResetWhenTheHoldTimeIsOver) {
    open(300ms);
    std::vector<RawSocket> scanners;
    for (int i = 0; i < 6; ++i) scanners.push_back(connect());
    const Time start = loop.now();
    // 0 sends nothing; 1 noise; 2 half a hello; 3 a hello of its own making and more; 4 half a hello and half
    // a close; 5 a close alone.
    scanners[1].send(bytes_of("GET / HTTP/1.1\r\nHost: example\r\n\r\n"));
    scanners[2].send(Bytes(hello_size / 2, 1));
    scanners[3].send(Bytes(hello_size * 3, 2));
    scanners[4].send(Bytes(hello_size / 2, 3));
    scanners[4].half_close();
    scanners[5].half_close();
    std::map<std::size_t, std::string> seen;
    std::map<std::size_t, Duration> ended_after;
    run_until([&] {
        for (std::size_t i = 0; i < scanners.size(); ++i) {
            if (ended_after.count(i) != 0) continue;
            seen[i] = scanners[i].look();
            if (!seen[i].empty()) ended_after[i] = loop.now() - start;
        }
        look_again();
        return ended_after.size() == scanners.size();
    });
    for (const auto& [scanner, what] : seen) EXPECT_EQ(what, "RST") << scanner;
    // Nobody's end comes early, whatever it sent; how late the test sees it is this machine's affair.
    for (const auto& [scanner, after] : ended_after) EXPECT_GE(after, hold() - 5ms) << scanner;
    EXPECT_EQ(hellos_seen, 1U);
}

TEST_F(StrangersTest, AThousandAtOnceLeaveTheRealPeerServed) {
    rlimit files{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &files), 0);
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 4096);
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &files), 0);
    open(15s);
    std::vector<RawSocket> strangers;
    std::optional<RawSocket> peer;
    for (std::size_t i = 0; i < 1000; ++i) {
        strangers.push_back(connect());
        if (i % 3 == 1) strangers.back().send(Bytes(hello_size - 1, 9));
        if (i % 3 == 2) strangers.back().send(Bytes(hello_size, 9));
        if (i == 500) {
            peer.emplace(connect());
            peer->send(real_hello);
        }
        // The kernel's queue of connections is finite; every now and then the listener gets a turn.
        if (i % 100 == 99) settle();
    }
    std::string answer;
    run_until([&] {
        if (answer.empty()) answer = peer->look();
        look_again();
        return !answer.empty();
    });
    EXPECT_EQ(answer, "welcome");
    settle();
    for (const RawSocket& stranger : strangers) {
        const std::string seen = stranger.look();
        EXPECT_TRUE(seen.empty() || seen == "RST") << "a stranger got something";
    }
    EXPECT_EQ(peer->look(), "") << "the peer was pushed out";
    EXPECT_LE(most_held, 64U);  // all from one address
    EXPECT_LE(most_buffered, 64 * hello_size);
}

}  // namespace
}  // namespace chat
