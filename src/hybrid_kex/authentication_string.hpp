#pragma once
/// The five words that both people compare (docs/protocol.md 5.4) and the safety number of two identities (docs/protocol.md 1).

#include <array>
#include <string>

#include "base/roles.hpp"
#include "crypto/hash.hpp"
#include "hybrid_kex/identity_statement.hpp"

namespace chat {

/// A's nonce, secret until resp opens the commitment.
using SasNonceA = Secret<struct SasNonceATag, 32>;

struct AuthenticationString {
    static constexpr std::size_t word_count = 5;
    std::array<u8, word_count> bytes{};

    /// Words of the PGP word list, one for each byte: two syllables at even positions, three at odd ones.
    [[nodiscard]] std::array<std::string_view, word_count> words() const;
    /// The words with one space between them.
    [[nodiscard]] std::string text() const;
    bool operator==(const AuthenticationString&) const = default;
};

/// HKDF-SHA512(salt, nonce_A || nonce_B, label, 5); `salt` is the hash over everything up to and including init.
[[nodiscard]] AuthenticationString authentication_string(const Sha512Digest& salt, const SasNonceA& nonce_a,
                                                         const SasNonceB& nonce_b);

[[nodiscard]] SasCommitment commit(const SasNonceA& nonce);

}  // namespace chat
