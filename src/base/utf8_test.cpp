#include "base/utf8.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

TEST(Utf8, AcceptsEveryLength) {
    EXPECT_TRUE(is_utf8(bytes_of("")));
    EXPECT_TRUE(is_utf8(bytes_of(
        "a\x7F \xC2\x80 \xDF\xBF \xE0\xA0\x80 \xED\x9F\xBF \xEE\x80\x80 \xF0\x90\x80\x80 \xF4\x8F\xBF\xBF")));
}

TEST(Utf8, RefusesEveryDefect) {
    for (const char* bad :
         {"\x80", "\xC3", "\xC3\x28", "\xC0\xAF", "\xC1\xBF", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
          "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFF", "ok\xE2\x82"}) {
        EXPECT_FALSE(is_utf8(bytes_of(bad))) << testing::PrintToString(std::string{bad});
    }
}

TEST(Utf8, DecodesAndMovesOn) {
    ByteView text = bytes_of("\xE2\x82\xAC!");
    EXPECT_EQ(next_code_point(text), U'\u20AC');
    EXPECT_EQ(next_code_point(text), U'!');
    EXPECT_EQ(next_code_point(text), std::nullopt);
}

}  // namespace
}  // namespace chat
