#include "secure_p2p/node/record_meter.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace chat {
namespace {

Bytes record(std::size_t length) {
    Bytes out(5 + length, 0xEE);
    out[3] = static_cast<u8>(length >> 8U);
    out[4] = static_cast<u8>(length);
    return out;
}

TEST(RecordMeter, TellsEachRecordHoweverItIsCut) {
    Bytes stream;
    const std::vector<std::size_t> lengths{300, 0, 1, 5650, 65'535, 7};
    for (const std::size_t length : lengths) append(stream, record(length));
    for (const std::size_t piece :
         {std::size_t{1}, std::size_t{3}, std::size_t{5}, std::size_t{6000}, stream.size()}) {
        RecordMeter meter;
        std::vector<std::size_t> told;
        for (std::size_t i = 0; i < stream.size(); i += piece) {
            meter.see(ByteView{stream}.subspan(i, std::min(piece, stream.size() - i)),
                      [&](std::size_t size) { told.push_back(size - 5); });
        }
        EXPECT_EQ(told, lengths);
    }
}

TEST(RecordMeter, TellsARecordAsSoonAsItsHeaderIsThere) {
    RecordMeter meter;
    std::size_t told = 0;
    const auto see = [&](ByteView bytes) { meter.see(bytes, [&](std::size_t) { ++told; }); };
    const Bytes bytes = record(100);
    see(ByteView{bytes}.first(4));
    EXPECT_EQ(told, 0U);
    see(ByteView{bytes}.subspan(4, 1));
    EXPECT_EQ(told, 1U);
    see(ByteView{bytes}.subspan(5));
    EXPECT_EQ(told, 1U);
}

}  // namespace
}  // namespace chat
