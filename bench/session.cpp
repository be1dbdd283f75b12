// The whole stack between two people on loopback, beside what its primitives cost in the same moment. Real time is that of the wall, for
// one session, message or turn; every counter that ends in _cpu_ns is processor time, which says what an idle machine would do.
// tools/bench.py prints the bars from the counters (docs/performance.md).

#include <benchmark/benchmark.h>

#include "session_memory.hpp"
#include "session_primitives.hpp"

namespace chat::bench {
namespace {

void report(benchmark::State& state, Nanoseconds wall) { state.SetIterationTime(wall / 1e9); }

template <class Field>
double median_of(const std::vector<Meeting::Cost>& costs, Field field) {
    std::vector<double> values;
    for (const auto& cost : costs) values.push_back(cost.*field);
    return median(std::move(values));
}

/// From the order to dial until the guest's first text is with the host.
void dial(benchmark::State& state, Stock stock) {
    constexpr int meetings = 9;
    Commons commons;
    for (auto _ : state) {
        std::vector<Meeting::Cost> costs;
        for (int i = 0; i < meetings; ++i) costs.push_back(Meeting{stock}.cost());
        const auto median_cost = [&costs](auto field) { return median_of(costs, field); };
        report(state, median_cost(&Meeting::Cost::wall));
        state.counters["guest_cpu_ns"] = median_cost(&Meeting::Cost::guest_cpu);
        state.counters["host_cpu_ns"] = median_cost(&Meeting::Cost::host_cpu);
        state.counters["process_cpu_ns"] = median_cost(&Meeting::Cost::process_cpu);
        state.counters["bytes_to_host"] = median_cost(&Meeting::Cost::bytes_to_host);
        state.counters["bytes_to_guest"] = median_cost(&Meeting::Cost::bytes_to_guest);
        const NodePair counted{commons};
        state.counters["round_trips"] = counted.half_trips_until_guest_heard() / 2.0;
        state.counters["round_trips_to_host"] = counted.half_trips_until_host_heard() / 2.0;
    }
}
BENCHMARK_CAPTURE(dial, keys_in_stock, Stock::filled)->UseManualTime()->Iterations(1);
BENCHMARK_CAPTURE(dial, stock_empty, Stock::empty)->UseManualTime()->Iterations(1);

constexpr std::string_view short_text = "a line of some words, as people write them";

void send(Person& from) {
    if (!from.runner().send_text(bytes_of(short_text))) throw std::runtime_error{"not sent"};
}

/// What `exchange` cost in all, for each of `count` messages.
struct Spent {
    Nanoseconds wall = 0;
    Nanoseconds guest_cpu = 0;
    Nanoseconds host_cpu = 0;
};
template <class Exchange>
Spent spent_on(Meeting& meeting, int count, Exchange exchange) {
    const Nanoseconds guest = meeting.guest.cpu_time();
    const Nanoseconds host = meeting.host.cpu_time();
    const Nanoseconds wall = wall_time();
    exchange();
    return {(wall_time() - wall) / count, (meeting.guest.cpu_time() - guest) / count,
            (meeting.host.cpu_time() - host) / count};
}

void count_limits(benchmark::State& state, const CellLimits& limits) {
    state.counters["primitive_sign_cpu_ns"] = limits.sign;
    state.counters["primitive_verify_cpu_ns"] = limits.verify;
    state.counters["primitive_aeads_of_one_end_cpu_ns"] = limits.aeads;
    state.counters["primitive_step_cpu_ns"] = limits.step;
}

/// The guest's texts one by one, each sent when the one before has arrived.
void one_way_latency(benchmark::State& state) {
    constexpr int messages = 1000;
    Meeting meeting{Stock::filled};
    for (auto _ : state) {
        const CellLimits limits = measure_cell_limits();
        std::vector<Nanoseconds> latencies;
        std::atomic<Nanoseconds> sent = 0;
        const auto send_next = [&sent](Person& guest) {
            sent = wall_time();
            send(guest);
            return 0;
        };
        std::atomic<int> arrived = 0;
        meeting.host.call([&](Person& host) {
            host.listen_to([&](const Event& event) {
                if (!std::holds_alternative<TextReceived>(event)) return;
                latencies.push_back(wall_time() - sent);
                ++arrived;
                arrived.notify_all();
            });
            return 0;
        });
        const Spent spent = spent_on(meeting, messages, [&] {
            for (int i = 0; i < messages; ++i) {
                meeting.guest.call(send_next);
                arrived.wait(i);
            }
        });
        report(state, median(latencies));
        state.counters["p99_ns"] = quantile(latencies, 0.99);
        state.counters["guest_cpu_ns"] = spent.guest_cpu;
        state.counters["host_cpu_ns"] = spent.host_cpu;
        state.counters["limit_cpu_ns"] = limits.one_way();
        meeting.ignore_events();
    }
}
BENCHMARK(one_way_latency)->UseManualTime()->Iterations(1);

/// As many texts as the queue takes, all the time.
void one_way_rate(benchmark::State& state) {
    constexpr int messages = 4000;
    Meeting meeting{Stock::filled};
    for (auto _ : state) {
        const CellLimits limits = measure_cell_limits();
        int queued = 0;
        int arrived = 0;
        Milestone all;
        const auto fill_queue = [&](Person& guest) {
            while (queued < messages && guest.runner().send_text(bytes_of(short_text))) ++queued;
            return 0;
        };
        meeting.host.call([&](Person& host) {
            host.listen_to([&](const Event& event) {
                if (std::holds_alternative<TextReceived>(event) && ++arrived == messages) all.reach();
            });
            return 0;
        });
        meeting.guest.call([&](Person& guest) {
            guest.listen_to([&](const Event& event) {
                if (std::holds_alternative<TextDelivered>(event)) fill_queue(guest);
            });
            return 0;
        });
        const Spent spent = spent_on(meeting, messages, [&] {
            meeting.guest.call(fill_queue);
            all.wait();
        });
        report(state, spent.wall);
        state.counters["guest_cpu_ns"] = spent.guest_cpu;
        state.counters["host_cpu_ns"] = spent.host_cpu;
        count_limits(state, limits);
        state.counters["limit_cpu_ns"] = limits.sign;
        meeting.ignore_events();
    }
}
BENCHMARK(one_way_rate)->UseManualTime()->Iterations(1);

/// Each answers the other at once; every text takes a hybrid step.
void ping_pong(benchmark::State& state) {
    constexpr int messages = 1000;
    Meeting meeting{Stock::filled};
    for (auto _ : state) {
        const CellLimits limits = measure_cell_limits();
        int arrived = 0;  // the two threads take turns
        Milestone all;
        const auto answer = [&](Person& self) {
            self.listen_to([&](const Event& event) {
                if (!std::holds_alternative<TextReceived>(event)) return;
                if (++arrived == messages) return all.reach();
                send(self);
            });
            return 0;
        };
        meeting.host.call(answer);
        meeting.guest.call(answer);
        const u32 epoch_before =
            meeting.guest.call([](Person& self) { return self.runner().status().epoch; });
        const Spent spent = spent_on(meeting, messages, [&] {
            meeting.guest.call([](Person& guest) {
                send(guest);
                return 0;
            });
            all.wait();
        });
        const u32 epoch = meeting.guest.call([](Person& self) { return self.runner().status().epoch; });
        report(state, spent.wall);
        state.counters["guest_cpu_ns"] = spent.guest_cpu;
        state.counters["host_cpu_ns"] = spent.host_cpu;
        state.counters["steps_per_message"] = static_cast<double>(epoch - epoch_before) / messages;
        count_limits(state, limits);
        state.counters["limit_cpu_ns"] = limits.turn();
        meeting.ignore_events();
    }
}
BENCHMARK(ping_pong)->UseManualTime()->Iterations(1);

/// Real time is that of a whole session's handshake in memory, keys included.
void memory(benchmark::State& state) {
    constexpr int pairs = 10;
    Commons commons;
    const NodePair first{commons};
    for (auto _ : state) {
        std::vector<std::unique_ptr<NodePair>> sessions;
        const double before = status_field("self", "VmRSS");
        const Nanoseconds begun = wall_time();
        for (int i = 0; i < pairs; ++i) sessions.push_back(std::make_unique<NodePair>(commons));
        report(state, (wall_time() - begun) / pairs);
        state.counters["bytes_of_one_session"] = (status_field("self", "VmRSS") - before) / (2 * pairs);
        state.counters["bytes_of_program_at_peak"] = TwoPrograms{CHAT_PROGRAM}.largest_peak();
    }
}
BENCHMARK(memory)->UseManualTime()->Iterations(1);

}  // namespace
}  // namespace chat::bench
