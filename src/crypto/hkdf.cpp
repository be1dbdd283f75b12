#include "crypto/hkdf.hpp"

#include <array>
#include <cassert>

#include "crypto/hmac_state.hpp"

namespace chat {
namespace {

/// RFC 5869, 2.2. HMAC pads its key with zeros, so an empty salt and one of zeros are the same key.
template <class P>
void extract(ByteView salt, std::initializer_list<ByteView> ikm, std::span<u8, P::size> prk) {
    hmac<P>(salt, ikm, prk);
}

/// RFC 5869, 2.3: T(i) = HMAC(PRK, T(i-1) | info | i).
template <class P>
void expand(ByteView prk, ByteView info, MutableByteView out) {
    assert(!out.empty() && out.size() <= 255 * P::size);
    HmacState<P> keyed{prk};
    std::array<u8, P::size> block{};
    const WipeOnExit wipe{block};
    ByteView previous;
    u8 counter = 0;
    for (std::size_t done = 0; done < out.size();) {
        ++counter;
        keyed.compute({previous, info, {&counter, 1}}, block);
        previous = block;
        const std::size_t size = std::min(out.size() - done, P::size);
        std::copy_n(block.begin(), size, out.subspan(done).begin());
        done += size;
    }
}

template <class P>
void hkdf(ByteView salt, std::initializer_list<ByteView> ikm, ByteView info, MutableByteView out) {
    std::array<u8, P::size> prk{};
    const WipeOnExit wipe{prk};
    extract<P>(salt, ikm, prk);
    expand<P>(prk, info, out);
}

}  // namespace

void hkdf_sha256(ByteView salt, std::initializer_list<ByteView> ikm, ByteView info, MutableByteView out) {
    hkdf<HmacSha256Parameters>(salt, ikm, info, out);
}

void hkdf_sha512(ByteView salt, std::initializer_list<ByteView> ikm, ByteView info, MutableByteView out) {
    hkdf<HmacSha512Parameters>(salt, ikm, info, out);
}

HkdfSha256Prk hkdf_extract_sha256(ByteView salt, std::initializer_list<ByteView> ikm) {
    HkdfSha256Prk prk;
    extract<HmacSha256Parameters>(salt, ikm, prk.expose_mutable());
    return prk;
}

HkdfSha512Prk hkdf_extract_sha512(ByteView salt, std::initializer_list<ByteView> ikm) {
    HkdfSha512Prk prk;
    extract<HmacSha512Parameters>(salt, ikm, prk.expose_mutable());
    return prk;
}

void hkdf_expand_sha256(ByteView prk, ByteView info, MutableByteView out) {
    expand<HmacSha256Parameters>(prk, info, out);
}

void hkdf_expand_sha512(ByteView prk, ByteView info, MutableByteView out) {
    expand<HmacSha512Parameters>(prk, info, out);
}

}  // namespace chat
