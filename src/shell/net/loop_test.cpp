#include "shell/net/loop.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <thread>

#include "support/loop_fixture.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;

using LoopTest = test::LoopFixture;

TEST_F(LoopTest, TimersRunInOrderAndNotEarly) {
    std::vector<int> order;
    Timer late{loop};
    Timer early{loop};
    const Time start = loop.now();
    Time late_at{};
    late.set(start + 20ms, [&] {
        order.push_back(2);
        late_at = loop.now();
    });
    early.set(start + 5ms, [&] { order.push_back(1); });
    run_until([&] { return order.size() == 2; });
    EXPECT_EQ(order, (std::vector{1, 2}));
    EXPECT_GE(late_at, start + 20ms);
}

TEST_F(LoopTest, ATimerSetAgainForgetsWhatItWasSetTo) {
    int first = 0;
    int second = 0;
    Timer timer{loop};
    timer.set(loop.now(), [&] { ++first; });
    timer.set(loop.now() + 1ms, [&] { ++second; });
    run_until([&] { return second == 1; });
    settle();
    EXPECT_EQ(first, 0);
    EXPECT_EQ(second, 1);
}

TEST_F(LoopTest, ACancelledOrDestroyedTimerNeverRuns) {
    int runs = 0;
    Timer cancelled{loop};
    auto destroyed = std::make_unique<Timer>(loop);
    auto unset = std::make_unique<Timer>(loop);
    // Their alarms are due already when the first of these callbacks runs.
    loop.post([&] {
        cancelled.cancel();
        destroyed.reset();
        unset->set(std::optional<Time>{}, [&] { ++runs; });
    });
    cancelled.set(loop.now() - 1ms, [&] { ++runs; });
    destroyed->set(loop.now() - 1ms, [&] { ++runs; });
    unset->set(std::optional{loop.now() - 1ms}, [&] { ++runs; });
    settle();
    EXPECT_EQ(runs, 0);
}

TEST_F(LoopTest, ATimerMayBeSetAgainAndDestroyedFromItsOwnCallback) {
    int runs = 0;
    auto timer = std::make_unique<Timer>(loop);
    timer->set(loop.now(), [&] {
        ++runs;
        timer->set(loop.now(), [&] {
            ++runs;
            timer.reset();
        });
    });
    run_until([&] { return timer == nullptr; });
    EXPECT_EQ(runs, 2);
}

TEST_F(LoopTest, WorkPostedFromAnotherThreadRunsHere) {
    std::thread::id ran_on;
    std::thread other{[&] { loop.post([&] { ran_on = std::this_thread::get_id(); }); }};
    run_until([&] { return ran_on != std::thread::id{}; });
    other.join();
    EXPECT_EQ(ran_on, std::this_thread::get_id());
}

TEST_F(LoopTest, BackgroundJobsRunElsewhereInOrderAndAreDeliveredHere) {
    std::vector<int> delivered;
    std::thread::id worked_on;
    for (int i = 0; i < 5; ++i) {
        loop.in_background<std::unique_ptr<int>>(
            [&worked_on, i] {
                worked_on = std::this_thread::get_id();
                return std::make_unique<int>(i);
            },
            [&](std::unique_ptr<int> value) { delivered.push_back(*value); });
    }
    run_until([&] { return delivered.size() == 5; });
    EXPECT_EQ(delivered, (std::vector{0, 1, 2, 3, 4}));
    EXPECT_NE(worked_on, std::this_thread::get_id());
}

TEST_F(LoopTest, WhatABackgroundJobThrowsComesOutOfRun) {
    loop.in_background<int>([]() -> int { throw std::runtime_error{"no randomness"}; }, [](int) { FAIL(); });
    EXPECT_THROW(loop.run(), std::runtime_error);
}

TEST(Loop, WhatACallbackThrowsComesOutOfRunAndTheLoopGoesOn) {
    Loop loop;
    loop.post([] { throw std::runtime_error{"bad"}; });
    EXPECT_THROW(loop.run(), std::runtime_error);
    bool ran = false;
    loop.post([&] {
        ran = true;
        loop.stop();
    });
    loop.run();
    EXPECT_TRUE(ran);
}

TEST(Loop, StopsFromAnotherThread) {
    Loop loop;
    std::thread other{[&] { loop.stop(); }};
    loop.run();
    other.join();
}

TEST(Loop, AJobThatHasntBegunIsDroppedAndAFinishedOneIsntDeliveredOnceTheLoopIsGone) {
    std::atomic<int> begun = 0;
    auto loop = std::make_unique<Loop>();
    const auto mailbox = loop->mailbox();
    for (int i = 0; i < 3; ++i) {
        loop->in_background<int>(
            [&] {
                ++begun;
                while (mailbox->post([] {})) std::this_thread::yield();  // until the loop is ending
                return 0;
            },
            [](int) { FAIL(); });
    }
    while (begun == 0) std::this_thread::yield();
    loop.reset();
    EXPECT_EQ(begun, 1);
}

