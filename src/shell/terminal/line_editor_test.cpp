#include "shell/terminal/line_editor.hpp"

#include <gtest/gtest.h>

#include "shell/terminal/cell_width.hpp"

namespace chat {
namespace {

constexpr std::string_view paste_begin = "\x1B[200~";
constexpr std::string_view paste_end = "\x1B[201~";

class LineEditorTest : public testing::Test {
  protected:
    std::vector<LineEditor::Event> feed(std::string_view bytes) { return editor.feed(bytes_of(bytes)); }

    /// What Enter gives after these bytes.
    std::string entered(std::string_view bytes) {
        const auto events = feed(std::string{bytes} + "\r");
        EXPECT_EQ(events.size(), 1U);
        const ByteView text = std::get<LineEditor::Entered>(events.back()).text.expose();
        return {text.begin(), text.end()};
    }

    LineEditor editor{64};
};

TEST_F(LineEditorTest, GivesWhatWasTyped) {
    EXPECT_EQ(entered("hello"), "hello");
    EXPECT_EQ(entered("日本語 é 👋"), "日本語 é 👋");
    EXPECT_EQ(entered(""), "");
}

TEST_F(LineEditorTest, EditsInTheMiddle) {
    EXPECT_EQ(entered("ac\x1B[Db"), "abc");
    EXPECT_EQ(entered("bc\x01"
                      "a\x05"
                      "d"),
              "abcd");
    EXPECT_EQ(entered("abc\x1B[D\x7F"), "ac");
    EXPECT_EQ(entered("abc\x01\x1B[3~\x04"), "c");
    EXPECT_EQ(entered("one two  three\x17"), "one two  ");
    EXPECT_EQ(entered("one two\x1B[1;5Dx\x15y"), "ytwo");
    EXPECT_EQ(entered("one two\x1B[1;5D\x0B"), "one ");
    EXPECT_EQ(entered("\x7F\x1B[D\x1B[3~\x17\x15\x0B\x1B[C"), "");
}

TEST_F(LineEditorTest, ACombiningCharacterGoesWithItsBase) {
    EXPECT_EQ(entered("ae\u0301\x7F"), "a");
    EXPECT_EQ(entered("e\u0301a\x1B[D\x1B[Dx"), "xe\u0301a");
    EXPECT_EQ(entered("e\u0301a\x01\x1B[Cx"), "e\u0301xa");
}

TEST_F(LineEditorTest, APasteIsOneTextWithItsLineBreaks) {
    const std::string paste = std::string{paste_begin} + "one\r\ttwo\n" + std::string{paste_end};
    EXPECT_EQ(entered(paste), "one\n\ttwo\n");
}

TEST_F(LineEditorTest, HistoryKeepsTheDraft) {
    EXPECT_EQ(entered("first"), "first");
    EXPECT_EQ(entered("second"), "second");
    EXPECT_EQ(entered("draft\x1B[A\x1B[A\x1B[A"), "first");
    EXPECT_EQ(entered("draft\x1B[A\x1B[A\x1B[B\x1B[B\x1B[B!"), "draft!");
    EXPECT_EQ(entered("\x1B[A"), "draft!");
}

TEST_F(LineEditorTest, HistoryTakesNothingTwiceInARow) {
    EXPECT_EQ(entered("a"), "a");
    EXPECT_EQ(entered("b"), "b");
    EXPECT_EQ(entered("b"), "b");
    EXPECT_EQ(entered(""), "");
    EXPECT_EQ(entered("\x1B[A\x1B[A"), "a");
}

TEST_F(LineEditorTest, TheEndOfInputIsCtrlDOnAnEmptyRow) {
    EXPECT_TRUE(feed("x\x1B[D\x04").empty());
    const auto events = feed("\x04");
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<LineEditor::EndOfInput>(events[0]));
}

TEST_F(LineEditorTest, ATextThatIsTooLongIsKeptWithoutTheRest) {
    const auto events = feed(std::string(70, 'x'));
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<LineEditor::Full>(events[0]));
    EXPECT_EQ(entered("\x7Fy"), std::string(63, 'x') + "y");
    EXPECT_EQ(feed(std::string(63, 'x') + "é").size(), 1U) << "the limit counts bytes";
}

