#include "shell/terminal/key_decoder.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chat {
namespace {

std::vector<KeyStroke> decode(std::string_view bytes) {
    KeyDecoder decoder;
    std::vector<KeyStroke> out;
    for (const u8 byte : bytes_of(bytes)) {
        if (const auto stroke = decoder.take(byte)) out.push_back(*stroke);
    }
    return out;
}

std::vector<KeyStroke> keys(std::initializer_list<Key> list) {
    std::vector<KeyStroke> out;
    for (const Key key : list) out.push_back({key, 0});
    return out;
}

KeyStroke character(char32_t value) { return {Key::character, value}; }

TEST(KeyDecoder, ReadsCharactersOfEveryLength) {
    const std::vector<KeyStroke> expected = {character(U'a'), character(U'é'), character(U'語'),
                                             character(U'👋')};
    EXPECT_EQ(decode("aé語👋"), expected);
}

TEST(KeyDecoder, LeavesOutWhatIsNotUtf8) {
    const std::vector<KeyStroke> expected = {character(U'a'), character(U'b'), character(U'c')};
    EXPECT_EQ(decode("a\xFF\xC3"
                     "b\x80\xED\xA0\x80"
                     "c\xE8\xAA"),
              expected);
}

TEST(KeyDecoder, KnowsTheControlKeys) {
    EXPECT_EQ(decode("\r\n\x01\x02\x04\x05\x06\x08\x0B\x0C\x0E\x10\x15\x17\x7F"),
              keys({Key::enter, Key::enter, Key::home, Key::left, Key::end_of_input, Key::end, Key::right,
                    Key::backspace, Key::erase_to_end, Key::redraw, Key::down, Key::up, Key::erase_to_start,
                    Key::erase_word, Key::backspace}));
    EXPECT_TRUE(decode("\t\x07\x12\x1A").empty());
}

TEST(KeyDecoder, KnowsTheSequencesOfTheUsualTerminals) {
    EXPECT_EQ(decode("\x1B[A\x1B[B\x1B[C\x1B[D\x1B[H\x1B[F"),
              keys({Key::up, Key::down, Key::right, Key::left, Key::home, Key::end}));
    EXPECT_EQ(decode("\x1BOA\x1BOB\x1BOC\x1BOD\x1BOH\x1BOF"),
              keys({Key::up, Key::down, Key::right, Key::left, Key::home, Key::end}));
    EXPECT_EQ(decode("\x1B[1~\x1B[3~\x1B[4~\x1B[7~\x1B[8~"),
              keys({Key::home, Key::remove, Key::end, Key::home, Key::end}));
    EXPECT_EQ(decode("\x1B[1;5C\x1B[1;5D\x1B"
                     "b\x1B"
                     "f\x1B\r"),
              keys({Key::word_right, Key::word_left, Key::word_left, Key::word_right, Key::line_break}));
}

TEST(KeyDecoder, SwallowsUnknownSequencesWhole) {
    const std::vector<KeyStroke> expected = {character(U'x')};
    EXPECT_EQ(decode("\x1B[38;2;1;2;3;4;5;6;7;8m\x1B[24~\x1BOP\x1Bqx"), expected);
    EXPECT_EQ(decode("\x1B[\x1B[Ax").front(), (KeyStroke{Key::up, 0}));
}

TEST(KeyDecoder, APasteIsTextWithItsLineBreaks) {
    const std::vector<KeyStroke> expected = {character(U'a'), {Key::line_break, 0}, character(U'\t'),
                                             character(U'b'), {Key::line_break, 0}, {Key::line_break, 0},
                                             character(U'c'), {Key::enter, 0}};
    EXPECT_EQ(decode("\x1B[200~a\r\n\tb\r\rc\x1B[201~\r"), expected);
}

TEST(KeyDecoder, NothingInAPasteIsACommand) {
    const std::vector<KeyStroke> expected = {character(U'a'), character(U'b')};
    EXPECT_EQ(decode("\x1B[200~\x04\x15"
                     "a\x1B[A\x7F"
                     "b\x1B[201~"),
              expected);
}

}  // namespace
}  // namespace chat
