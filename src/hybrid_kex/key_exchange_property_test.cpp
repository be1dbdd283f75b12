// No bit of a message can be changed, no part of one session used in another, and no failure leaves anything behind.

#include <gtest/gtest.h>

#include "hybrid_kex/key_exchange.hpp"
#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::StoredPair;
using test::TwoPeople;

struct Field {
    std::size_t offset;
    std::size_t size;
};

/// Bits of every field: the first, the last and `count` drawn ones.
std::vector<std::size_t> bits_to_flip(std::span<const Field> fields, std::size_t count, Rng& rng) {
    std::vector<std::size_t> bits;
    for (const Field& field : fields) {
        const std::size_t first = field.offset * 8;
        const std::size_t size = field.size * 8;
        bits.push_back(first);
        bits.push_back(first + size - 1);
        for (std::size_t i = 0; i < count; ++i) bits.push_back(first + rng.below(size));
    }
    return bits;
}

template <class Message>
Message with_bit_flipped(Message message, std::size_t bit) {
    message.bytes.at(bit / 8) ^= static_cast<u8>(0x80U >> (bit % 8));
    return message;
}

constexpr std::size_t drawn_bits = 6;
constexpr std::array identity_fields{Field{0, 1793}, Field{1793, 32}, Field{1825, 32}, Field{1857, 1568}};

TEST(KeyExchangeProperty, NoBitOfBundleCanBeChanged) {
    constexpr u64 seed = 11;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    TwoPeople people{seed};
    const BundleBytes bundle = people.start_a()->bundle;
    std::vector<Field> fields{identity_fields.begin(), identity_fields.end()};
    for (const Field field : {Field{3425, 32}, Field{3457, 1568}, Field{5025, 1793}, Field{6818, 32},
                              Field{6850, 1280}, Field{8130, 64}}) {
        fields.push_back(field);
    }
    for (const std::size_t bit : bits_to_flip(fields, drawn_bits, people.rng)) {
        EXPECT_FALSE(people.start_b(with_bit_flipped(bundle, bit).bytes)) << "bit " << bit;
    }
}

TEST(KeyExchangeProperty, NoBitOfInitCanBeChanged) {
    constexpr u64 seed = 12;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    TwoPeople people{seed};
    std::vector<Field> fields{identity_fields.begin(), identity_fields.end()};
    for (const Field field :
         {Field{3425, 1793}, Field{5218, 32}, Field{5250, 1568}, Field{6818, 1568}, Field{8386, 1568},
          Field{9954, 32}, Field{9986, 1280}, Field{11266, 64}, Field{11330, 1280}, Field{12610, 32}}) {
        fields.push_back(field);
    }
    for (const std::size_t bit : bits_to_flip(fields, drawn_bits, people.rng)) {
        auto a = people.start_a();
        const InitBytes init = people.start_b(a->bundle.bytes)->init;
        EXPECT_FALSE(std::move(a->next).accept_init(with_bit_flipped(init, bit).bytes, people.rng))
            << "bit " << bit;
    }
}

TEST(KeyExchangeProperty, NoBitOfRespCanBeChanged) {
    constexpr u64 seed = 13;
    SCOPED_TRACE(testing::Message() << "seed " << seed);
    TwoPeople people{seed};
    constexpr std::array fields{Field{0, 32},    Field{32, 1568},   Field{1600, 1568},
                                Field{3168, 32}, Field{3200, 1280}, Field{4480, 32}};
    for (const std::size_t bit : bits_to_flip(fields, drawn_bits, people.rng)) {
        auto a = people.start_a();
        auto b = people.start_b(a->bundle.bytes);
        const RespBytes resp = std::move(a->next).accept_init(b->init.bytes, people.rng)->resp;
        EXPECT_FALSE(std::move(b->next).accept_resp(with_bit_flipped(resp, bit).bytes)) << "bit " << bit;
    }
}

template <class Message>
Message with_field_of(Message message, const Message& other, Field field) {
    const auto offset = static_cast<std::ptrdiff_t>(field.offset);
    std::copy_n(other.bytes.begin() + offset, field.size, message.bytes.begin() + offset);
    return message;
}

TEST(KeyExchangeProperty, NoFieldOfAnotherInitFits) {
    TwoPeople people{14};
    auto other_a = people.start_a();
    const InitBytes other = people.start_b(other_a->bundle.bytes)->init;
    // EK_B, PQEK_B, ct1, ct2, nonce, identity signature, binding, MAC; identity and EFK_B are the same in both.
    for (const Field field : {Field{5218, 32}, Field{5250, 1568}, Field{6818, 1568}, Field{8386, 1568},
                              Field{9954, 32}, Field{9986, 1344}, Field{11330, 1280}, Field{12610, 32}}) {
        auto a = people.start_a();
        const InitBytes init = people.start_b(a->bundle.bytes)->init;
        const InitBytes mixed = with_field_of(init, other, field);
        ASSERT_NE(mixed, init);
        EXPECT_FALSE(std::move(a->next).accept_init(mixed.bytes, people.rng)) << "field at " << field.offset;
    }
}

