// What the device process reads: the first byte is the frame's kind, the rest its body.

#include <cstdlib>

#include "secure_key_manager/isolation/device/device_protocol.hpp"

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    if (size == 0) return 0;
    const chat::ByteView body{data + 1, size - 1};
    const auto request = chat::device_protocol::decode_request(data[0], body);
    if (!request) return 0;
    const auto sizes = chat::device_protocol::request_sizes(data[0]);
    if (!sizes || body.size() < sizes->least || body.size() > sizes->most) std::abort();
    const chat::ServiceFrame again = chat::device_protocol::encode(*request);
    const chat::ByteView bytes = again.body.expose();
    if (again.kind != data[0] || !std::equal(body.begin(), body.end(), bytes.begin(), bytes.end()))
        std::abort();
    return 0;
}
