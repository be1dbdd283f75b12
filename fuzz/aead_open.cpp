// Opening hostile bytes: never a crash, zeros after a refusal, and what opens is what sealing gives. The first byte chooses the
// cipher, the second how much of the rest is associated data; key and nonce are fixed, so the corpus can hold valid inputs.

#include <array>
#include <cstdlib>

#include "crypto/aead.hpp"

namespace {

using chat::Bytes;
using chat::ByteView;
using chat::u8;

template <class Cipher>
void open(ByteView ad, ByteView sealed) {
    const std::array<u8, Cipher::key_size> key{1};
    const std::array<u8, Cipher::nonce_size> nonce{2};
    Bytes out(sealed.size() < Cipher::tag_size ? 0 : sealed.size() - Cipher::tag_size, 0xee);
    if (!Cipher::open(key, nonce, ad, sealed, out)) {
        for (u8 byte : out) {
            if (byte != 0) std::abort();
        }
        return;
    }
    Bytes again(sealed.size());
    Cipher::seal(key, nonce, ad, out, again);
    if (!std::equal(again.begin(), again.end(), sealed.begin(), sealed.end())) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    if (size < 2) return 0;
    const ByteView input{data, size};
    const ByteView rest = input.subspan(2);
    const std::size_t ad_size = std::min<std::size_t>(input[1], rest.size());
    switch (input[0] % 3) {
        case 0: open<chat::ChaCha20Poly1305>(rest.first(ad_size), rest.subspan(ad_size)); break;
        case 1: open<chat::XChaCha20Poly1305>(rest.first(ad_size), rest.subspan(ad_size)); break;
        default: open<chat::Aes256Gcm>(rest.first(ad_size), rest.subspan(ad_size)); break;
    }
    return 0;
}
