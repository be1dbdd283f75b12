#include "shell/net/loop.hpp"

#include <asio/executor_work_guard.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <exception>
#include <mutex>

#include "base/guarded_memory.hpp"
#include "shell/net/asio_core.hpp"

namespace chat {

class LoopCore::Mailbox : public LoopMailbox {
  public:
    explicit Mailbox(asio::io_context& context) : context_{&context} {}

    bool post(std::function<void()> work) override {
        const std::lock_guard lock{mutex_};
        if (context_ == nullptr) return false;
        asio::post(*context_, std::move(work));
        return true;
    }
    void close() {
        const std::lock_guard lock{mutex_};
        context_ = nullptr;
    }

  private:
    std::mutex mutex_;
    asio::io_context* context_;
};

class LoopCore::EndSignals {
  public:
    EndSignals(asio::io_context& context, std::function<void(EndSignal)> callback)
        : signals_{context, SIGINT, SIGTERM}, callback_{std::move(callback)} {
#ifdef SIGHUP
        signals_.add(SIGHUP);
#endif
        wait();
    }

  private:
    void wait() {
        signals_.async_wait([this](const asio::error_code& error, int number) {
            if (error) return;
            wait();
            callback_(number == SIGINT    ? EndSignal::interrupt
                      : number == SIGTERM ? EndSignal::terminate
                                          : EndSignal::hang_up);
        });
    }

    asio::signal_set signals_;
    std::function<void(EndSignal)> callback_;
};

LoopCore::LoopCore() : mailbox_{std::make_shared<Mailbox>(context)} {}

LoopCore::~LoopCore() {
    worker_.begin_no_more();
    mailbox_->close();
}

std::shared_ptr<LoopMailbox> LoopCore::mailbox() const { return mailbox_; }

Loop::Loop() : core_{std::make_unique<LoopCore>()} {}

Loop::~Loop() = default;

Time Loop::now() const {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

WallTime Loop::wall_now() const {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

namespace {

/// Keeps the loop from ending for lack of work, and makes it fit to run again, whichever way the run ends.
class Running {
  public:
    explicit Running(asio::io_context& context) : context_{context}, guard_{asio::make_work_guard(context)} {}
    Running(const Running&) = delete;
    Running& operator=(const Running&) = delete;
    ~Running() {
        // First the guard: one that was the last work stops the context once more.
        guard_.reset();
        if (context_.stopped()) context_.restart();
    }

  private:
    asio::io_context& context_;
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
};

}  // namespace

void Loop::run() {
    const Running running{core_->context};
    while (core_->context.run_one() > 0) {
        core_->context.poll();
        guarded_memory::wipe_stack();
    }
}

void Loop::stop() { core_->context.stop(); }

void Loop::run_until(const std::function<bool()>& done) {
    const Running running{core_->context};
    while (!done() && core_->context.run_one() > 0) guarded_memory::wipe_stack();
}

void Loop::post(std::function<void()> work) { asio::post(core_->context, std::move(work)); }

std::shared_ptr<LoopMailbox> Loop::mailbox() const { return core_->mailbox(); }

void Loop::run_job(std::function<void()> work, std::function<void()> deliver) {
    core_->worker().add([work = std::move(work), deliver = std::move(deliver), home = mailbox()]() mutable {
        std::exception_ptr thrown;
        try {
            work();
        } catch (...) {
            thrown = std::current_exception();
        }
        home->post([deliver = std::move(deliver), thrown] {
            if (thrown) std::rethrow_exception(thrown);
            deliver();
        });
    });
}

void Loop::on_end_signal(std::function<void(EndSignal)> callback) {
#ifdef SIGPIPE
    std::signal(SIGPIPE, SIG_IGN);
#endif
    core_->end_signals = std::make_unique<LoopCore::EndSignals>(core_->context, std::move(callback));
}

struct Timer::Impl {
    explicit Impl(asio::io_context& context) : timer{context} {}
    asio::steady_timer timer;
    u64 setting = 0;  ///< counts up, so that an alarm already on its way knows it was cancelled
};

Timer::Timer(Loop& loop) : impl_{std::make_shared<Impl>(loop.core().context)} {}

Timer::~Timer() { cancel(); }

void Timer::set(Time when, std::function<void()> callback) {
    cancel();
    impl_->timer.expires_at(std::chrono::steady_clock::time_point{when.time_since_epoch()});
    // The callback belongs to the wait and not to impl_: it may own the timer, and a circle would never be
    // freed.
    impl_->timer.async_wait(
        [impl = impl_, setting = impl_->setting, callback = std::move(callback)](const asio::error_code&) {
            if (impl->setting != setting) return;
            ++impl->setting;
            callback();
        });
}

void Timer::set(std::optional<Time> when, std::function<void()> callback) {
    if (when) {
        set(*when, std::move(callback));
    } else {
        cancel();
    }
}

void Timer::cancel() {
    ++impl_->setting;
    impl_->timer.cancel();
}

}  // namespace chat
