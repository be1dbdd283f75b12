// STUN from the network, as one datagram and as a stream: every answer is a value or an error, and a stream
// cut anywhere gives the same messages.

#include <algorithm>
#include <cstdlib>
#include <optional>
#include <vector>

#include "p2p_core/stun_transaction.hpp"

namespace {

using chat::Bytes;
using chat::ByteView;
using chat::StunMessage;

void read_all(const StunMessage& message) {
    const auto mapped = message.mapped_address();
    if (mapped && chat::to_text(*mapped).empty()) std::abort();
    const auto code = message.error_code();
    if (code && (*code < 300 || *code > 699)) std::abort();
    static_cast<void>(message.has_unknown_required());
    // Nobody knows a message whose HMAC under this key is right.
    if (message.verify_integrity(chat::bytes_of("a key the fuzzer doesn't have"))) std::abort();
}

/// The messages of a stream fed in pieces of `step` bytes, up to its first error.
std::vector<Bytes> messages_of(ByteView stream, std::size_t step) {
    std::vector<Bytes> out;
    chat::StunStreamReader reader;
    while (!stream.empty()) {
        ByteView piece = stream.first(std::min(step, stream.size()));
        stream = stream.subspan(piece.size());
        while (!piece.empty()) {
            const auto message = reader.read(piece);
            if (!message) return out;
            if (*message) out.emplace_back((*message)->begin(), (*message)->end());
        }
    }
    return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const ByteView input{data, size};
    if (const auto message = StunMessage::decode(input)) read_all(*message);
    const auto whole = messages_of(input, std::max<std::size_t>(size, 1));
    if (messages_of(input, 1) != whole || messages_of(input, 7) != whole) std::abort();
    std::size_t total = 0;
    for (const Bytes& message : whole) {
        total += message.size();
        if (const auto decoded = StunMessage::decode(message)) read_all(*decoded);
    }
    if (total > size) std::abort();
    return 0;
}
