#include "application_cipher/application_cipher.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/seeded_rng.hpp"

namespace chat {
namespace {

using Inner = std::array<u8, application_plaintext_size>;
using Record = std::array<u8, sealed_application_size>;

class ApplicationCipherPair : public testing::Test {
  protected:
    Record seal(ApplicationCipher& from, CellIndex index, const ApplicationSecret* step = nullptr) {
        auto draft = from.draft_seal(index, step);
        Inner inner{};
        inner[0] = static_cast<u8>(index.number);
        Record record{};
        from.seal(draft, inner, rng, record);
        from.commit(std::move(draft));
        return record;
    }
    /// The error, or nothing when it opened to what seal() put in.
    std::optional<ApplicationCipherError> open(ApplicationCipher& to, CellIndex index, const Record& record,
                                               const PeerApplicationStep* step = nullptr) {
        Inner inner{};
        inner.fill(0xff);
        auto draft = to.open(index, step, record, inner);
        if (!draft) {
            EXPECT_EQ(inner, Inner{});
            return draft.error();
        }
        EXPECT_EQ(inner[0], static_cast<u8>(index.number));
        to.commit(std::move(*draft));
        return std::nullopt;
    }

    test::SeededRng rng{31};
    const SessionIdBytes session_id = rng.bytes<SessionIdBytes>();
    const BootstrapSecret secret = rng.secret<BootstrapSecret>();
    const BootstrapTranscript transcript = rng.bytes<BootstrapTranscript>();
    const ApplicationSecret step_1 = rng.secret<ApplicationSecret>();
    const ApplicationSecret step_2 = rng.secret<ApplicationSecret>();
    const ApplicationSecret step_3 = rng.secret<ApplicationSecret>();
    const PeerApplicationStep first{0, step_1};
    ApplicationCipher a{Role::a, session_id, secret, transcript};
    ApplicationCipher b{Role::b, session_id, secret, transcript};
};

TEST_F(ApplicationCipherPair, FollowsStepsOfBothSides) {
    EXPECT_EQ(open(b, {1, 0}, seal(a, {1, 0}, &step_1), &first), std::nullopt);
    EXPECT_EQ(open(b, {1, 1}, seal(a, {1, 1})), std::nullopt);
    const PeerApplicationStep second{0, step_2};
    EXPECT_EQ(open(a, {2, 0}, seal(b, {2, 0}, &step_2), &second), std::nullopt);
    const PeerApplicationStep third{2, step_3};
    EXPECT_EQ(open(b, {3, 0}, seal(a, {3, 0}, &step_3), &third), std::nullopt);
    EXPECT_EQ(b.skipped_kept(), 0U);
}

TEST_F(ApplicationCipherPair, SkipsWithinAChainAndAtItsEnd) {
    const Record r0 = seal(a, {1, 0}, &step_1);
    const Record r1 = seal(a, {1, 1});
    const Record r2 = seal(a, {1, 2});
    const Record r3 = seal(a, {1, 3});
    EXPECT_EQ(open(b, {1, 1}, r1, &first), std::nullopt);
    EXPECT_EQ(b.skipped_kept(), 1U);
    const PeerApplicationStep second{0, step_2};
    EXPECT_EQ(open(a, {2, 0}, seal(b, {2, 0}, &step_2), &second), std::nullopt);
    const Record r4 = seal(a, {3, 0}, &step_3);
    const Record r5 = seal(a, {3, 1});
    const PeerApplicationStep third{4, step_3};
    EXPECT_EQ(open(b, {3, 1}, r5, &third), std::nullopt);
    EXPECT_EQ(b.skipped_kept(), 4U);
    EXPECT_EQ(open(b, {1, 3}, r3), std::nullopt);
    EXPECT_EQ(open(b, {3, 0}, r4), std::nullopt);
    EXPECT_EQ(open(b, {1, 0}, r0), std::nullopt);
    EXPECT_EQ(open(b, {1, 2}, r2), std::nullopt);
    EXPECT_EQ(b.skipped_kept(), 0U);
}

TEST_F(ApplicationCipherPair, NoKey) {
    const Record r0 = seal(a, {1, 0}, &step_1);
    EXPECT_EQ(open(b, {1, 0}, r0), ApplicationCipherError::no_key) << "no chain";
    EXPECT_EQ(open(b, {1, 0}, r0, &first), std::nullopt);
    EXPECT_EQ(open(b, {1, 0}, r0), ApplicationCipherError::no_key) << "used";
    EXPECT_EQ(open(b, {3, 0}, r0), ApplicationCipherError::no_key) << "another chain";
}

TEST_F(ApplicationCipherPair, BadTagChangesNothing) {
    const Record good = seal(a, {1, 0}, &step_1);
    for (const std::size_t offset : {std::size_t{0}, application_nonce_size, sealed_application_size - 1}) {
        Record bad = good;
        bad[offset] ^= 1U;
        EXPECT_EQ(open(b, {1, 0}, bad, &first), ApplicationCipherError::bad_tag);
    }
    EXPECT_EQ(open(b, {1, 5}, good, &first), ApplicationCipherError::bad_tag) << "at another place";
    EXPECT_EQ(b.skipped_kept(), 0U);
    EXPECT_EQ(open(b, {1, 0}, good, &first), std::nullopt);
}

TEST_F(ApplicationCipherPair, NeedsBothTheOldRootAndTheStepsSecret) {
    ApplicationCipher other_root{Role::b, session_id, rng.secret<BootstrapSecret>(), transcript};
    const Record record = seal(a, {1, 0}, &step_1);
    EXPECT_EQ(open(other_root, {1, 0}, record, &first), ApplicationCipherError::bad_tag);
    const PeerApplicationStep other_step{0, step_2};
    EXPECT_EQ(open(b, {1, 0}, record, &other_step), ApplicationCipherError::bad_tag);
}

TEST_F(ApplicationCipherPair, DropsTheKeysThatItIsToldTo) {
    (void)seal(a, {1, 0}, &step_1);
    const Record r1 = seal(a, {1, 1});
    EXPECT_EQ(open(b, {1, 2}, seal(a, {1, 2}), &first), std::nullopt);
    b.keep_skipped_if([](CellIndex index) { return index.number != 1; });
    EXPECT_EQ(b.skipped_kept(), 1U);
    EXPECT_EQ(open(b, {1, 1}, r1), ApplicationCipherError::no_key);
}

TEST_F(ApplicationCipherPair, AFailingSourceOfRandomnessChangesNothing) {
    test::FailingRng failing{rng, 1};
    const auto draft = a.draft_seal({1, 0}, &step_1);
    Record record{};
    EXPECT_THROW(a.seal(draft, Inner{}, failing, record), RngFailure);
    EXPECT_EQ(open(b, {1, 0}, seal(a, {1, 0}, &step_1), &first), std::nullopt);
}

TEST(ApplicationCipherErrorText, EveryErrorHasALineOfItsOwn) {
    const std::set<std::string_view> lines{describe(ApplicationCipherError::no_key),
                                           describe(ApplicationCipherError::bad_tag)};
    EXPECT_EQ(lines.size(), 2U);
    EXPECT_EQ(lines.count(""), 0U);
}

}  // namespace
}  // namespace chat
