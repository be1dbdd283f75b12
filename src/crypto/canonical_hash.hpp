#pragma once
/// The canonical encoding of docs/protocol.md, Conventions: what a hash, a signature or a KDF context is taken over.
/// Layout: u32 label length | label | each field in order, fixed-size ones as they are, any other as u32 length | bytes.
/// The label names the layout of the fields after it, so two different field lists never share an encoding.

#include <string_view>

#include "crypto/hash.hpp"

namespace chat {

class CanonicalHash {
  public:
    /// `label` comes from crypto/info.hpp and stands for one list of fields.
    explicit CanonicalHash(std::string_view label);

    /// A field whose size the label fixes.
    CanonicalHash& fixed(ByteView field);
    /// A field of any size below 2^32.
    CanonicalHash& variable(ByteView field);
    /// Integers are fixed-size fields, big-endian.
    CanonicalHash& fixed_u8(u8 value);
    CanonicalHash& fixed_u32(u32 value);
    CanonicalHash& fixed_u64(u64 value);

    /// H of everything so far; more fields may follow (a growing transcript).
    [[nodiscard]] Sha512Digest digest() const;

  private:
    Sha512 hash_;
};

}  // namespace chat
