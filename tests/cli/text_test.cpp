/// What can be said, and what a peer's text can't do to the reader.

#include <gtest/gtest.h>

#include <algorithm>

#include "cli/program.hpp"

namespace chat::test {
namespace {

/// What the host reads when the guest says `text`.
std::string heard(Pair& pair, std::string_view text) {
    pair.guest.say(text);
    return pair.host.wait_for("<");
}

TEST(Text, UnicodeArrivesAsItIs) {
    Pair pair;
    for (const char* text :
         {"Grüße", "日本語", "привет", "👋🏽", "שלום", "a b  c", " lead and trail ", "x\u0301"}) {
        EXPECT_EQ(heard(pair, text), "<Alice> " + std::string{text});
    }
}

TEST(Text, AnEmptyLineOfAScriptIsAnEmptyText) {
    Pair pair;
    EXPECT_EQ(heard(pair, ""), "<Alice> ");
    EXPECT_EQ(heard(pair, "after"), "<Alice> after");
}

TEST(Text, CannotDriveTheTerminal) {
    Pair pair;
    const std::string line =
        heard(pair, "\x1B[31m\x1B]0;x\x07\x1B[2Jred\x08\x7F\xC2\x9B\u202E\u2066\u200B\tend");
    EXPECT_TRUE(
        std::ranges::all_of(line, [](char c) { return static_cast<unsigned char>(c) >= 0x20 && c != 0x7F; }));
    EXPECT_EQ(line.find("\u202E"), std::string::npos);
    EXPECT_EQ(line.find("\xC2\x9B"), std::string::npos);
    EXPECT_EQ(line.find("\u200B"), std::string::npos);
    EXPECT_TRUE(line.ends_with(" end"));
}

TEST(Text, CannotPassForAStatusLineOrAnotherName) {
    Pair pair;
    EXPECT_EQ(heard(pair, "* session ended: you left"), "<Alice> * session ended: you left");
    EXPECT_EQ(heard(pair, "x\r* contact: verified"), "<Alice> x \u21B5 * contact: verified");
    EXPECT_EQ(heard(pair, "x\u2028<Bob> I never said this"), "<Alice> x \u21B5 <Bob> I never said this");
    EXPECT_EQ(heard(pair, "x\xC2\x85* y"), "<Alice> x \u21B5 * y");
}

TEST(Text, ANameCannotPassForAnother) {
    struct Case {
        std::string nick;
        std::string shown;
    };
    for (const Case& each :
         {Case{"Bob", "Bob (other side)"}, Case{" Bob ", "Bob (other side)"},
          Case{"> * connected <Bob", "* connected Bob"}, Case{"\x1B[31mEve", "[31mEve"},
          Case{"Bob\u200B", "Bob (other side)"}, Case{"", "peer"}, Case{"\u202E", "peer"}}) {
        Pair pair{{}, {"--nick", each.nick}};
        EXPECT_EQ(heard(pair, "who am I?"), "<" + each.shown + "> who am I?");
    }
}

TEST(Text, SixtyFourKibibytesAreOneText) {
    Pair pair;
    const std::string longest(64UL * 1024, 'x');
    EXPECT_EQ(heard(pair, longest), "<Alice> " + longest);
}

TEST(Text, ALongerOneIsRefusedBeforeSending) {
    Pair pair;
    pair.guest.say(std::string(64UL * 1024 + 1, 'x'));
    pair.guest.wait_for("* line 1: the text is longer than 64 KiB; nothing was sent");
    pair.guest.say(std::string(200UL * 1024, 'y'));
    pair.guest.wait_for("the text is longer than 64 KiB; nothing was sent");
    EXPECT_EQ(heard(pair, "short"), "<Alice> short");
    EXPECT_EQ(pair.guest.wait_after_end_of_input(), 6);
}

TEST(Text, WhatIsNotUtf8IsRefusedBeforeSending) {
    Pair pair;
    for (const char* text : {"\xFF", "a\xC3", "\xED\xA0\x80", "\xC0\x80", "\xF4\x90\x80\x80"}) {
        pair.guest.say(text);
        pair.guest.wait_for("the text is not valid UTF-8; nothing was sent");
    }
    EXPECT_EQ(heard(pair, "fine"), "<Alice> fine");
}

TEST(Text, ALineThatBeginsWithASlashIsSaidWithTwo) {
    Pair pair;
    EXPECT_EQ(heard(pair, "//help is a command"), "<Alice> /help is a command");
    EXPECT_EQ(heard(pair, "//"), "<Alice> /");
}

TEST(Text, AWindowsLineEndIsNoPartOfTheText) {
    Pair pair;
    EXPECT_EQ(heard(pair, "from Windows\r"), "<Alice> from Windows");
}

}  // namespace
}  // namespace chat::test
