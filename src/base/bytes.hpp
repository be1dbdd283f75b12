#pragma once
/// Public bytes: the vocabulary for everything that is not secret. Secrets have their own types (secret.hpp).

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

using u8 = std::uint8_t;
using u16 = std::uint16_t;
using u32 = std::uint32_t;
using u64 = std::uint64_t;
using i64 = std::int64_t;

using ByteView = std::span<const u8>;
using MutableByteView = std::span<u8>;
using Bytes = std::vector<u8>;

/// A fixed-size public byte string whose Tag keeps uses apart: a signature is not a public key of the same length.
template <class Tag, std::size_t N>
struct PublicBytes {
    static constexpr std::size_t size = N;
    std::array<u8, N> bytes{};

    /// Copies exactly N bytes.
    static PublicBytes from(std::span<const u8, N> source) {
        PublicBytes out;
        std::copy(source.begin(), source.end(), out.bytes.begin());
        return out;
    }
    [[nodiscard]] std::span<const u8, N> view() const { return bytes; }
    auto operator<=>(const PublicBytes&) const = default;
};

/// The bytes of `text` without a terminator; `text` must outlive the view.
inline ByteView bytes_of(std::string_view text) {
    return {reinterpret_cast<const u8*>(text.data()),
            text.size()};  // NOLINT: char and u8 alias by definition
}

inline void append(Bytes& out, ByteView more) { out.insert(out.end(), more.begin(), more.end()); }

/// Lower-case hexadecimal; for public values only (there is no overload for a secret).
std::string to_hex(ByteView bytes);

}  // namespace chat
