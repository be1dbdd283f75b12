#pragma once
/// A loop for tests with real sockets: what is waited for must happen, and within a time no machine needs.

#include <gtest/gtest.h>

#include <utility>

#include "shell/net/loop.hpp"

namespace chat::test {

class LoopFixture : public testing::Test {
  protected:
    /// Runs the loop until `done` holds; a failure of the test after 20 s.
    void run_until(const std::function<bool()>& done) {
        bool expired = false;
        Timer limit{loop};
        limit.set(loop.now() + std::chrono::seconds{20}, [&] { expired = true; });
        loop.run_until([&] { return expired || done(); });
        if (expired) ADD_FAILURE() << "what was waited for didn't happen";
    }
    /// Has `done` of run_until() asked again in a moment, for what no callback tells of.
    void look_again() {
        if (std::exchange(looking_, true)) return;
        look_.set(loop.now() + std::chrono::milliseconds{1}, [this] { looking_ = false; });
    }
    /// Runs what is on its way already, and what that brings about at once.
    void settle() {
        int rounds = 0;
        const std::function<void()> again = [&] {
            if (++rounds < 20) loop.post(again);
        };
        loop.post(again);
        run_until([&] { return rounds == 20; });
    }

    Loop loop;

  private:
    Timer look_{loop};
    bool looking_ = false;
};

}  // namespace chat::test
