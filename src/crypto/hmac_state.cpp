#include "crypto/hmac_state.hpp"

#include <algorithm>
#include <array>

#include "base/secret.hpp"

namespace chat {
namespace {

constexpr u8 inner_pad = 0x36;
constexpr u8 outer_pad = 0x5c;

/// The key as one block, xored with a pad; wiped with the object.
template <class P>
class PaddedKey {
  public:
    explicit PaddedKey(ByteView key) {
        if (key.size() > P::block) {
            DigestContext hash{P::algorithm};
            hash.update(key);
            hash.finish(MutableByteView{block_}.first(P::size));
        } else {
            std::copy(key.begin(), key.end(), block_.begin());
        }
        toggle(inner_pad);
    }

    [[nodiscard]] ByteView with_inner_pad() const { return block_; }

    [[nodiscard]] ByteView with_outer_pad() {
        toggle(inner_pad ^ outer_pad);
        return block_;
    }

  private:
    void toggle(u8 pad) {
        for (u8& byte : block_) byte = static_cast<u8>(byte ^ pad);
    }

    std::array<u8, P::block> block_{};
    WipeOnExit wipe_{block_};
};

}  // namespace

template <class P>
HmacState<P>::HmacState(ByteView key) : inner_{P::algorithm}, outer_{P::algorithm}, work_{P::algorithm} {
    PaddedKey<P> padded{key};
    inner_.update(padded.with_inner_pad());
    outer_.update(padded.with_outer_pad());
}

template <class P>
void HmacState<P>::compute(std::initializer_list<ByteView> parts, std::span<u8, P::size> out) {
    work_ = inner_;
    for (ByteView part : parts) work_.update(part);
    work_.finish(out);
    work_ = outer_;
    work_.update(out);
    work_.finish(out);
}

template <class P>
void hmac(ByteView key, std::initializer_list<ByteView> parts, std::span<u8, P::size> out) {
    PaddedKey<P> padded{key};
    DigestContext hash{P::algorithm};
    hash.update(padded.with_inner_pad());
    for (ByteView part : parts) hash.update(part);
    hash.finish(out);
    hash.restart();
    hash.update(padded.with_outer_pad());
    hash.update(out);
    hash.finish(out);
}

template class HmacState<HmacSha256Parameters>;
template class HmacState<HmacSha512Parameters>;
template void hmac<HmacSha256Parameters>(ByteView, std::initializer_list<ByteView>, std::span<u8, 32>);
template void hmac<HmacSha512Parameters>(ByteView, std::initializer_list<ByteView>, std::span<u8, 64>);

}  // namespace chat
