// Contacts as they are in a vault: whatever decodes is written back as it was.

#include <cstdlib>

#include "secure_key_manager/contacts.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto contacts = chat::decode_contacts(input);
    if (!contacts || size == 0) return 0;
    const auto again = chat::encode(*contacts);
    if (!again || !std::equal(input.begin(), input.end(), again->begin(), again->end())) std::abort();
    return 0;
}
