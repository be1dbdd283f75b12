// What a call to the key process costs beside the same call in this process: the difference is two copies, two wake-ups and the frames'
// guarded memory. Real time is that of the wall; cpu_ns is the processor time of both processes together for one call, which says what
// an idle machine would do.

#include <benchmark/benchmark.h>
#include <sys/resource.h>
#include <time.h>

#include <stdexcept>

#include "secure_key_manager/isolation/keys/in_process_keys.hpp"
#include "secure_key_manager/isolation/keys/isolated_keys.hpp"
#include "support/seeded_rng.hpp"

namespace {

using namespace chat;

double nanoseconds(const timespec& time) {
    return static_cast<double>(time.tv_sec) * 1e9 + static_cast<double>(time.tv_nsec);
}

double time_of(clockid_t clock) {
    timespec now{};
    ::clock_gettime(clock, &now);
    return nanoseconds(now);
}

/// Where the keys are, and the processor time that they took so far.
class Holder {
  public:
    enum class Where { apart, here };

    explicit Holder(Where where) {
        if (where == Where::here) {
            holder_ = hold_ephemeral_keys_in_this_process({});
            return;
        }
        auto started = IsolatedKeys::start_ephemeral({CHAT_PROGRAM, false}, {});
        if (!started) throw std::runtime_error{describe(started.error())};
        if (::clock_getcpuclockid((*started)->process_id(), &clock_) != 0)
            throw std::runtime_error{"no clock of the key process"};
        holder_ = std::move(*started);
    }
    KeyHolder* operator->() { return holder_.get(); }
    [[nodiscard]] double cpu_time() const {
        return time_of(CLOCK_PROCESS_CPUTIME_ID) +
               (holder_->protection().own_process ? time_of(clock_) : 0.0);
    }

  private:
    std::unique_ptr<KeyHolder> holder_;
    clockid_t clock_ = CLOCK_PROCESS_CPUTIME_ID;
};

template <class Call>
void measure(benchmark::State& state, const Holder& holder, Call call) {
    const double before = holder.cpu_time();
    for (auto _ : state) call();
    state.counters["cpu_ns"] = (holder.cpu_time() - before) / static_cast<double>(state.iterations());
}

void sign(benchmark::State& state, Holder::Where where) {
    Holder holder{where};
    const auto identity = *holder->generate();
    test::SeededRng rng{1};
    const IdentityStatement statement =
        RotationStatement{Role::a, {}, {}, 0, falcon1024::generate_key_pair(rng).public_key};
    measure(state, holder, [&] { benchmark::DoNotOptimize(identity->sign(statement)); });
}

void agree(benchmark::State& state, Holder::Where where) {
    Holder holder{where};
    const auto identity = *holder->generate();
    const X25519PublicKey peer = identity->public_identity().x25519();
    measure(state, holder, [&] { benchmark::DoNotOptimize(identity->agree(peer)); });
}

void decapsulate(benchmark::State& state, Holder::Where where) {
    Holder holder{where};
    const auto identity = *holder->generate();
    test::SeededRng rng{1};
    const auto sent = mlkem1024::encapsulate(identity->public_identity().mlkem(), rng);
    measure(state, holder, [&] { benchmark::DoNotOptimize(identity->decapsulate(sent->ciphertext)); });
}

void generate(benchmark::State& state, Holder::Where where) {
    Holder holder{where};
    measure(state, holder, [&] { benchmark::DoNotOptimize(holder->generate()); });
}

/// The smallest call: what the way there and back costs.
void mix_entropy(benchmark::State& state, Holder::Where where) {
    Holder holder{where};
    const Bytes entropy(32);
    measure(state, holder, [&] { benchmark::DoNotOptimize(holder->mix_entropy(entropy)); });
}

double cpu_time_with_ended_children() {
    rusage children{};
    ::getrusage(RUSAGE_CHILDREN, &children);
    const auto ns = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) * 1e9 + static_cast<double>(t.tv_usec) * 1e3;
    };
    return time_of(CLOCK_PROCESS_CPUTIME_ID) + ns(children.ru_utime) + ns(children.ru_stime);
}

/// From nothing to the first identity and away again: what the start and end of the program take longer.
void first_identity(benchmark::State& state, Holder::Where where) {
    const double before = cpu_time_with_ended_children();
    for (auto _ : state) {
        Holder holder{where};
        benchmark::DoNotOptimize(holder->generate());
    }
    state.counters["cpu_ns"] =
        (cpu_time_with_ended_children() - before) / static_cast<double>(state.iterations());
}

BENCHMARK_CAPTURE(sign, apart, Holder::Where::apart)->UseRealTime();
BENCHMARK_CAPTURE(sign, here, Holder::Where::here)->UseRealTime();
BENCHMARK_CAPTURE(agree, apart, Holder::Where::apart)->UseRealTime();
BENCHMARK_CAPTURE(agree, here, Holder::Where::here)->UseRealTime();
BENCHMARK_CAPTURE(decapsulate, apart, Holder::Where::apart)->UseRealTime();
BENCHMARK_CAPTURE(decapsulate, here, Holder::Where::here)->UseRealTime();
BENCHMARK_CAPTURE(generate, apart, Holder::Where::apart)->UseRealTime();
BENCHMARK_CAPTURE(generate, here, Holder::Where::here)->UseRealTime();
BENCHMARK_CAPTURE(mix_entropy, apart, Holder::Where::apart)->UseRealTime();
BENCHMARK_CAPTURE(mix_entropy, here, Holder::Where::here)->UseRealTime();
BENCHMARK_CAPTURE(first_identity, apart, Holder::Where::apart)->UseRealTime();
BENCHMARK_CAPTURE(first_identity, here, Holder::Where::here)->UseRealTime();

}  // namespace