TEST(KeyExchangeProperty, CurveAndLatticePartsOfTwoInitsDoNotMix) {
    TwoPeople people{15};
    auto a = people.start_a();
    const InitBytes one = people.start_b(a->bundle.bytes)->init;
    const InitBytes other = people.start_b(a->bundle.bytes)->init;  // the same bundle answered twice
    InitBytes mixed = with_field_of(one, other, {5250, 3 * 1568});  // the other's ML-KEM parts
    EXPECT_EQ(std::move(a->next).accept_init(mixed.bytes, people.rng).error(),
              KexError::bad_identity_falcon_signature);

    // With the other's identity signature, which covers EK_B, too.
    auto again = people.start_a();
    const InitBytes third = people.start_b(again->bundle.bytes)->init;
    const InitBytes fourth = people.start_b(again->bundle.bytes)->init;
    mixed = with_field_of(third, fourth, {5250, 3 * 1568});
    mixed = with_field_of(mixed, fourth, {9986, 1344});
    EXPECT_EQ(std::move(again->next).accept_init(mixed.bytes, people.rng).error(),
              KexError::bad_identity_falcon_signature);
}

TEST(KeyExchangeProperty, NoFieldOfAnotherRespFits) {
    TwoPeople people{16};
    auto other_a = people.start_a();
    auto other_b = people.start_b(other_a->bundle.bytes);
    const RespBytes other = std::move(other_a->next).accept_init(other_b->init.bytes, people.rng)->resp;
    for (const Field field : {Field{0, 32}, Field{32, 1568}, Field{1600, 1568}, Field{3168, 32},
                              Field{3200, 1280}, Field{4480, 32}, Field{0, resp_size}}) {
        auto a = people.start_a();
        auto b = people.start_b(a->bundle.bytes);
        const RespBytes resp = std::move(a->next).accept_init(b->init.bytes, people.rng)->resp;
        const RespBytes mixed = with_field_of(resp, other, field);
        EXPECT_FALSE(std::move(b->next).accept_resp(mixed.bytes)) << "field at " << field.offset;
    }
}

TEST(KeyExchangeProperty, CiphertextsCannotBeSwapped) {
    TwoPeople people{17};
    auto a = people.start_a();
    auto b = people.start_b(a->bundle.bytes);
    Init init = std::move(*Init::decode(b->init.bytes));
    std::swap(init.ct1, init.ct2);
    EXPECT_FALSE(std::move(a->next).accept_init(init.encode().bytes, people.rng));

    auto next_a = people.start_a();
    auto next_b = people.start_b(next_a->bundle.bytes);
    auto resp =
        *Resp::decode(std::move(next_a->next).accept_init(next_b->init.bytes, people.rng)->resp.bytes);
    std::swap(resp.ct3, resp.ct4);
    EXPECT_FALSE(std::move(next_b->next).accept_resp(resp.encode().bytes));
}

TEST(KeyExchangeProperty, MessagesDoNotFitInOthersPlaces) {
    TwoPeople people{18};
    auto a = people.start_a();
    const auto b = people.start_b(a->bundle.bytes);
    EXPECT_EQ(people.start_b(b->init.bytes).error(), KexError::bundle_length);
    EXPECT_EQ(std::move(a->next).accept_init(a->bundle.bytes, people.rng).error(), KexError::init_length);
}

TEST(KeyExchangeProperty, ABundleDoesNotComeBackToItsSender) {
    TwoPeople people{19};
    const auto a = people.start_a();
    const auto reflected =
        accept_bundle(people.context, *people.identity_a, test::stored_signing_pair(StoredPair::efk_b),
                      a->bundle.bytes, people.rng);
    EXPECT_EQ(reflected.error(), KexError::reflected_identity_falcon_key);
}

/// Runs `step` with randomness failing at call 1, 2, 3, ... until it draws no more; every failure must leave as many live secrets as
/// there were, and the last run must succeed. Gives the number of calls.
template <class Step>
std::size_t fail_at_every_call(Step step) {
    for (std::size_t call = 1;; ++call) {
        TwoPeople people{20};
        test::FailingRng failing{people.rng, call};
        const std::size_t before = guarded_memory::usage().live_secrets;
        try {
            step(people, failing);
        } catch (const RngFailure&) {
        }
        EXPECT_EQ(guarded_memory::usage().live_secrets, before) << "call " << call;
        if (!failing.has_failed()) return call - 1;
    }
}

TEST(KeyExchangeProperty, StartLeavesNothingWhenRandomnessFails) {
    const std::size_t calls = fail_at_every_call([](TwoPeople& people, Rng& failing) {
        const auto a = start_as_a(people.context, *people.identity_a,
                                  test::stored_signing_pair(StoredPair::efk_a), failing);
        EXPECT_TRUE(a);
    });
    EXPECT_EQ(calls, 3U);  // SPK_A, PQSPK_A, nonce
}

TEST(KeyExchangeProperty, AcceptBundleLeavesNothingWhenRandomnessFails) {
    const std::size_t calls = fail_at_every_call([](TwoPeople& people, Rng& failing) {
        const auto a = people.start_a();
        const auto b = accept_bundle(people.context, *people.identity_b,
                                     test::stored_signing_pair(StoredPair::efk_b), a->bundle.bytes, failing);
        EXPECT_TRUE(b);
    });
    EXPECT_GE(calls, 7U);  // EK_B, PQEK_B, two encapsulations, nonce, the signature's two draws
}

TEST(KeyExchangeProperty, AcceptInitLeavesNothingWhenRandomnessFails) {
    const std::size_t calls = fail_at_every_call([](TwoPeople& people, Rng& failing) {
        auto a = people.start_a();
        const auto b = people.start_b(a->bundle.bytes);
        const auto agreed = std::move(a->next).accept_init(b->init.bytes, failing);
        EXPECT_TRUE(agreed);
    });
    EXPECT_GE(calls, 5U);  // EK_A, two encapsulations, the signature's two draws
}

}  // namespace
}  // namespace chat
