#pragma once
/// The first message of each side: what it is called and what it wants of the session.
///     options u8 (bit 0: deniable, bit 1: the identity is kept) | name length u8 (at most 64) | name, UTF-8

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "secure_p2p/options.hpp"

namespace chat {

inline constexpr std::size_t max_name = 64;

enum class GreetingError : u8 { malformed, unknown_options, name_not_utf8 };
[[nodiscard]] std::string_view describe(GreetingError error);

struct Greeting {
    bool deniable = false;
    IdentityLife identity_life = IdentityLife::one_run;
    std::string name;
};

/// name.size() <= max_name.
[[nodiscard]] SecretBuffer encode(const Greeting& greeting);
[[nodiscard]] Result<Greeting, GreetingError> decode_greeting(ByteView bytes);

}  // namespace chat
