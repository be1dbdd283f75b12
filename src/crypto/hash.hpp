#pragma once
/// SHA-2 (FIPS 180-4) and SHA-3 (FIPS 202). H of docs/protocol.md is sha512().

#include <initializer_list>

#include "base/bytes.hpp"
#include "crypto/digest_context.hpp"

namespace chat {

using Sha256Digest = PublicBytes<struct Sha256Tag, 32>;
using Sha384Digest = PublicBytes<struct Sha384Tag, 48>;
using Sha512Digest = PublicBytes<struct Sha512Tag, 64>;
using Sha3_256Digest = PublicBytes<struct Sha3_256Tag, 32>;
using Sha3_512Digest = PublicBytes<struct Sha3_512Tag, 64>;

/// Hash of the parts joined. All throw std::bad_alloc only. A digest is public; a secret one comes from HMAC or HKDF.
[[nodiscard]] Sha256Digest sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha384Digest sha384(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha512Digest sha512(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha3_256Digest sha3_256(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha3_512Digest sha3_512(std::initializer_list<ByteView> parts);

[[nodiscard]] inline Sha256Digest sha256(ByteView data) {
    return sha256(std::initializer_list<ByteView>{data});
}

[[nodiscard]] inline Sha384Digest sha384(ByteView data) {
    return sha384(std::initializer_list<ByteView>{data});
}

[[nodiscard]] inline Sha512Digest sha512(ByteView data) {
    return sha512(std::initializer_list<ByteView>{data});
}

/// Incremental hashing. A copy continues from the same point. A moved-from object may only be destroyed or assigned to.
template <class Digest, HashAlgorithm algorithm>
class Hasher {
  public:
    Hasher() : context_{algorithm} {}

    Hasher& update(ByteView data) {
        context_.update(data);
        return *this;
    }

    /// The digest of everything so far; hashing can go on afterwards.
    [[nodiscard]] Digest peek() const { return Hasher{*this}.digest(); }

    /// The digest of everything since the start; the hasher then starts afresh.
    Digest digest() {
        Digest out;
        context_.finish(out.bytes);
        context_.restart();
        return out;
    }

  private:
    DigestContext context_;
};

using Sha256 = Hasher<Sha256Digest, HashAlgorithm::sha256>;
using Sha512 = Hasher<Sha512Digest, HashAlgorithm::sha512>;

}  // namespace chat
