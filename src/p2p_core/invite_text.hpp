#pragma once
/// Finds the base32 of an invite in what a person pasted: undoes what chat programs, mail programs and word processors do to a
/// line of text. Internal to invite.cpp.

#include <string_view>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace chat {

inline constexpr std::string_view invite_prefix = "P2P1:";

enum class InvitePrefix : u8 {
    none,     ///< the text may still be an invite without it
    ours,     ///< P2P1
    foreign,  ///< P2P and another number
};

struct InviteText {
    InvitePrefix prefix{};
    /// What follows the prefix: upper-case letters, digits and whatever else has no business there. What stands for nothing (white
    /// space, quotes, invisible characters) is gone, 0 became O, 8 became B, a character outside ASCII became '?'.
    SecretBuffer body;
};

/// `text` is UTF-8; broken sequences become '?'.
[[nodiscard]] InviteText find_invite(ByteView text);

}  // namespace chat
