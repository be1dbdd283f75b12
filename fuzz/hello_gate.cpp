// A hello from anybody. First the bytes as they are, at a gate with secrets of every kind; then, past the seal, as the plaintext
// that a holder of the invite's secret puts into one, followed by the listener's answer.

#include <cstdlib>

#include "ca_services/hello_gate.hpp"
#include "support/bootstrap_kit.hpp"

namespace {

using namespace chat;

HelloGate make_gate() {
    HelloGate gate;
    if (!gate.add_invite(test::secret_of(1)) || !gate.add_resume(test::secret_of(2), Role::a)) std::abort();
    return gate;
}

/// The input's first byte chooses the nonce, so that replays are found; the rest is the hello's content, cut or filled with zeros.
void past_the_seal(HelloGate& gate, ByteView input) {
    Bytes plaintext(bootstrap::hello_plaintext_size);
    const ByteView content = input.subspan(1);
    std::copy_n(content.begin(), std::min(content.size(), plaintext.size()), plaintext.begin());
    std::array<u8, bootstrap::nonce_size> nonce{};
    nonce.fill(input[0]);
    Bytes hello(bootstrap_hello_size);
    const auto key = bootstrap::derive_hello_key(test::secret_of(1), Role::a);
    bootstrap::seal_frame(key.expose(), nonce, plaintext, hello);

    auto opened = gate.try_hello(hello);
    if (opened.has_value() != (plaintext[0] == bootstrap::version)) std::abort();
    if (!opened) return;
    if (gate.try_hello(hello).error() != BootstrapError::replayed_hello) std::abort();
    test::SeededRng rng{1};
    const auto replied = std::move(*opened).reply(test::certificate_of(2), rng);
    if (replied && replied->reply.size() != bootstrap_reply_size) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    const ByteView input{data, size};
    HelloGate gate = make_gate();
    const auto opened = gate.try_hello(input);
    if (opened.has_value()) std::abort();
    if (size > 0) past_the_seal(gate, input);
    return 0;
}
