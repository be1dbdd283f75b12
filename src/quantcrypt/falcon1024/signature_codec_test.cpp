#include "quantcrypt/falcon1024/signature_codec.hpp"

#include <gtest/gtest.h>

#include <random>

namespace chat::falcon1024 {
namespace {

using Coefficients = std::array<i16, n>;

/// An encoding written bit by bit, so that defects can be put in at will.
class BitString {
  public:
    void append(u32 value, unsigned count) {
        for (unsigned i = count; i-- > 0;) bits_.push_back(((value >> i) & 1U) != 0);
    }
    void append_coefficient(u32 sign, u32 low, unsigned run) {
        append(sign, 1);
        append(low, 7);
        append(1, run + 1);
    }
    void append_ones(std::size_t count) {
        for (std::size_t i = 0; i < count; ++i) append_coefficient(0, 1, 0);
    }
    [[nodiscard]] Bytes bytes() const {
        Bytes out((bits_.size() + 7) / 8);
        for (std::size_t i = 0; i < bits_.size(); ++i) {
            if (bits_[i]) out[i / 8] = static_cast<u8>(out[i / 8] | (0x80U >> (i % 8)));
        }
        return out;
    }

  private:
    std::vector<bool> bits_;
};

FalconError error_of(ByteView in) {
    Coefficients s2;
    const auto used = decompress(s2, in);
    EXPECT_FALSE(used);
    return used.error();
}

TEST(SignatureCodec, RandomCoefficientsSurvive) {
    std::mt19937 generator{1};
    std::normal_distribution<double> coefficient{0.0, 168.0};
    for (int round = 0; round < 100; ++round) {
        Coefficients s2;
        for (i16& x : s2) x = static_cast<i16>(coefficient(generator));
        std::array<u8, 1500> buffer{};
        const auto size = compress(buffer, s2);
        ASSERT_TRUE(size);
        Coefficients read{};
        const auto used = decompress(read, std::span{buffer}.first(*size));
        ASSERT_TRUE(used);
        EXPECT_EQ(*used, *size);
        EXPECT_EQ(read, s2);
        EXPECT_EQ(*decompress(read, buffer), *size) << "bytes after the value are not its business";
    }
}

TEST(SignatureCodec, ExtremeCoefficientsSurvive) {
    Coefficients s2;
    for (std::size_t i = 0; i < n; ++i) s2[i] = static_cast<i16>(i % 2 == 0 ? 2047 : -2047);
    Bytes buffer(n * 24 / 8);
    ASSERT_EQ(compress(buffer, s2), buffer.size());
    Coefficients read{};
    ASSERT_TRUE(decompress(read, buffer));
    EXPECT_EQ(read, s2);
}

TEST(SignatureCodec, WritesTheFormOfTheSpecification) {
    Coefficients s2{};
    s2[0] = -300;  // 300 = 2 * 128 + 44
    s2[1] = 5;
    BitString expected;
    expected.append_coefficient(1, 44, 2);
    expected.append_coefficient(0, 5, 0);
    for (std::size_t i = 2; i < n; ++i) expected.append_coefficient(0, 0, 0);
    std::array<u8, 1280> buffer{};
    const auto size = compress(buffer, s2);
    ASSERT_TRUE(size);
    EXPECT_EQ(Bytes(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(*size)), expected.bytes());
}

TEST(SignatureCodec, DoesNotCompressWhatDoesNotFit) {
    Coefficients s2{};
    const std::size_t exact = n * 9 / 8;
    Bytes buffer(exact);
    EXPECT_EQ(compress(buffer, s2), exact);
    Bytes small(exact - 1, 0xAA);
    EXPECT_FALSE(compress(small, s2));
    EXPECT_EQ(small, Bytes(exact - 1, 0xAA)) << "left as it was";
    for (i16 outside : {i16{2048}, i16{-2048}, i16{-32768}}) {
        s2[n - 1] = outside;
        Bytes large(4000);
        EXPECT_FALSE(compress(large, s2));
    }
}

TEST(SignatureCodec, RefusesMinusZero) {
    for (std::size_t position : {std::size_t{0}, std::size_t{500}, n - 1}) {
        BitString bits;
        bits.append_ones(position);
        bits.append_coefficient(1, 0, 0);
        bits.append_ones(n - 1 - position);
        EXPECT_EQ(error_of(bits.bytes()), FalconError::signature_minus_zero);
    }
}

TEST(SignatureCodec, AcceptsPlusZeroAndMinus128) {
    BitString bits;
    bits.append_coefficient(0, 0, 0);
    bits.append_coefficient(1, 0, 1);
    bits.append_ones(n - 2);
    Coefficients s2;
    ASSERT_TRUE(decompress(s2, bits.bytes()));
    EXPECT_EQ(s2[0], 0);
    EXPECT_EQ(s2[1], -128);
}

TEST(SignatureCodec, RefusesAMagnitudeOver2047) {
    for (std::size_t position : {std::size_t{0}, std::size_t{501}, n - 1}) {
        for (unsigned run : {16U, 17U, 100U}) {
            BitString bits;
            bits.append_ones(position);
            bits.append(0, 8);
            for (unsigned i = 0; i < run; ++i) bits.append(0, 1);
            bits.append(1, 1);
            bits.append_ones(n - 1 - position);
            EXPECT_EQ(error_of(bits.bytes()), FalconError::signature_out_of_range);
        }
    }
}

TEST(SignatureCodec, RefusesEveryTruncation) {
    BitString bits;
    for (u32 i = 0; i < n; ++i) bits.append_coefficient(i % 2, 1 + i % 100, i % 4);
    const Bytes whole = bits.bytes();
    Coefficients s2;
    ASSERT_TRUE(decompress(s2, whole));
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(error_of(ByteView{whole}.first(size)), FalconError::signature_truncated) << size;
    }
}

TEST(SignatureCodec, RefusesANonZeroBitAfterTheLastCoefficient) {
    BitString bits;
    bits.append_ones(n - 1);
    bits.append_coefficient(0, 1, 1);  // 9 n + 1 bits: seven are left over
    const Bytes whole = bits.bytes();
    Coefficients s2;
    ASSERT_EQ(*decompress(s2, whole), whole.size());
    for (unsigned bit = 0; bit < 7; ++bit) {
        Bytes broken = whole;
        broken.back() = static_cast<u8>(broken.back() | (1U << bit));
        EXPECT_EQ(error_of(broken), FalconError::signature_trailing_data);
    }
}

TEST(SignatureCodec, WhatItAcceptsHasOneEncoding) {
    std::mt19937 generator{7};
    std::uniform_int_distribution<u32> byte{0, 255};
    int accepted = 0;
    for (int round = 0; round < 2000; ++round) {
        Bytes in(1500);
        for (u8& x : in) x = static_cast<u8>(byte(generator) | 0x11U);  // enough ones for runs to end
        Coefficients s2;
        const auto used = decompress(s2, in);
        if (!used) continue;
        ++accepted;
        Bytes again(*used);
        ASSERT_EQ(compress(again, s2), *used);
        EXPECT_TRUE(std::equal(again.begin(), again.end(), in.begin()));
    }
    EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace chat::falcon1024
