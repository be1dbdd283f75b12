#include "application_cipher/application_record.hpp"

#include <gtest/gtest.h>

#include "base/wire_reader.hpp"
#include "support/seeded_rng.hpp"
#include "support/vec_reader.hpp"

namespace chat {
namespace {

u32 u32_of(const test::VecBlock& block, const std::string& key) {
    const Bytes bytes = block.bytes(key);
    return WireReader{bytes}.read_u32();
}

class ApplicationRecordVectors : public testing::TestWithParam<std::size_t> {
  protected:
    const test::VecBlock block = test::read_vec_file(TEST_VECTORS "/ratchet/application.vec").at(GetParam());
    const ApplicationRecordPlace place{block.get<SessionIdBytes>("session_id"),
                                       block.text("sender") == "A" ? Role::a : Role::b,
                                       {u32_of(block, "epoch"), u32_of(block, "number")}};
    const Bytes inner = block.bytes("inner");
    const Bytes record = block.bytes("record");
    const ApplicationPlaintextView inner_view{inner};
    const SealedApplicationView record_view{record};
};

TEST_P(ApplicationRecordVectors, Seals) {
    test::FixedRng rng{block.bytes("nonce")};
    std::array<u8, sealed_application_size> out{};
    seal_record(block.get<ApplicationMessageKey<Sending>>("message_key_1"), place, inner_view, rng, out);
    EXPECT_TRUE(std::equal(out.begin(), out.end(), record.begin(), record.end()));
    EXPECT_TRUE(rng.used_up());
}

TEST_P(ApplicationRecordVectors, OpensAtItsPlaceAlone) {
    const auto key = block.get<ApplicationMessageKey<Receiving>>("message_key_1");
    std::array<u8, application_plaintext_size> out{};
    ASSERT_TRUE(open_record(key, place, record_view, out));
    EXPECT_TRUE(std::equal(out.begin(), out.end(), inner.begin(), inner.end()));

    const auto refused = [&](const ApplicationRecordPlace& elsewhere) {
        out.fill(1);
        return !open_record(key, elsewhere, record_view, out) && out == decltype(out){};
    };
    auto elsewhere = place;
    elsewhere.session_id.bytes[0] ^= 1U;
    EXPECT_TRUE(refused(elsewhere));
    elsewhere = place;
    elsewhere.sender = other(place.sender);
    EXPECT_TRUE(refused(elsewhere));
    elsewhere = place;
    ++elsewhere.index.epoch;
    EXPECT_TRUE(refused(elsewhere));
    elsewhere = place;
    ++elsewhere.index.number;
    EXPECT_TRUE(refused(elsewhere));
}

INSTANTIATE_TEST_SUITE_P(BothSides, ApplicationRecordVectors, testing::Values(0, 1));

}  // namespace
}  // namespace chat
