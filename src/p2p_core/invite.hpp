#pragma once
/// The invite: what B gives to A so that A finds, recognises and is let in by B (docs/protocol.md 2). One line of text; an
/// invite is a secret, so its text lives in SecretBuffer.

#include <span>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/roles.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "crypto/session_secret.hpp"
#include "p2p_core/invite_endpoint.hpp"

namespace chat {

enum class InviteError : u8 {
    not_an_invite,  ///< no prefix, and not the characters or the length of an invite without one
    too_long,       ///< more text than any invite has
    mistyped,       ///< a character that can't be part of one, a part missing, or the checksum does not match
    foreign_version,     ///< an invite of another version of the protocol
    unknown_flags,       ///< a flag that this version does not know
    too_many_endpoints,  ///< more than 16
    bad_endpoint,        ///< an unknown kind, an address that can't be one, or port 0
    wrong_length,        ///< the checksum is right, but the fields do not fill the invite exactly
    zero_secret,         ///< the secret of a listener without invites, which no invite may carry
};
/// One line for the user, with what to do.
[[nodiscard]] std::string_view describe(InviteError error);

enum class InviteUse : u8 { single, reusable };

struct Invite {
    static constexpr std::size_t max_endpoints = 16;

    InviteUse use = InviteUse::single;
    u32 expiry = 0;  ///< minutes since 1970-01-01 UTC; the invite is good before this minute begins
    std::vector<Endpoint> endpoints;  ///< in the order in which B would have them tried; may be empty
    Fingerprint host;                 ///< of B's identity
    PresharedSecret secret;
};

/// Longest text that decode() looks at, in bytes. The longest invite has 6,705 characters; quoting may stretch it.
inline constexpr std::size_t max_invite_text = 32768;

/// "P2P1:" and upper-case base32 without padding. too_many_endpoints, bad_endpoint or zero_secret for what decode() would refuse.
[[nodiscard]] Result<SecretBuffer, InviteError> encode(const Invite& invite);

/// Reads an invite out of what a person pasted (UTF-8): either case, with or without the prefix; white space, line breaks,
/// quoting marks and invisible characters around and inside are ignored, and so is text before the prefix. 0 is read as O and 8 as
/// B, which base32 has not. Whether an invite is expired or one's own is asked afterwards.
[[nodiscard]] Result<Invite, InviteError> decode_invite(ByteView text);

/// By `now`'s clock. B refuses then; A is only warned, because clocks differ.
[[nodiscard]] bool is_expired(const Invite& invite, WallTime now);

/// Whether the invite names one of one's own identities.
[[nodiscard]] bool is_own(const Invite& invite, std::span<const Fingerprint> own);

/// The expiry field for an invite that is good for `lifetime` from `now`, rounded up to a minute.
[[nodiscard]] u32 expiry_after(WallTime now, std::chrono::seconds lifetime);

}  // namespace chat
