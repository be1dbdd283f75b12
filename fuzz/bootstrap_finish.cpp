// A finish from anybody, then the same bytes as the inner part that a dialler with the secret seals.

#include <cstdlib>

#include "support/bootstrap_kit.hpp"

namespace {

using namespace chat;

struct Waiting {
    AwaitingFinish state;
    bootstrap::NewKeys keys;
};

/// A listener that sent its reply, and the keys its dialler has.
Waiting waiting() {
    static const test::HostileDialler dialler{test::secret_of(1), 1};
    HelloGate gate;
    test::SeededRng rng{2};
    if (!gate.add_invite(test::secret_of(1))) std::abort();
    auto opened = gate.try_hello(dialler.hello);
    auto replied = std::move(*opened).reply(test::certificate_of(2), rng);
    auto keys = dialler.keys_for(replied->reply);
    return {std::move(replied->state), std::move(keys)};
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    const ByteView input{data, size};
    if (std::move(waiting().state).accept_finish(input).has_value()) std::abort();
    Bytes inner(bootstrap::inner_size);
    std::copy_n(input.begin(), std::min(size, inner.size()), inner.begin());
    auto past_the_seal = waiting();
    const Bytes finish = test::seal_any_inner(past_the_seal.keys.from_dialler.expose(), inner);
    const auto accepted = std::move(past_the_seal.state).accept_finish(finish);
    if (!accepted) return 0;
    if (inner[0] != 0 || !read_certificate(accepted->done.peer_certificate.view())) std::abort();
    return 0;
}
