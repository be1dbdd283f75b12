#pragma once
/// SHA-2 (FIPS 180-4) and SHA-3 (FIPS 202). H of docs/protocol.md is sha512().

#include <initializer_list>
#include <memory>

#include "base/bytes.hpp"

struct evp_md_ctx_st;

namespace chat {

using Sha256Digest = PublicBytes<struct Sha256Tag, 32>;
using Sha512Digest = PublicBytes<struct Sha512Tag, 64>;
using Sha3_256Digest = PublicBytes<struct Sha3_256Tag, 32>;
using Sha3_512Digest = PublicBytes<struct Sha3_512Tag, 64>;

/// Hash of the parts joined. All throw std::bad_alloc only. Public data: a digest that is to be secret comes from HMAC or HKDF.
[[nodiscard]] Sha256Digest sha256(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha512Digest sha512(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha3_256Digest sha3_256(std::initializer_list<ByteView> parts);
[[nodiscard]] Sha3_512Digest sha3_512(std::initializer_list<ByteView> parts);

[[nodiscard]] inline Sha256Digest sha256(ByteView data) {
    return sha256({data});
}

[[nodiscard]] inline Sha512Digest sha512(ByteView data) {
    return sha512({data});
}

/// Incremental hashing. Copyable: a copy continues from the same point. A moved-from object may only be destroyed or assigned to.
template <class Digest>
class Hasher {
  public:
    Hasher();
    Hasher(const Hasher& other);
    Hasher& operator=(const Hasher& other);
    Hasher(Hasher&&) noexcept = default;
    Hasher& operator=(Hasher&&) noexcept = default;
    ~Hasher() = default;

    Hasher& update(ByteView data);
    /// The digest of everything so far; hashing can go on afterwards.
    [[nodiscard]] Digest peek() const;
    /// The digest of everything; consumes the hasher.
    [[nodiscard]] Digest digest() &&;

  private:
    struct Free {
        void operator()(evp_md_ctx_st* context) const noexcept;
    };

    std::unique_ptr<evp_md_ctx_st, Free> context_;
};

extern template class Hasher<Sha256Digest>;
extern template class Hasher<Sha512Digest>;
using Sha256 = Hasher<Sha256Digest>;
using Sha512 = Hasher<Sha512Digest>;

}  // namespace chat
