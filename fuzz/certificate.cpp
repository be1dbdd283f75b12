// A peer's certificate: whatever is taken is canonical, so it reads again to the same bytes.

#include <cstdlib>

#include "ca_services/certificate.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto read = chat::read_certificate(input);
    if (!read) return 0;
    if (!std::equal(input.begin(), input.end(), read->view().begin(), read->view().end())) std::abort();
    if (!chat::read_certificate(read->view())) std::abort();
    return 0;
}
