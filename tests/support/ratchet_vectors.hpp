#pragma once
/// Fields that several files of tests/vectors/ratchet share.

#include "base/wire_reader.hpp"
#include "double_ratchet/header.hpp"
#include "support/vec_reader.hpp"

namespace chat::test {

inline u32 u32_of(const VecBlock& block, const std::string& key) {
    const Bytes bytes = block.bytes(key);
    WireReader in{bytes};
    const u32 value = in.read_u32();
    if (!in.ok_at_end()) throw std::runtime_error{"not a u32: " + key};
    return value;
}

inline CellOrigin origin_of(const VecBlock& block) {
    return {block.get<SessionIdBytes>("session_id"), block.text("sender") == "A" ? Role::a : Role::b};
}

/// Exactly N bytes of `key`, in `storage`.
template <std::size_t N>
std::span<const u8, N> view_of(const VecBlock& block, const std::string& key, Bytes& storage) {
    storage = block.bytes(key);
    if (storage.size() != N) throw std::runtime_error{"wrong length: " + key};
    return std::span<const u8, N>{storage};
}

}  // namespace chat::test
