#pragma once
/// The PGP word list (P. Juola, P. Zimmermann, 1995): two lists of 256 words chosen to sound apart from each other. A byte at an even
/// position is read from the two-syllable list, one at an odd position from the three-syllable list, so that a swapped, missing
/// or doubled word is heard.

#include <array>
#include <string_view>

#include "base/bytes.hpp"

namespace chat {

using SasWordList = std::array<std::string_view, 256>;

extern const SasWordList two_syllable_words;
extern const SasWordList three_syllable_words;

/// The word for `byte` at `position` (0 is the first).
[[nodiscard]] std::string_view sas_word(u8 byte, std::size_t position);

}  // namespace chat
