#pragma once
/// The safety number of two identities (docs/protocol.md 1): the same on both screens, whoever is A.

#include <array>
#include <string>

#include "base/roles.hpp"

namespace chat {

struct SafetyNumber {
    static constexpr std::size_t group_count = 12;
    static constexpr u32 group_bound = 100'000;
    std::array<u32, group_count> groups{};  ///< each below 100,000

    /// Sixty digits in groups of five, one space between groups.
    [[nodiscard]] std::string text() const;
    /// The sixty digits alone, for a QR code.
    [[nodiscard]] std::string digits() const;
    bool operator==(const SafetyNumber&) const = default;
};

/// Block i = H(label, lower fingerprint, higher fingerprint, i u32), i = 0, 1, ...; the blocks are read as big-endian u32 words;
/// a word of 4,294,900,000 or above (the largest multiple of 100,000) is skipped, so that no group is favoured; the first twelve
/// others modulo 100,000 are the groups.
[[nodiscard]] SafetyNumber safety_number(const Fingerprint& one, const Fingerprint& other);

}  // namespace chat
