#include "hybrid_kex/sas_words.hpp"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

TEST(SasWords, AreFiveHundredAndTwelveDifferentOnes) {
    std::set<std::string_view> seen{two_syllable_words.begin(), two_syllable_words.end()};
    seen.insert(three_syllable_words.begin(), three_syllable_words.end());
    EXPECT_EQ(seen.size(), 512U);
    EXPECT_EQ(seen.count(""), 0U);
}

TEST(SasWords, HaveOnlyLetters) {
    for (const auto& list : {two_syllable_words, three_syllable_words}) {
        for (const std::string_view word : list) {
            EXPECT_EQ(word.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"),
                      std::string_view::npos)
                << word;
        }
    }
}

TEST(SasWords, SayThePublishedFingerprint) {
    const Bytes published = test::from_hex("E58294F2E9A227486E8B061B31CC528FD7FA3F19");
    std::string words;
    for (std::size_t i = 0; i < published.size(); ++i) {
        words += std::string{sas_word(published[i], i)} + " ";
    }
    EXPECT_EQ(words,
              "topmost Istanbul Pluto vagabond treadmill Pacific brackish dictator goldfish Medusa afflict "
              "bravado chatter revolver Dupont midsummer stopwatch whimsical cowbell bottomless ");
}

TEST(SasWords, ReadEvenPositionsFromTheTwoSyllableList) {
    EXPECT_EQ(sas_word(0x00, 0), "aardvark");
    EXPECT_EQ(sas_word(0x00, 1), "adroitness");
    EXPECT_EQ(sas_word(0xFF, 2), "Zulu");
    EXPECT_EQ(sas_word(0xFF, 3), "Yucatan");
}

}  // namespace
}  // namespace chat
