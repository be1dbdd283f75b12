#include "crypto/error.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chat {
namespace {

TEST(CryptoError, EachHasALineOfItsOwn) {
    std::set<std::string_view> lines;
    constexpr unsigned count = 8;
    for (unsigned i = 0; i < count; ++i) lines.insert(describe(static_cast<CryptoError>(i)));
    EXPECT_EQ(lines.size(), count);
    EXPECT_EQ(lines.count("unknown"), 0U);
}

}  // namespace
}  // namespace chat
