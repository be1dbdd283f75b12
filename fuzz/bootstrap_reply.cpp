// A reply from anybody, then the same bytes as the inner part that a holder of the secret seals.

#include <cstdlib>

#include "support/bootstrap_kit.hpp"

namespace {

using namespace chat;

Result<AwaitingReply::Finished, BootstrapError> take(ByteView reply) {
    test::SeededRng rng{1};
    auto started = BootstrapDialler::start(test::secret_of(1), Role::a, test::certificate_of(1), rng);
    return std::move(started.state).accept_reply(reply);
}

const Bytes& hello() {
    static const Bytes made = [] {
        test::SeededRng rng{1};
        return BootstrapDialler::start(test::secret_of(1), Role::a, test::certificate_of(1), rng).hello;
    }();
    return made;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    const ByteView input{data, size};
    if (take(input).has_value()) std::abort();
    Bytes inner(bootstrap::inner_size);
    std::copy_n(input.begin(), std::min(size, inner.size()), inner.begin());
    const auto finished = take(test::hostile_reply(test::secret_of(1), hello(), inner));
    if (!finished) return 0;
    // What was taken is a certificate that reads again, at the place and of the length that the inner part names.
    const ByteView der = finished->done.peer_certificate.view();
    if (inner[0] != 0 || !read_certificate(der)) std::abort();
    if (!std::equal(der.begin(), der.end(), inner.begin() + 3)) std::abort();
    return 0;
}
