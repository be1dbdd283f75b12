#pragma once
/// Whose cells these are: session and direction, part of every associated data and signature (docs/protocol.md 6).

#include <string_view>

#include "base/roles.hpp"
#include "base/wire_writer.hpp"

namespace chat {

struct CellOrigin {
    SessionIdBytes session_id;
    Role sender{};

    static constexpr std::size_t encoded_size = SessionIdBytes::size + 1;

    void write_to(WireWriter& out) const { out.write(session_id.bytes).write_u8(static_cast<u8>(sender)); }
};

/// Size of `u32 length | label | origin`.
[[nodiscard]] constexpr std::size_t labelled_origin_size(std::string_view label) {
    return 4 + label.size() + CellOrigin::encoded_size;
}

inline void write_labelled_origin(WireWriter& out, std::string_view label, const CellOrigin& origin) {
    out.write_u32(static_cast<u32>(label.size())).write(bytes_of(label));
    origin.write_to(out);
}

}  // namespace chat