TEST_F(LineEditorTest, CtrlLAsksForAClearScreen) {
    const auto events = feed("abc\x0C");
    ASSERT_EQ(events.size(), 1U);
    EXPECT_TRUE(std::holds_alternative<LineEditor::ClearScreen>(events[0]));
}

TEST_F(LineEditorTest, DrawsTheRowAndTheCursor) {
    EXPECT_EQ(editor.draw(80), "\r\x1B[K> \r\x1B[2C");
    feed("abc\x1B[D");
    EXPECT_EQ(editor.draw(80), "\r\x1B[K> abc\r\x1B[4C");
}

TEST_F(LineEditorTest, CountsCellsNotCharacters) {
    feed("日e\u0301x");
    EXPECT_EQ(editor.draw(80), "\r\x1B[K> 日e\u0301x\r\x1B[6C");
}

TEST_F(LineEditorTest, ScrollsSidewaysAndLeavesTheLastColumnFree) {
    feed("abcdefghijklmnop");
    EXPECT_EQ(editor.draw(12), "\r\x1B[K> ijklmnop\r\x1B[10C");
    feed("\x01");
    EXPECT_EQ(editor.draw(12), "\r\x1B[K> abcdefghi\r\x1B[2C");
    feed("\x15\x0B一二三四五");
    EXPECT_EQ(editor.draw(10), "\r\x1B[K> 三四五\r\x1B[8C")
        << "a wide character is shown whole or not at all";
    EXPECT_EQ(editor.draw(1), "\r\x1B[K\r");
}

TEST_F(LineEditorTest, DrawsAPasteInOneRowAndNothingThatActs) {
    feed(std::string{paste_begin} + "a\nb\u202Ec\u009Bd" + std::string{paste_end});
    EXPECT_EQ(editor.draw(80), "\r\x1B[K> a\u21B5b\uFFFDc\uFFFDd\r\x1B[9C");
}

TEST_F(LineEditorTest, AMarkThatStandsForACharacterCountsAsWideAsItIs) {
    feed("\u0085x\u2028");
    EXPECT_EQ(editor.draw(80), "\r\x1B[K>  \u21B5 x \u21B5 \r\x1B[9C");
}

TEST_F(LineEditorTest, ForgetsTheHistoryAndLeavesTheDraft) {
    entered("one");
    entered("two");
    feed("draft\x1B[A\x1B[A");
    editor.forget();
    EXPECT_EQ(entered("\x1B[A!"), "draft!") << "nothing is older, and the draft came back";
    EXPECT_EQ(entered("\x1B[A"), "draft!") << "a new history begins";
}

TEST_F(LineEditorTest, ThePromptMakesRoom) {
    editor.set_prompt("[2 not delivered] > ");
    EXPECT_EQ(editor.draw(80), "\r\x1B[K[2 not delivered] > \r\x1B[20C");
    feed("abc");
    EXPECT_EQ(editor.draw(20), "\r\x1B[Kabc\r\x1B[3C") << "where it does not fit, it is left out";
}

TEST(CellWidth, KnowsCombiningAndWideCharacters) {
    for (const char32_t character : U"a é ~ Ω я ↵") EXPECT_LE(cell_width(character), 1U);
    EXPECT_EQ(cell_width(U'日'), 2U);
    EXPECT_EQ(cell_width(U'👋'), 2U);
    EXPECT_EQ(cell_width(U'\uFF21'), 2U);
    EXPECT_EQ(cell_width(U'\u0301'), 0U);
    EXPECT_EQ(cell_width(U'\u20DD'), 0U);
    EXPECT_EQ(cell_width(U'a'), 1U);
    EXPECT_EQ(cell_width(U'\U0010FFFF'), 1U);
}

}  // namespace
}  // namespace chat