TEST(Loop, AMailboxSaysThatItsLoopIsGone) {
    auto loop = std::make_unique<Loop>();
    const auto mailbox = loop->mailbox();
    EXPECT_TRUE(mailbox->post([] { FAIL(); }));
    loop.reset();
    EXPECT_FALSE(mailbox->post([] { FAIL(); }));
}

TEST(Loop, WhatPendingCallbacksOwnIsFreedWithIt) {
    const auto owned = std::make_shared<int>(1);
    {
        Loop loop;
        auto timer = std::make_shared<Timer>(loop);
        timer->set(loop.now() + 1h, [timer, owned] {});  // a callback that owns its own timer
        loop.post([owned] {});
    }
    EXPECT_EQ(owned.use_count(), 1);
}

TEST_F(LoopTest, EndSignalsComeAsCallbacks) {
    std::vector<EndSignal> seen;
    loop.on_end_signal([&](EndSignal signal) { seen.push_back(signal); });
    for (int number : {SIGINT, SIGTERM, SIGHUP, SIGINT}) {
        const std::size_t before = seen.size();
        ASSERT_EQ(std::raise(number), 0);
        run_until([&] { return seen.size() > before; });
    }
    EXPECT_EQ(seen, (std::vector{EndSignal::interrupt, EndSignal::terminate, EndSignal::hang_up,
                                 EndSignal::interrupt}));
}

TEST_F(LoopTest, AClosedPipeIsAnErrorNotTheEnd) {
    loop.on_end_signal([](EndSignal) {});
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(pipe(pipe_ends.data()), 0);
    close(pipe_ends[0]);
    EXPECT_EQ(write(pipe_ends[1], "x", 1), -1);
    EXPECT_EQ(errno, EPIPE);
    close(pipe_ends[1]);
}

class ReadWatchTest : public test::LoopFixture {
  protected:
    ReadWatchTest() { EXPECT_EQ(pipe(ends_.data()), 0); }
    ~ReadWatchTest() override {
        close(ends_[0]);
        if (ends_[1] >= 0) close(ends_[1]);
    }
    void send(const char* text) const { ASSERT_EQ(write(ends_[1], text, 1), 1); }
    void read_one() {
        char c = 0;
        const ssize_t size = read(ends_[0], &c, 1);
        if (size == 1) text_ += c;
        if (size == 0) ended_ = true;
        ++calls_;
    }

    std::array<int, 2> ends_{};
    std::string text_;
    bool ended_ = false;
    int calls_ = 0;
};

TEST_F(ReadWatchTest, CallsForEachThingToReadAndAtTheEnd) {
    std::unique_ptr<ReadWatch> watch;
    watch = std::make_unique<ReadWatch>(loop, ends_[0], [&] {
        read_one();
        if (ended_) watch.reset();
    });
    settle();
    EXPECT_EQ(calls_, 0);
    send("a");
    send("b");
    run_until([&] { return text_.size() == 2; });
    EXPECT_EQ(calls_, 2);
    close(std::exchange(ends_[1], -1));
    run_until([&] { return ended_; });
    EXPECT_EQ(text_, "ab");
}

TEST_F(ReadWatchTest, LeavesTheDescriptorAsItIs) {
    const int before = fcntl(ends_[0], F_GETFL);
    const ReadWatch watch{loop, ends_[0], [&] { read_one(); }};
    send("a");
    run_until([&] { return calls_ == 1; });
    EXPECT_EQ(fcntl(ends_[0], F_GETFL), before);
}

TEST_F(ReadWatchTest, Pauses) {
    ReadWatch watch{loop, ends_[0], [&] { read_one(); }};
    watch.pause();
    send("a");
    settle();
    EXPECT_EQ(calls_, 0);
    watch.resume();
    watch.resume();
    run_until([&] { return calls_ == 1; });
    settle();
    EXPECT_EQ(calls_, 1);
}

TEST_F(ReadWatchTest, ARegularFileIsAlwaysReady) {
    const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file{std::tmpfile(), &std::fclose};
    std::fputs("hello", file.get());
    std::rewind(file.get());
    std::string text;
    bool ended = false;
    std::unique_ptr<ReadWatch> watch;
    watch = std::make_unique<ReadWatch>(loop, fileno(file.get()), [&] {
        char c = 0;
        if (read(fileno(file.get()), &c, 1) == 1) {
            text += c;
        } else {
            ended = true;
            watch.reset();
        }
    });
    run_until([&] { return ended; });
    EXPECT_EQ(text, "hello");
}

}  // namespace
}  // namespace chat
