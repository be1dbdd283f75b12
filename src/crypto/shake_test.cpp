#include "crypto/shake.hpp"

#include <gtest/gtest.h>

#include <memory>
#include <new>
#include <type_traits>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

Bytes squeeze_in_steps(Shake256& shake, std::size_t total, std::size_t step) {
    Bytes out(total);
    for (std::size_t done = 0; done < total; done += step) {
        shake.squeeze(MutableByteView{out}.subspan(done, std::min(step, total - done)));
    }
    return out;
}

TEST(Shake256, GivesThePublishedOutputs) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/crypto/shake256.vec")) {
        const Bytes expected = block.bytes("output");
        Bytes out(expected.size());
        shake256({block.bytes("input")}, out);
        EXPECT_EQ(out, expected) << block.text("input");
    }
}

TEST(Shake256, DoesNotDependOnHowInputAndOutputAreCut) {
    const Bytes input(1000, 0xa3);
    constexpr std::size_t total = 3 * Shake256::rate + 77;
    Bytes expected(total);
    shake256({input}, expected);
    for (std::size_t step : {1UL, 2UL, 7UL, 135UL, 136UL, 137UL, 271UL, 272UL, 300UL, total}) {
        Shake256 shake;
        for (std::size_t done = 0; done < input.size(); done += step) {
            shake.absorb(ByteView{input}.subspan(done, std::min(step, input.size() - done)));
        }
        EXPECT_EQ(squeeze_in_steps(shake, total, step), expected) << "in steps of " << step;
    }
}

TEST(Shake256, MixesSmallAndLargeSqueezes) {
    Bytes expected(1000);
    shake256({bytes_of("mixed")}, expected);
    Shake256 shake;
    shake.absorb(bytes_of("mixed"));
    Bytes out(1000);
    MutableByteView rest{out};
    for (std::size_t size : {1UL, 400UL, 0UL, 2UL, 136UL, 133UL, 272UL, 56UL}) {
        shake.squeeze(rest.first(size));
        rest = rest.subspan(size);
    }
    EXPECT_TRUE(rest.empty());
    EXPECT_EQ(out, expected);
}

TEST(Shake256, GoesOnWhereItWasAfterAMove) {
    static_assert(!std::is_copy_constructible_v<Shake256>);
    Bytes expected(100);
    shake256({bytes_of("moved")}, expected);
    Shake256 first;
    first.absorb(bytes_of("moved"));
    Bytes out(100);
    first.squeeze(MutableByteView{out}.first(10));
    Shake256 second{std::move(first)};
    second.squeeze(MutableByteView{out}.subspan(10, 20));
    first = std::move(second);
    first.squeeze(MutableByteView{out}.subspan(30));
    EXPECT_EQ(out, expected);
}

TEST(Shake256, WipesItsBufferOnDestruction) {
    alignas(Shake256) std::array<u8, sizeof(Shake256)> memory{};
    Shake256* const shake = std::construct_at(reinterpret_cast<Shake256*>(memory.data()));
    shake->absorb(bytes_of("secret"));
    std::array<u8, 8> head{};
    shake->squeeze(head);
    Bytes stream(Shake256::rate);
    shake256({bytes_of("secret")}, stream);
    const auto holds_stream = [&] {
        return std::search(memory.begin(), memory.end(), stream.begin() + 8, stream.begin() + 40) !=
               memory.end();
    };
    ASSERT_TRUE(holds_stream()) << "the test looks in the wrong place";
    std::destroy_at(shake);
    EXPECT_FALSE(holds_stream());
}

}  // namespace
}  // namespace chat
