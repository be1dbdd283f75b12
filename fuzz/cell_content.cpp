// The inner record and fragments from a peer past both layers: nothing that decodes breaks a bound, and the assembler keeps its own.

#include <cstdlib>

#include "secure_p2p/conversation/inbox.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    chat::ByteView input{data, size};
    chat::Inbox inbox;
    while (input.size() >= 32) {
        // A short input stands for a record whose rest is zero.
        std::array<chat::u8, chat::inner_record_size> record{};
        const std::size_t taken = std::min(input.size(), std::size_t{32});
        std::copy_n(input.begin(), taken, record.begin());
        input = input.subspan(taken);
        auto content = chat::decode_content(record);
        if (!content) continue;
        if (content->content.size() > chat::max_content) std::abort();
        if (content->header.fragment_index >= content->header.fragment_count) std::abort();
        const auto message = inbox.accept(std::move(*content), record[31]);
        if (message && *message && (*message)->content.size() > chat::max_fragments * chat::max_content)
            std::abort();
    }
    return 0;
}
