#include "secure_p2p/conversation/cell_content.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/seeded_rng.hpp"
#include "support/vec_reader.hpp"

namespace chat {
namespace {

using Record = std::array<u8, inner_record_size>;

Record record_of(const ContentHeader& header, ByteView content, u64 seed = 1) {
    test::SeededRng rng{seed};
    Record out{};
    encode_content(header, content, rng, out);
    return out;
}

/// A record with a pad of known length, to change single fields at known places.
Record record_without_pad() {
    for (u64 seed = 1;; ++seed) {
        const Record record = record_of({ContentType::text, 5, 0, 1, 9}, bytes_of("hi"), seed);
        if (record[2] == 0) return record;
    }
}

TEST(CellContent, ComesBackWhole) {
    const Bytes longest(max_content, 0x5A);
    for (u64 seed = 1; seed <= 200; ++seed) {
        const Record record = record_of({ContentType::text, 77, 3, 4, 123'456'789}, longest, seed);
        const auto content = decode_content(record);
        ASSERT_TRUE(content);
        EXPECT_EQ(content->header.type, ContentType::text);
        EXPECT_EQ(content->header.stream, 77U);
        EXPECT_EQ(content->header.fragment_index, 3);
        EXPECT_EQ(content->header.fragment_count, 4);
        EXPECT_EQ(content->header.acknowledged, 123'456'789U);
        EXPECT_EQ(to_hex(content->content.expose()), to_hex(longest));
    }
}

TEST(CellContent, AgreesWithTheVectors) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/session/record.vec");
    ASSERT_EQ(blocks.size(), 2U);
    for (const auto& block : blocks) {
        const Bytes record = block.bytes("record");
        const auto content = decode_content(std::span<const u8, inner_record_size>{record});
        ASSERT_TRUE(content);
        EXPECT_EQ(static_cast<std::size_t>(content->header.type), block.number("type"));
        EXPECT_EQ(content->header.stream, block.number("stream"));
        EXPECT_EQ(content->header.fragment_index, block.number("fragment_index"));
        EXPECT_EQ(content->header.fragment_count, block.number("fragment_count"));
        EXPECT_EQ(content->header.acknowledged, block.number("acknowledged"));
        EXPECT_EQ(to_hex(content->content.expose()), block.text("content"));
    }
}

TEST(CellContent, PadLengthsAreZeroToFifteenAndAllOccur) {
    std::set<u8> lengths;
    for (u64 seed = 1; seed <= 500; ++seed) lengths.insert(record_of({ContentType::heartbeat}, {}, seed)[2]);
    EXPECT_EQ(lengths.size(), 16U);
    EXPECT_EQ(*lengths.rbegin(), max_pad);
}

TEST(CellContent, WhatIsNotContentIsRandom) {
    const Record one = record_of({ContentType::text}, bytes_of("same"), 1);
    const Record two = record_of({ContentType::text}, bytes_of("same"), 2);
    int equal = 0;
    for (std::size_t i = 64; i < one.size(); ++i) equal += one.at(i) == two.at(i) ? 1 : 0;
    EXPECT_LT(equal, 30);
}

TEST(CellContent, EveryDefectHasItsError) {
    const auto error_with = [](std::size_t place, u8 value) {
        Record record = record_without_pad();
        record.at(place) = value;
        const auto content = decode_content(record);
        return content ? std::optional<ContentError>{} : content.error();
    };
    EXPECT_EQ(error_with(0, 0), ContentError::unknown_type);
    EXPECT_EQ(error_with(0, 12), ContentError::unknown_type);
    EXPECT_EQ(error_with(1, 1), ContentError::reserved_flags);
    EXPECT_EQ(error_with(2, 16), ContentError::pad_too_long);
    EXPECT_EQ(error_with(10, 0), ContentError::no_fragments);
    EXPECT_EQ(error_with(10, 65), ContentError::too_many_fragments);
    EXPECT_EQ(error_with(8, 1), ContentError::index_beyond_count);
    EXPECT_EQ(error_with(19, 0xFF), ContentError::length_beyond_room);
}

TEST(CellContent, ControlComesInOneCell) {
    const auto content = decode_content(record_of({ContentType::close, 1, 0, 2, 0}, {}));
    ASSERT_FALSE(content);
    EXPECT_EQ(content.error(), ContentError::fragmented_control);
}

}  // namespace
}  // namespace chat
