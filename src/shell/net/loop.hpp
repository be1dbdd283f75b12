#pragma once
/// The one loop of the program: sockets, timers, signals, the clock, and one worker thread for slow
/// computations. Everything in shell/net calls back on the thread that is in run(), and only from there,
/// never from inside the call that set it up. What was made with a loop is destroyed before it, except what
/// its own pending callbacks own.

#include <functional>
#include <memory>
#include <optional>

#include "base/time.hpp"

namespace chat {

class LoopCore;  // owns asio's part; known to shell/net alone

/// What asks the program to end.
enum class EndSignal : unsigned char { interrupt, terminate, hang_up };

/// Hands work to a loop from any thread, also after the loop is gone (the work is then dropped).
class LoopMailbox {
  public:
    virtual ~LoopMailbox() = default;
    /// False: the loop is gone.
    virtual bool post(std::function<void()> work) = 0;
};

class Loop {
  public:
    Loop();
    Loop(const Loop&) = delete;
    Loop& operator=(const Loop&) = delete;
    /// Drops what is pending; waits for the worker's present job, never for a name lookup.
    ~Loop();

    /// Monotonic.
    [[nodiscard]] Time now() const;
    /// UTC, whole seconds.
    [[nodiscard]] WallTime wall_now() const;

    /// Runs until stop(). An exception thrown by a callback or by background work comes out here.
    void run();
    /// Makes run() return after the present callback. From any thread.
    void stop();
    /// Runs until `done` holds after some callback, or until stop().
    void run_until(const std::function<bool()>& done);

    /// Runs `work` on this loop soon, never inside this call. From any thread.
    void post(std::function<void()> work);
    [[nodiscard]] std::shared_ptr<LoopMailbox> mailbox() const;

    /// Runs `work` on the worker thread (jobs one after the other, in order), then `deliver` with its result
    /// on the loop. An exception out of `work` comes out of run(). Both must own what they use: a job whose
    /// loop ends is not delivered.
    template <class T>
    void in_background(std::function<T()> work, std::function<void(T)> deliver) {
        auto result = std::make_shared<std::optional<T>>();
        run_job([work = std::move(work), result] { result->emplace(work()); },
                [deliver = std::move(deliver), result] { deliver(std::move(**result)); });
    }

    /// Ctrl-C, SIGTERM and SIGHUP come here instead of ending the program; SIGPIPE is ignored. Once per loop.
    void on_end_signal(std::function<void(EndSignal)> callback);

    /// For shell/net.
    [[nodiscard]] LoopCore& core() { return *core_; }

  private:
    void run_job(std::function<void()> work, std::function<void()> deliver);

    std::unique_ptr<LoopCore> core_;
};

/// One alarm. Setting it again replaces it; destroying it cancels it: its callback never runs after that.
class Timer {
  public:
    explicit Timer(Loop& loop);
    Timer(const Timer&) = delete;
    Timer& operator=(const Timer&) = delete;
    ~Timer();

    void set(Time when, std::function<void()> callback);
    /// set() or cancel(), for a machine's deadline().
    void set(std::optional<Time> when, std::function<void()> callback);
    void cancel();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

/// Calls back whenever a file descriptor (a terminal, a pipe, a file) can be read without waiting, or is at
/// its end. It doesn't own the descriptor and never makes it non-blocking, since a terminal is shared with
/// the shell that started the program.
class ReadWatch {
  public:
    ReadWatch(Loop& loop, int descriptor, std::function<void()> on_readable);
    ReadWatch(const ReadWatch&) = delete;
    ReadWatch& operator=(const ReadWatch&) = delete;
    ~ReadWatch();

    /// No callbacks until resume(); it begins running.
    void pause();
    void resume();

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace chat
