// What start-up pays for its protection. Each of these can be done once in a process, so each iteration measures inside a child.

#include <benchmark/benchmark.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>

#include "process_protection/hardening.hpp"
#include "process_protection/sandbox.hpp"

namespace {

constexpr auto nothing_before = [] {};

/// `work` gets the descriptor over which the time goes back, and gives it back: confining may close others.
template <class Work, class Before = decltype(nothing_before)>
void once_per_process(benchmark::State& state, Work work, Before before = {}) {
    for (auto _ : state) {
        std::array<int, 2> pipe{};
        if (::pipe(pipe.data()) != 0) return state.SkipWithError("no pipe");
        const pid_t child = ::fork();
        if (child == 0) {
            before();
            const auto begin = std::chrono::steady_clock::now();
            const int kept = work(pipe[1]);
            const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
            const double seconds = took.count();
            ::_exit(::write(kept, &seconds, sizeof seconds) == sizeof seconds ? 0 : 1);
        }
        double seconds = 0;
        const bool measured = ::read(pipe[0], &seconds, sizeof seconds) == sizeof seconds;
        int status = 0;
        ::waitpid(child, &status, 0);
        ::close(pipe[0]);
        ::close(pipe[1]);
        if (!measured || status != 0) return state.SkipWithError("the child failed");
        state.SetIterationTime(seconds);
    }
}

void harden(benchmark::State& state) {
    once_per_process(state, [](int out) {
        benchmark::DoNotOptimize(chat::harden_process(chat::Debugger::refused));
        return out;
    });
}
BENCHMARK(harden)->UseManualTime()->Unit(benchmark::kMicrosecond);

void confine_network(benchmark::State& state) {
    once_per_process(state, [](int out) {
        chat::confine_network_process({});
        return out;
    });
}
BENCHMARK(confine_network)->UseManualTime()->Unit(benchmark::kMicrosecond);

void confine_device(benchmark::State& state) {
    once_per_process(state, [](int out) {
        chat::confine_device_process();
        return out;
    });
}
BENCHMARK(confine_device)->UseManualTime()->Unit(benchmark::kMicrosecond);

void confine_keys(benchmark::State& state) {
    once_per_process(state, [](int out) {
        chat::confine_key_process(out);
        return out;
    });
}
BENCHMARK(confine_keys)->UseManualTime()->Unit(benchmark::kMicrosecond);

/// What a filter adds to every system call: a thousand cheap ones.
void thousand_calls(benchmark::State& state) {
    const bool confined = state.range(0) == 1;
    once_per_process(
        state,
        [](int out) {
            for (int i = 0; i < 1000; ++i) ::getppid();
            return out;
        },
        [confined] {
            if (confined) chat::confine_network_process({});
        });
}
BENCHMARK(thousand_calls)->Arg(0)->Arg(1)->UseManualTime()->Unit(benchmark::kMicrosecond);

void ask_whether_traced(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(chat::is_traced());
}
BENCHMARK(ask_whether_traced)->Unit(benchmark::kMicrosecond);

}  // namespace
