// The records of a device's keys, which stand in a file: whatever is taken has one encoding.

#include <cstdlib>

#include "platform_hsm_interface/device_text.hpp"
#include "platform_hsm_interface/handle.hpp"

namespace {

template <class Record>
void check(chat::ByteView input, const std::optional<Record>& record) {
    if (!record) return;
    const chat::Bytes again = chat::encode(*record);
    if (!std::equal(input.begin(), input.end(), again.begin(), again.end())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    check(input, chat::decode_tpm_handle(input));
    check(input, chat::decode_token_handle(input));
    check(input, chat::decode_cng_handle(input));
    check(input, chat::decode_tpm_sealed_key(input));
    for (const char c : chat::device_text(input)) {
        if (c < 0x20 || c > 0x7e) std::abort();
    }
    return 0;
}
