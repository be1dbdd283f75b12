#include "double_ratchet/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chat {
namespace {

TEST(CellErrorText, EveryErrorHasALineOfItsOwn) {
    std::set<std::string_view> lines;
    for (u8 code = 0; code <= static_cast<u8>(CellError::efk_announcement_signature); ++code) {
        const std::string_view line = describe(static_cast<CellError>(code));
        EXPECT_FALSE(line.empty()) << int{code};
        EXPECT_EQ(line.find('\n'), std::string_view::npos);
        EXPECT_TRUE(lines.insert(line).second) << line;
    }
}

}  // namespace
}  // namespace chat
