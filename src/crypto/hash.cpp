#include "crypto/hash.hpp"

namespace chat {
namespace {

template <class Digest>
Digest hash_parts(HashAlgorithm algorithm, std::initializer_list<ByteView> parts) {
    DigestContext context{algorithm};
    for (ByteView part : parts) context.update(part);
    Digest out;
    context.finish(out.bytes);
    return out;
}

}  // namespace

Sha256Digest sha256(std::initializer_list<ByteView> parts) {
    return hash_parts<Sha256Digest>(HashAlgorithm::sha256, parts);
}

Sha384Digest sha384(std::initializer_list<ByteView> parts) {
    return hash_parts<Sha384Digest>(HashAlgorithm::sha384, parts);
}

Sha512Digest sha512(std::initializer_list<ByteView> parts) {
    return hash_parts<Sha512Digest>(HashAlgorithm::sha512, parts);
}

Sha3_256Digest sha3_256(std::initializer_list<ByteView> parts) {
    return hash_parts<Sha3_256Digest>(HashAlgorithm::sha3_256, parts);
}

Sha3_512Digest sha3_512(std::initializer_list<ByteView> parts) {
    return hash_parts<Sha3_512Digest>(HashAlgorithm::sha3_512, parts);
}

}  // namespace chat
