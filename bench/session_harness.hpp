#pragma once
/// Two people of one session for the benchmarks: each with a loop on a thread of its own, real sockets on loopback, keys made ahead
/// as in the program. Times are of the wall and of the processor: on a machine that does other things, too, only the latter mean much.

#include <pthread.h>

#include <algorithm>
#include <atomic>
#include <ctime>
#include <future>
#include <stdexcept>
#include <thread>

#include "crypto/tested_system_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "shell/key_stock.hpp"
#include "shell/node_runner.hpp"

namespace chat::bench {

using Nanoseconds = double;

inline Nanoseconds read_clock(clockid_t clock) {
    timespec time{};
    clock_gettime(clock, &time);
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}
inline Nanoseconds wall_time() { return read_clock(CLOCK_MONOTONIC); }
inline Nanoseconds process_cpu_time() { return read_clock(CLOCK_PROCESS_CPUTIME_ID); }

/// `values` is not empty; `part` 0.5 is the median.
inline Nanoseconds quantile(std::vector<Nanoseconds> values, double part) {
    const auto at = static_cast<std::ptrdiff_t>(part * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + at, values.end());
    return values[static_cast<std::size_t>(at)];
}
inline Nanoseconds median(std::vector<Nanoseconds> values) { return quantile(std::move(values), 0.5); }

/// Everything that the program builds for one person, and the thread that runs it.
class Person {
  public:
    Person()
        : keys_{loop_, rng_, [] { return std::make_unique<TestedSystemRng>(); }, [] { return nullptr; }},
          identity_{SoftwareIdentityKeys::generate(rng_)},
          runner_{std::make_unique<NodeRunner>(
              loop_, resolver_, rng_, keys_, tls_, identity_, options(),
              NodeRunner::Events{[this](const Event& event) { on_event(event); }, {}})} {
        constexpr auto patience = std::chrono::minutes{5};
        watchdog_.set(loop_.now() + patience, [] { throw std::runtime_error{"a benchmark hangs"}; });
    }
    Person(const Person&) = delete;
    Person& operator=(const Person&) = delete;
    ~Person() {
        if (!thread_.joinable()) return;
        loop_.stop();
        thread_.join();
    }

    /// Waits until all keys and certificates ordered so far are in stock. Before start().
    void fill_stock() {
        bool filled = false;
        loop_.in_background<int>([] { return 0; }, [&filled](int) { filled = true; });
        loop_.run_until([&filled] { return filled; });
    }
    void start() {
        thread_ = std::thread{[this] { loop_.run(); }};
        if (pthread_getcpuclockid(thread_.native_handle(), &cpu_clock_) != 0)
            throw std::runtime_error{"the thread has no clock"};
    }

    /// Runs `action` on the person's thread and waits for it.
    template <class Action>
    auto call(Action action) {
        using Answer = decltype(action(*this));
        auto task = std::make_shared<std::packaged_task<Answer()>>([this, action] { return action(*this); });
        auto answer = task->get_future();
        loop_.post([task] { (*task)(); });
        return answer.get();
    }
    /// Replaces what happens on an event; from the person's thread, or before start().
    void listen_to(std::function<void(const Event&)> listener) { listener_ = std::move(listener); }

    [[nodiscard]] NodeRunner& runner() { return *runner_; }
    /// Of the loop's thread alone, without the making of keys in the background.
    [[nodiscard]] Nanoseconds cpu_time() const { return read_clock(cpu_clock_); }
    [[nodiscard]] Rng& rng() { return rng_; }
    [[nodiscard]] WallTime wall_now() const { return loop_.wall_now(); }

  private:
    static NodeOptions options() {
        NodeOptions out;
        out.rotation_interval = Duration{};
        return out;
    }
    void on_event(const Event& event) {
        if (listener_) listener_(event);
    }

