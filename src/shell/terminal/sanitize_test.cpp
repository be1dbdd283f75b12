#include "shell/terminal/sanitize.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

std::string clean(std::string_view text) { return clean_line(bytes_of(text)); }

TEST(Sanitize, KeepsOrdinaryText) {
    for (const char* text :
         {"", "hello", "Grüße", "日本語", "привет", "👋🏽", "a b  c", "<Alice> hi", "* note"}) {
        EXPECT_EQ(clean(text), text);
    }
}

TEST(Sanitize, TakesOutWhatDrivesATerminal) {
    EXPECT_EQ(clean("\x1B[31mred\x1B[0m"), "\uFFFD[31mred\uFFFD[0m");
    EXPECT_EQ(clean("\x1B]0;title\x07"), "\uFFFD]0;title\uFFFD");
    EXPECT_EQ(clean("a\bb"), "a\uFFFDb");
    EXPECT_EQ(clean("\xC2\x9B"
                    "2J"),
              "\uFFFD2J");
    EXPECT_EQ(clean("\x7F"), "\uFFFD");
    EXPECT_EQ(clean(std::string_view{"a\0b", 3}), "a\uFFFDb");
}

TEST(Sanitize, TakesOutWhatReordersOrHides) {
    for (const char* bad :
         {"\u202E", "\u2066", "\u200B", "\u200F", "\uFEFF", "\u061C", "\u2060", "\u00AD", "\U000E0041"}) {
        EXPECT_EQ(clean(std::string{"x"} + bad + "y"), "x\uFFFDy");
    }
}

TEST(Sanitize, EmojiFallIntoTheirParts) {
    EXPECT_EQ(clean("\u2764\uFE0F"), "\u2764");
    EXPECT_EQ(clean("\U0001F469\u200D\U0001F4BB"), "\U0001F469\U0001F4BB");
}

TEST(Sanitize, KeepsOneMessageOneLine) {
    EXPECT_EQ(clean("one\n* you are verified"), "one \u21B5 * you are verified");
    EXPECT_EQ(clean("a\r\nb\rc\u2028d\u0085e\tf"), "a \u21B5 b \u21B5 c \u21B5 d \u21B5 e f");
}

TEST(Sanitize, ReplacesInvalidBytes) { EXPECT_EQ(clean("a\xFF\xC3(b"), "a\uFFFD\uFFFD(b"); }

TEST(Sanitize, NamesCantPassForAnotherOrForAStatusLine) {
    EXPECT_EQ(clean_name("Alice ", "peer"), "Alice");
    EXPECT_EQ(clean_name("  A\u00A0\u2003 B\u200B ", "peer"), "A B");
    EXPECT_EQ(clean_name("> * joined <", "peer"), "* joined");
    EXPECT_EQ(clean_name("\n\r\t", "peer"), "peer");
    EXPECT_EQ(clean_name("", "peer"), "peer");
    EXPECT_EQ(clean_name(std::string(64, 'x'), "peer").size(), 32U);
}

}  // namespace
}  // namespace chat
