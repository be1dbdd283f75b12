// Foreign keys, signatures and messages: public key 1793 | padded signature 1280 | message. Every
// implementation gives the same verdict, and the padded and the compressed form of one signature get the same
// one.

#include <cstdlib>

#include "quantcrypt/falcon1024/falcon1024.hpp"

namespace {

using namespace chat::falcon1024;
using chat::ByteView;

void expect_same(const chat::Result<void, FalconError>& a, const chat::Result<void, FalconError>& b) {
    if (a.has_value() != b.has_value()) std::abort();
    if (!a && a.error() != b.error()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    if (size < public_key_size + padded_signature_size) return 0;
    const ByteView encoded{data, public_key_size};
    const std::span<const chat::u8, padded_signature_size> bytes{data + public_key_size,
                                                                 padded_signature_size};
    const ByteView message = ByteView{data, size}.subspan(public_key_size + padded_signature_size);
    const PaddedSignature signature = PaddedSignature::from(bytes);

    const auto key = VerifyingKey::decode(encoded, best_implementation());
    const auto portable = VerifyingKey::decode(encoded, Implementation::portable);
    if (key.has_value() != portable.has_value()) std::abort();
    if (!key) return 0;
    const auto verdict = key->verify(message, signature);
    expect_same(verdict, portable->verify(message, signature));
    std::size_t length = bytes.size();
    while (length > 0 && bytes[length - 1] == 0) --length;
    expect_same(key->verify_compressed(message, bytes.first(length)),
                portable->verify_compressed(message, bytes.first(length)));
    if (verdict && !key->verify_compressed(message, bytes.first(length))) std::abort();
    return 0;
}