    TestedSystemRng rng_;
    Loop loop_;
    Timer watchdog_{loop_};
    Resolver resolver_{loop_};
    TlsContext tls_;
    KeyStock keys_;
    std::shared_ptr<IdentityKeys> identity_;
    std::function<void(const Event&)> listener_;
    std::unique_ptr<NodeRunner> runner_;
    std::thread thread_;
    clockid_t cpu_clock_{};
};

/// One count that another thread waits for.
class Milestone {
  public:
    void reach() {
        reached_.store(true);
        reached_.notify_all();
    }
    void wait() const { reached_.wait(false); }

  private:
    std::atomic<bool> reached_ = false;
};

enum class Stock : u8 { filled, empty };

/// A host and a guest, and how they met: from the order to dial until the guest's first text was with the host.
class Meeting {
  public:
    struct Cost {
        Nanoseconds wall = 0;
        Nanoseconds guest_cpu = 0;
        Nanoseconds host_cpu = 0;
        Nanoseconds process_cpu = 0;  ///< with the keys that the background made meanwhile
        double bytes_to_host = 0;
        double bytes_to_guest = 0;
    };

    explicit Meeting(Stock stock) {
        if (stock == Stock::filled) {
            host.fill_stock();
            guest.fill_stock();
        }
        const PresharedSecret secret = host.rng().secret<PresharedSecret>();
        listen(secret);
        say_hello_when_connected();
        host.listen_to([this](const Event& event) {
            if (!std::holds_alternative<TextReceived>(event)) return;
            arrived_ = wall_time();
            heard_.reach();
        });
        host.start();
        guest.start();
        dial(secret);
    }

    [[nodiscard]] const Cost& cost() const { return cost_; }
    /// Whatever listens to events is let go of.
    void ignore_events() {
        for (Person* person : {&guest, &host}) {
            person->call([](Person& self) {
                self.listen_to({});
                return 0;
            });
        }
    }

  private:
    Milestone heard_;
    Nanoseconds arrived_ = 0;
    Cost cost_;

  public:
    Person host;
    Person guest;

  private:
    void listen(const PresharedSecret& secret) {
        ListenOptions here;
        here.bind = {IpAddress::v4({127, 0, 0, 1})};
        const bool listening = host.runner().listen(here).has_value();
        const WallTime expiry = host.wall_now() + std::chrono::hours{1};
        if (!listening || !host.runner().offer_invite(secret, expiry, InviteUse::single))
            throw std::runtime_error{"the host can't listen"};
    }
    void say_hello_when_connected() {
        guest.listen_to([this](const Event& event) {
            if (std::holds_alternative<SessionEnded>(event)) throw std::runtime_error{"no session"};
            if (!std::holds_alternative<Connected>(event)) return;
            if (!guest.runner().send_text(bytes_of("hello"))) throw std::runtime_error{"not sent"};
        });
    }
    void dial(const PresharedSecret& secret) {
        const HostPort place = host_port({IpAddress::v4({127, 0, 0, 1}), host.runner().listener()->port()});
        const Fingerprint fingerprint = host.runner().fingerprint();
        const Nanoseconds process_before = process_cpu_time();
        const Nanoseconds host_before = host.cpu_time();
        const Nanoseconds guest_before = guest.cpu_time();
        const Nanoseconds begun = guest.call([&](Person& person) {
            const Nanoseconds now = wall_time();
            person.runner().join(secret.clone(), fingerprint, {place});
            return now;
        });
        heard_.wait();
        cost_ = {arrived_ - begun,
                 guest.cpu_time() - guest_before,
                 host.cpu_time() - host_before,
                 process_cpu_time() - process_before,
                 0,
                 0};
        const auto traffic = host.call([](Person& person) { return person.runner().traffic(); });
        cost_.bytes_to_host = static_cast<double>(traffic.bytes_received);
        cost_.bytes_to_guest = static_cast<double>(traffic.bytes_sent);
    }
};

}  // namespace chat::bench
