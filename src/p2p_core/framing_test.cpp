#include "p2p_core/framing.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

Bytes body_of(FrameKind kind, u8 seed) {
    Bytes out(frame_body_size(kind));
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = static_cast<u8>(seed + i * 7);
    return out;
}

const std::vector<std::pair<FrameKind, std::size_t>> sizes{
    {FrameKind::bundle, 8195}, {FrameKind::init, 12643},  {FrameKind::resp, 4513}, {FrameKind::alert, 1},
    {FrameKind::cell, 5633},   {FrameKind::resume, 5633}, {FrameKind::bulk, 65536}};

TEST(Framing, HasTheSizesOfTheProtocol) {
    for (const auto& [kind, size] : sizes) EXPECT_EQ(frame_size(kind), size) << name_of(kind);
}

TEST(Framing, EveryKindComesBack) {
    for (const auto& [kind, size] : sizes) {
        const Bytes body = body_of(kind, 1);
        const Bytes wire = encode_frame(kind, body);
        ASSERT_EQ(wire.size(), size);
        const auto back = decode_frame(wire);
        ASSERT_TRUE(back) << name_of(kind);
        EXPECT_EQ(back->kind, kind);
        EXPECT_TRUE(std::equal(body.begin(), body.end(), back->body.begin(), back->body.end()));
    }
}

TEST(Framing, RefusesEveryOtherKindAndLength) {
    EXPECT_EQ(decode_frame({}).error(), FrameError::empty_record);
    for (unsigned kind = 0; kind < 256; ++kind) {
        if (kind >= 1 && kind <= 7) continue;
        EXPECT_EQ(decode_frame(Bytes(5633, static_cast<u8>(kind))).error(), FrameError::unknown_kind) << kind;
    }
    for (const auto& [kind, size] : sizes) {
        Bytes wire = encode_frame(kind, body_of(kind, 2));
        wire.push_back(0);
        EXPECT_EQ(decode_frame(wire).error(), FrameError::wrong_length) << name_of(kind);
        wire.resize(size - 1);
        EXPECT_EQ(decode_frame(wire).error(),
                  size == 1 ? FrameError::empty_record : FrameError::wrong_length);
    }
}

TEST(FrameAssembler, GivesEachRecordAsAFrame) {
    FrameAssembler assembler;
    for (FrameKind kind : {FrameKind::bundle, FrameKind::cell, FrameKind::alert}) {
        const auto frame = assembler.accept(encode_frame(kind, body_of(kind, 3)));
        ASSERT_TRUE(frame);
        EXPECT_EQ((*frame)->kind, kind);
    }
}

TEST(FrameAssembler, PutsABulkFrameTogetherFromFourFullRecords) {
    FrameAssembler assembler;
    for (u8 round = 0; round < 2; ++round) {
        const Bytes body = body_of(FrameKind::bulk, round);
        const Bytes wire = encode_frame(FrameKind::bulk, body);
        for (std::size_t part = 0; part < 4; ++part) {
            const auto frame = assembler.accept(ByteView{wire}.subspan(part * 16384, 16384));
            ASSERT_TRUE(frame);
            ASSERT_EQ(frame->has_value(), part == 3);
            EXPECT_EQ(assembler.inside_bulk(), part != 3);
            if (!*frame) continue;
            EXPECT_EQ((*frame)->kind, FrameKind::bulk);
            EXPECT_TRUE(std::equal(body.begin(), body.end(), (*frame)->body.begin(), (*frame)->body.end()));
        }
        const auto cell = assembler.accept(encode_frame(FrameKind::cell, body_of(FrameKind::cell, 4)));
        ASSERT_TRUE(cell);
        EXPECT_EQ((*cell)->kind, FrameKind::cell);
    }
}

TEST(FrameAssembler, RefusesABrokenBulkFrameAndEverythingAfterIt) {
    const Bytes wire = encode_frame(FrameKind::bulk, body_of(FrameKind::bulk, 5));
    const Bytes cell = encode_frame(FrameKind::cell, body_of(FrameKind::cell, 5));
    for (std::size_t whole = 0; whole < 4; ++whole) {
        FrameAssembler assembler;
        for (std::size_t i = 0; i < whole; ++i) {
            ASSERT_TRUE(assembler.accept(ByteView{wire}.subspan(i * 16384, 16384)));
        }
        const ByteView bad = whole == 0 ? ByteView{wire}.first(16383) : ByteView{cell};
        EXPECT_EQ(assembler.accept(bad).error(), FrameError::broken_bulk);
        EXPECT_EQ(assembler.accept(cell).error(), FrameError::broken_bulk);
    }
}

TEST(FrameAssembler, RefusesAWrongRecordAndEverythingAfterIt) {
    const Bytes cell = encode_frame(FrameKind::cell, body_of(FrameKind::cell, 6));
    const std::vector<std::pair<Bytes, FrameError>> cases{
        {{}, FrameError::empty_record}, {{0}, FrameError::unknown_kind}, {{4, 0}, FrameError::wrong_length}};
    for (const auto& [record, error] : cases) {
        FrameAssembler assembler;
        EXPECT_EQ(assembler.accept(record).error(), error);
        EXPECT_EQ(assembler.accept(cell).error(), error);
    }
}

TEST(FixedFrameReader, CollectsExactlyItsSizeHoweverTheBytesAreCut) {
    Bytes stream(50);
    for (std::size_t i = 0; i < stream.size(); ++i) stream[i] = static_cast<u8>(i);
    for (std::size_t step = 1; step <= stream.size(); ++step) {
        FixedFrameReader reader{20};
        Bytes second;
        for (std::size_t from = 0; from < stream.size(); from += step) {
            ByteView piece = ByteView{stream}.subspan(from, std::min(step, stream.size() - from));
            if (!reader.complete()) reader.read(piece);
            append(second, piece);
        }
        ASSERT_TRUE(reader.complete()) << step;
        EXPECT_EQ(reader.missing(), 0U);
        EXPECT_EQ(reader.take(30), Bytes(stream.begin(), stream.begin() + 20));
        EXPECT_EQ(second, Bytes(stream.begin() + 20, stream.end()));
        ByteView rest = second;
        EXPECT_TRUE(reader.read(rest));
        EXPECT_TRUE(rest.empty());
    }
}

TEST(FrameError, HasATextForEach) {
    EXPECT_EQ(describe(FrameError::unknown_kind), "the peer sent a frame of an unknown kind");
    EXPECT_EQ(describe(FrameError::wrong_length), "the peer sent a frame of a wrong length");
    EXPECT_EQ(describe(FrameError::empty_record), "the peer sent an empty record");
    EXPECT_EQ(describe(FrameError::broken_bulk), "the peer sent a broken file frame");
}

}  // namespace
}  // namespace chat
