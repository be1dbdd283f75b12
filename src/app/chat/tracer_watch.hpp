#pragma once
/// Looks every two seconds whether a debugger or tracer has attached itself to this process.

#include <functional>

#include "process_protection/hardening.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class TracerWatch {
  public:
    /// `attached` is called once for each time that somebody does.
    TracerWatch(Loop& loop, std::function<void()> attached)
        : loop_{loop}, attached_{std::move(attached)}, was_traced_{is_traced()}, timer_{loop} {
        wait();
    }

  private:
    static constexpr Duration pause = std::chrono::seconds{2};

    void wait() {
        timer_.set(loop_.now() + pause, [this] {
            const bool traced = is_traced();
            wait();
            if (traced && !std::exchange(was_traced_, traced)) attached_();
            was_traced_ = traced;
        });
    }

    Loop& loop_;
    std::function<void()> attached_;
    bool was_traced_;
    Timer timer_;
};

}  // namespace chat
