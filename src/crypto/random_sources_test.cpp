#include <gtest/gtest.h>

#include "crypto/health_tested_rng.hpp"
#include "crypto/mixing_rng.hpp"
#include "crypto/system_rng.hpp"
#include "support/seeded_rng.hpp"

namespace chat {
namespace {

Bytes draw(Rng& rng, std::size_t size) {
    Bytes out(size);
    rng.fill(out);
    return out;
}

/// Good until told to stick to one value.
class BreakableRng : public Rng {
  public:
    explicit BreakableRng(u64 seed) : good_{seed} {}

    void fill(MutableByteView out) override {
        if (stuck_) {
            std::fill(out.begin(), out.end(), u8{0x77});
        } else {
            good_.fill(out);
        }
    }

    void get_stuck() { stuck_ = true; }
    void recover() { stuck_ = false; }

  private:
    test::SeededRng good_;
    bool stuck_ = false;
};

TEST(HealthTestedRng, TestsTheStartUpSamplesAndDropsThem) {
    test::SeededRng source{9};
    HealthTestedRng tested{source};
    test::SeededRng same{9};
    (void)draw(same, HealthTests::start_up_samples);
    EXPECT_EQ(draw(tested, 100), draw(same, 100));
    EXPECT_FALSE(tested.alarm());
}

TEST(HealthTestedRng, DoesNotStartOnABrokenSource) {
    BreakableRng source{10};
    source.get_stuck();
    EXPECT_THROW(HealthTestedRng{source}, RngFailure);
    test::SeededRng good{10};
    test::FailingRng failing{good, 1};
    EXPECT_THROW(HealthTestedRng{failing}, RngFailure);
}

TEST(HealthTestedRng, HandsOutNothingOfAnAlarmedBlockAndNothingAfterIt) {
    BreakableRng source{11};
    HealthTestedRng tested{source};
    source.get_stuck();
    Bytes out(64, 0xee);
    EXPECT_THROW(tested.fill(out), RngFailure);
    EXPECT_EQ(out, Bytes(64));
    EXPECT_EQ(tested.alarm(), HealthAlarm::repetition_count);
    source.recover();
    out.assign(64, 0xee);
    EXPECT_THROW(tested.fill(out), RngFailure) << "an alarm is final";
    EXPECT_EQ(out, Bytes(64));
}

TEST(HealthTestedRng, SeesARunAcrossCalls) {
    BreakableRng source{12};
    HealthTestedRng tested{source};
    source.get_stuck();
    for (unsigned i = 1; i < HealthTests::repetition_cutoff; ++i) EXPECT_EQ(draw(tested, 1), Bytes(1, 0x77));
    EXPECT_THROW((void)draw(tested, 1), RngFailure);
}

TEST(MixingRng, IsNeverTheBaseSourceAlone) {
    test::SeededRng first{13};
    test::SeededRng second{13};
    MixingRng mixed{first};
    mixed.mix_in(bytes_of("from the hardware"));
    EXPECT_NE(draw(mixed, 64), draw(second, 64));
}

TEST(MixingRng, DependsOnEveryEntropyThatWasMixedIn) {
    const auto stream = [](std::initializer_list<std::string_view> entropy) {
        test::SeededRng base{14};
        MixingRng mixed{base};
        for (std::string_view each : entropy) mixed.mix_in(bytes_of(each));
        return draw(mixed, 32);
    };
    EXPECT_EQ(stream({"a", "b"}), stream({"a", "b"}));
    EXPECT_NE(stream({"a", "b"}), stream({"b", "a"}));
    EXPECT_NE(stream({"a", "b"}), stream({"ab"}));
    EXPECT_NE(stream({"a", "b"}), stream({"x", "b"}));
    EXPECT_NE(stream({"a", "b"}), stream({"a"}));
}

TEST(MixingRng, DependsOnTheBaseSource) {
    const auto stream = [](u64 seed) {
        test::SeededRng base{seed};
        MixingRng mixed{base};
        mixed.mix_in(bytes_of("chosen by the hardware"));
        return draw(mixed, 32);
    };
    EXPECT_NE(stream(15), stream(16));
}

TEST(MixingRng, MasksABaseSourceThatGotStuck) {
    BreakableRng base{17};
    base.get_stuck();
    MixingRng mixed{base};
    mixed.mix_in(bytes_of("from the hardware"));
    const Bytes first = draw(mixed, 1000);
    const Bytes second = draw(mixed, 1000);
    EXPECT_NE(first, second);
    HealthTests tests;
    EXPECT_TRUE(tests.feed(first));
    EXPECT_TRUE(tests.feed(second));
}

TEST(MixingRng, DoesNotMoveWhenTheBaseSourceFails) {
    test::SeededRng base{18};
    test::FailingRng failing{base, 1};
    MixingRng mixed{failing};
    Bytes out(16);
    EXPECT_THROW(mixed.fill(out), RngFailure);
    EXPECT_EQ(out, Bytes(16));
}

TEST(SystemRng, GivesFreshBytesThatPassTheTests) {
    SystemRng system;
    EXPECT_NE(draw(system, 32), draw(system, 32));
    HealthTestedRng tested{system};
    EXPECT_EQ(draw(tested, 100000).size(), 100000U);
    EXPECT_TRUE(draw(system, 0).empty());
}

}  // namespace
}  // namespace chat
