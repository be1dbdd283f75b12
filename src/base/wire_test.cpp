#include <gtest/gtest.h>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {
namespace {

using Tag = PublicBytes<struct WireTestTag, 3>;

TEST(Wire, WritesBigEndianAndReadsBack) {
    std::array<u8, 18> bytes{};
    const Tag tag{{7, 8, 9}};
    WireWriter{bytes}
        .write_u8(1)
        .write_u16(0x0203)
        .write_u32(0x04050607)
        .write_u64(0x08090A0B0C0D0E0F)
        .write(tag.view());
    EXPECT_EQ(to_hex(bytes), "0102030405060708090a0b0c0d0e0f070809");
    WireReader reader{bytes};
    EXPECT_EQ(reader.read_u8(), 1);
    EXPECT_EQ(reader.read_u16(), 0x0203);
    EXPECT_EQ(reader.read_u32(), 0x04050607U);
    EXPECT_EQ(reader.read_u64(), 0x08090A0B0C0D0E0FU);
    EXPECT_EQ(reader.read_bytes<Tag>(), tag);
    EXPECT_TRUE(reader.ok_at_end());
}

TEST(Wire, AShortReadFailsAndStaysFailed) {
    const std::array<u8, 3> bytes{1, 2, 3};
    WireReader reader{bytes};
    EXPECT_EQ(reader.read_u16(), 0x0102);
    EXPECT_TRUE(reader.read(2).empty());
    EXPECT_FALSE(reader.ok());
    EXPECT_TRUE(reader.read(1).empty());
    EXPECT_FALSE(reader.ok_at_end());
}

TEST(Wire, AFailedReadLeavesItsTargetAlone) {
    const std::array<u8, 2> bytes{1, 2};
    std::array<u8, 3> target{9, 9, 9};
    WireReader reader{bytes};
    reader.read_into(target);
    EXPECT_EQ(target, (std::array<u8, 3>{9, 9, 9}));
}

TEST(Wire, TrailingBytesAreNotTheEnd) {
    const std::array<u8, 2> bytes{1, 2};
    WireReader reader{bytes};
    static_cast<void>(reader.read_u8());
    EXPECT_TRUE(reader.ok());
    EXPECT_FALSE(reader.ok_at_end());
    EXPECT_EQ(reader.remaining(), 1U);
}

TEST(Wire, AnAbsurdLengthIsRefusedWithoutAllocating) {
    const std::array<u8, 2> bytes{1, 2};
    WireReader reader{bytes};
    EXPECT_TRUE(reader.read(SIZE_MAX).empty());
    EXPECT_FALSE(reader.ok());
}

}  // namespace
}  // namespace chat
