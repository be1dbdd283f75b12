#include "base/secret.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <type_traits>

#include "base/rng.hpp"

namespace chat {
namespace {

using Key = Secret<struct SecretTestTag, 32>;
using OtherKey = Secret<struct OtherSecretTestTag, 32>;

static_assert(!std::is_copy_constructible_v<Key> && !std::is_copy_assignable_v<Key>);
static_assert(std::is_nothrow_move_constructible_v<Key> && std::is_nothrow_move_assignable_v<Key>);
static_assert(!std::is_convertible_v<OtherKey, Key> && !std::is_constructible_v<Key, OtherKey>);
static_assert(!std::is_copy_constructible_v<SecretBuffer>);

template <class T>
concept Printable = requires(std::ostream& out, const T& value) {
    out << value;
};
template <class T>
concept Comparable = requires(const T& a, const T& b) {
    a == b;
};
static_assert(!Printable<Key> && !Comparable<Key>);
static_assert(!Printable<SecretBuffer> && !Comparable<SecretBuffer>);

class CountingRng final : public Rng {
  public:
    void fill(MutableByteView out) override {
        for (u8& byte : out) byte = next_++;
    }

  private:
    u8 next_ = 1;
};

TEST(Secret, BeginsZeroedAndHoldsWhatItWasGiven) {
    const Key zero;
    EXPECT_EQ(to_hex(zero.expose()), std::string(64, '0'));
    CountingRng rng;
    const Key key = rng.secret<Key>();
    EXPECT_EQ(key.expose()[31], 32);
    EXPECT_TRUE(key.equals(key.clone()));
    EXPECT_FALSE(key.equals(zero));
}

TEST(Secret, MovingLeavesNothingBehind) {
    CountingRng rng;
    Key from = rng.secret<Key>();
    const Key to = std::move(from);
    EXPECT_FALSE(from.holds_value());  // NOLINT(bugprone-use-after-move): that is what is tested
    EXPECT_TRUE(to.holds_value());
    EXPECT_EQ(to.expose()[0], 1);
}

TEST(Secret, ASlotIsWipedBeforeItIsUsedAgain) {
    const u8* address = nullptr;
    {
        CountingRng rng;
        const Key key = rng.secret<Key>();
        address = key.expose().data();
    }
    // The region stays mapped while its pool does; what is read is the freed slot itself.
    EXPECT_TRUE(std::all_of(address, address + Key::size, [](u8 byte) { return byte == 0; }));
}

TEST(Secret, BuffersOfEverySizeAreZeroedAlignedAndApart) {
    std::vector<SecretBuffer> buffers;
    for (std::size_t size : {1UL, 31UL, 32UL, 33UL, 512UL, 513UL, 4096UL, 100'000UL}) {
        SecretBuffer buffer{size};
        EXPECT_EQ(reinterpret_cast<std::uintptr_t>(buffer.expose().data()) % 32, 0U) << size;  // NOLINT
        EXPECT_TRUE(std::ranges::all_of(buffer.expose(), [](u8 byte) { return byte == 0; })) << size;
        std::ranges::fill(buffer.expose_mutable(), static_cast<u8>(size));
        buffers.push_back(std::move(buffer));
    }
    for (const SecretBuffer& buffer : buffers) {
        EXPECT_TRUE(std::ranges::all_of(buffer.expose(),
                                        [&](u8 byte) { return byte == static_cast<u8>(buffer.size()); }));
    }
}

TEST(Secret, ManySmallSecretsShareFewRegions) {
    const auto before = guarded_memory::usage();
    std::vector<Key> keys;
    for (int i = 0; i < 2000; ++i) keys.emplace_back();
    const auto with = guarded_memory::usage();
    EXPECT_EQ(with.live_secrets, before.live_secrets + 2000);
    EXPECT_LE(with.regions, before.regions + 8);
    keys.clear();
    EXPECT_EQ(guarded_memory::usage().live_secrets, before.live_secrets);
    EXPECT_LE(guarded_memory::usage().regions, before.regions + 1);
}

TEST(Secret, WipeOnExitWipes) {
    std::array<u8, 4> bytes{1, 2, 3, 4};
    { const WipeOnExit wipe{bytes}; }
    EXPECT_EQ(bytes, (std::array<u8, 4>{}));
}

TEST(Rng, BelowStaysBelowAndReachesEverything) {
    CountingRng rng;
    std::array<int, 5> seen{};
    for (int i = 0; i < 1000; ++i) ++seen.at(rng.below(5));
    EXPECT_TRUE(std::ranges::all_of(seen, [](int count) { return count > 0; }));
    EXPECT_EQ(rng.below(1), 0U);
}

}  // namespace
}  // namespace chat
