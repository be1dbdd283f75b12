#pragma once
/// Inside of HMAC and HKDF: a keyed HMAC (RFC 2104) that can be used for several messages without absorbing its key again.

#include <initializer_list>

#include "base/bytes.hpp"
#include "crypto/digest_context.hpp"

namespace chat {

/// For the hashes of this room: `block` is the hash's input block (RFC 2104: B), `size` its output.
struct HmacSha256Parameters {
    static constexpr HashAlgorithm algorithm = HashAlgorithm::sha256;
    static constexpr std::size_t block = 64;
    static constexpr std::size_t size = 32;
};

struct HmacSha512Parameters {
    static constexpr HashAlgorithm algorithm = HashAlgorithm::sha512;
    static constexpr std::size_t block = 128;
    static constexpr std::size_t size = 64;
};

template <class P>
class HmacState {
  public:
    explicit HmacState(ByteView key);

    /// HMAC of the parts joined. `out` may overlap a part.
    void compute(std::initializer_list<ByteView> parts, std::span<u8, P::size> out);

  private:
    DigestContext inner_;  ///< after key xor ipad
    DigestContext outer_;  ///< after key xor opad
    DigestContext work_;
};

/// One message under one key, without keeping the key's state.
template <class P>
void hmac(ByteView key, std::initializer_list<ByteView> parts, std::span<u8, P::size> out);

extern template class HmacState<HmacSha256Parameters>;
extern template class HmacState<HmacSha512Parameters>;
extern template void hmac<HmacSha256Parameters>(ByteView, std::initializer_list<ByteView>, std::span<u8, 32>);
extern template void hmac<HmacSha512Parameters>(ByteView, std::initializer_list<ByteView>, std::span<u8, 64>);

}  // namespace chat
