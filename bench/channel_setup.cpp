// What it costs to set up layers 1 and 2, side by side with what a stranger's hello costs (docs/protocol/03-bootstrap.md, 04-tls.md).

#include <benchmark/benchmark.h>

#include "support/bootstrap_kit.hpp"
#include "tls_channel_manager/channel.hpp"

namespace {

using namespace chat;
using test::certificate_of;
using test::secret_of;
using test::SeededRng;

void make_certificate(benchmark::State& state) {
    SeededRng rng{1};
    for (auto _ : state) benchmark::DoNotOptimize(make_channel_certificate(rng, test::some_day));
}
BENCHMARK(make_certificate)->Unit(benchmark::kMicrosecond);

/// A hello of a stranger at a gate with this many live secrets.
void refuse_noise(benchmark::State& state) {
    HelloGate gate;
    for (u64 i = 0; i < static_cast<u64>(state.range(0)); ++i) {
        if (!gate.add_invite(secret_of(i))) state.SkipWithError("gate is full");
    }
    const Bytes noise(bootstrap_hello_size, 1);
    for (auto _ : state) benchmark::DoNotOptimize(gate.try_hello(noise));
}
BENCHMARK(refuse_noise)->Arg(1)->Arg(8)->Arg(64)->Unit(benchmark::kMicrosecond);

/// For comparison: the cheapest public-key operation that the gate does without.
void x25519_agreement(benchmark::State& state) {
    SeededRng rng{1};
    const auto a = x25519::generate(rng);
    const auto b = x25519::generate(rng);
    for (auto _ : state) benchmark::DoNotOptimize(x25519::agree(a.private_key, b.public_key));
}
BENCHMARK(x25519_agreement)->Unit(benchmark::kMicrosecond);

void bootstrap_both_sides(benchmark::State& state) {
    SeededRng rng{1};
    HelloGate gate;
    // A resume secret, since its memory never closes it.
    if (!gate.add_resume(secret_of(1), Role::b)) state.SkipWithError("gate is full");
    for (auto _ : state) {
        auto started = BootstrapDialler::start(secret_of(1), Role::a, certificate_of(1), rng);
        auto replied = std::move(*gate.try_hello(started.hello)).reply(certificate_of(2), rng);
        auto finished = std::move(started.state).accept_reply(replied->reply);
        benchmark::DoNotOptimize(std::move(replied->state).accept_finish(finished->finish));
    }
}
BENCHMARK(bootstrap_both_sides)->Unit(benchmark::kMicrosecond);

void make_tls_context(benchmark::State& state) {
    for (auto _ : state) benchmark::DoNotOptimize(TlsContext{});
}
BENCHMARK(make_tls_context)->Unit(benchmark::kMicrosecond);

struct Channels {
    TlsChannel client;
    TlsChannel server;
};

Channels connect(const TlsContext& context, ChannelCertificate a, ChannelCertificate b) {
    const CertificateDer pin_a = a.der();
    const CertificateDer pin_b = b.der();
    auto client = TlsHandshake::client(context, std::move(a), pin_b);
    auto server = TlsHandshake::server(context, std::move(b), pin_a);
    bool ok = server.handle_input(client.take_output()) && server.advance() &&
              client.handle_input(server.take_output()) && client.advance() &&
              server.handle_input(client.take_output()) && server.advance();
    if (!ok) throw std::runtime_error{"no connection"};
    return {std::move(client).into_channel(), std::move(server).into_channel()};
}

/// Both sides; the certificates are made outside of the measured part, as in the program.
void tls_handshake_both_sides(benchmark::State& state) {
    SeededRng rng{1};
    const TlsContext context;
    for (auto _ : state) {
        state.PauseTiming();
        auto a = make_channel_certificate(rng, test::some_day);
        auto b = make_channel_certificate(rng, test::some_day);
        state.ResumeTiming();
        benchmark::DoNotOptimize(connect(context, std::move(a), std::move(b)));
    }
}
BENCHMARK(tls_handshake_both_sides)->Unit(benchmark::kMicrosecond);

/// One record from plaintext to plaintext.
void tls_record_there(benchmark::State& state) {
    SeededRng rng{1};
    const TlsContext context;
    auto both = connect(context, make_channel_certificate(rng, test::some_day),
                        make_channel_certificate(rng, test::some_day));
    const Bytes frame(static_cast<std::size_t>(state.range(0)), 1);
    for (auto _ : state) {
        bool ok = both.client.write(frame) && both.server.handle_input(both.client.take_output());
        const auto read = both.server.read();
        if (!ok || !read || !*read) state.SkipWithError("no record");
    }
    state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(tls_record_there)->Arg(5633)->Arg(16384)->Unit(benchmark::kMicrosecond);

}  // namespace
