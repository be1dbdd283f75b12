#pragma once
/// SHAKE256 (FIPS 202, 6.2), incremental on both sides.

#include <array>
#include <initializer_list>

#include "base/bytes.hpp"
#include "crypto/digest_context.hpp"

namespace chat {

/// Absorb any number of times, then squeeze any number of times; absorbing after the first squeeze is a bug and asserts.
/// Small squeezes are served from a buffer of one rate block, so that reading two bytes at a time is cheap. The whole state is
/// wiped on destruction; a moved-from object may only be destroyed or assigned to. Throws std::bad_alloc.
class Shake256 {
  public:
    static constexpr std::size_t rate = 136;  ///< bytes for each permutation, FIPS 202 table 3

    Shake256();
    Shake256(Shake256&& other) noexcept;
    Shake256& operator=(Shake256&& other) noexcept;
    Shake256(const Shake256&) = delete;
    Shake256& operator=(const Shake256&) = delete;
    ~Shake256();

    void absorb(ByteView data);
    /// Fills all of `out` with the next bytes of the output stream.
    void squeeze(MutableByteView out);

  private:
    void take_from(Shake256& other) noexcept;

    DigestContext sponge_;
    std::array<u8, rate> block_{};
    std::size_t left_ = 0;  ///< unread bytes at the end of block_
    bool squeezing_ = false;
};

/// One-shot: fills `out` with SHAKE256(parts joined).
void shake256(std::initializer_list<ByteView> parts, MutableByteView out);

}  // namespace chat
