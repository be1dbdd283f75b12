#include "crypto/canonical_hash.hpp"

#include <array>
#include <cassert>
#include <limits>

#include "base/wire_writer.hpp"

namespace chat {

CanonicalHash::CanonicalHash(std::string_view label) { variable(bytes_of(label)); }

CanonicalHash& CanonicalHash::fixed(ByteView field) {
    hash_.update(field);
    return *this;
}

CanonicalHash& CanonicalHash::variable(ByteView field) {
    assert(field.size() <= std::numeric_limits<u32>::max());
    return fixed_u32(static_cast<u32>(field.size())).fixed(field);
}

CanonicalHash& CanonicalHash::fixed_u8(u8 value) { return fixed({&value, 1}); }

CanonicalHash& CanonicalHash::fixed_u32(u32 value) {
    std::array<u8, 4> encoded{};
    WireWriter{encoded}.write_u32(value);
    return fixed(encoded);
}

CanonicalHash& CanonicalHash::fixed_u64(u64 value) {
    std::array<u8, 8> encoded{};
    WireWriter{encoded}.write_u64(value);
    return fixed(encoded);
}

Sha512Digest CanonicalHash::digest() const { return hash_.peek(); }

}  // namespace chat
