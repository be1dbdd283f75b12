#include "quantcrypt/mlkem1024.hpp"

#include <gtest/gtest.h>

#include <set>

#include "crypto/hash.hpp"
#include "crypto/shake.hpp"
#include "support/nist_drbg.hpp"
#include "support/seeded_rng.hpp"
#include "support/wycheproof.hpp"

namespace chat {
namespace {

using test::NistDrbg;
using test::SeededRng;

/// What one entry of NIST's known-answer file holds, made from its seed.
struct KnownAnswer {
    explicit KnownAnswer(ByteView seed) {
        NistDrbg drbg{seed.first<NistDrbg::seed_size>()};
        const MlKem1024KeyPair pair = mlkem1024::generate(drbg);
        auto encapsulation = mlkem1024::encapsulate(pair.encapsulation_key, drbg);
        const auto key = MlKem1024DecapsulationKey::from_seed(pair.seed);
        pk.assign(pair.encapsulation_key.bytes.begin(), pair.encapsulation_key.bytes.end());
        const SecretBuffer expanded = key.expanded();
        sk.assign(expanded.expose().begin(), expanded.expose().end());
        ct.assign(encapsulation->ciphertext.bytes.begin(), encapsulation->ciphertext.bytes.end());
        const MlKem1024SharedSecret& sent = encapsulation->shared_secret;
        ss.assign(sent.expose().begin(), sent.expose().end());
        received_equals_sent = key.decapsulate(encapsulation->ciphertext).equals(sent);
    }

    Bytes pk, sk, ct, ss;
    bool received_equals_sent = false;
};

void expect_known_answer(const test::VecBlock& block) {
    const KnownAnswer answer{block.bytes("seed")};
    EXPECT_EQ(answer.pk, block.bytes("pk"));
    EXPECT_EQ(answer.sk, block.bytes("sk"));
    EXPECT_EQ(answer.ct, block.bytes("ct"));
    EXPECT_EQ(answer.ss, block.bytes("ss"));
    EXPECT_TRUE(answer.received_equals_sent);
}

TEST(MlKem1024, GivesTheKnownAnswers) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/mlkem1024/kat.vec"))
        expect_known_answer(block);
}

TEST(MlKem1024, GivesTheDigestOfAllKnownAnswers) {
    const auto block = test::read_vec_file(TEST_VECTORS "/mlkem1024/kat_digest.vec").at(0);
    const Bytes entropy = block.bytes("entropy");
    NistDrbg seeds{ByteView{entropy}.first<NistDrbg::seed_size>()};
    Sha256 digest;
    for (std::size_t i = 0; i < block.number("entries"); ++i) {
        std::array<u8, NistDrbg::seed_size> seed{};
        seeds.fill(seed);
        const KnownAnswer answer{seed};
        EXPECT_TRUE(answer.received_equals_sent) << "entry " << i;
        digest.update(answer.pk).update(answer.sk).update(answer.ct).update(answer.ss);
    }
    EXPECT_EQ(to_hex(digest.digest().bytes), block.text("digest"));
}

TEST(MlKem1024, ReadsTheExpandedForm) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/mlkem1024/kat.vec")) {
        const auto key = MlKem1024DecapsulationKey::from_expanded(block.bytes("sk"));
        ASSERT_TRUE(key);
        EXPECT_EQ(key->encapsulation_key(), block.get<MlKem1024EncapsulationKey>("pk"));
        const auto secret = key->decapsulate(block.get<MlKem1024Ciphertext>("ct"));
        EXPECT_TRUE(secret.equals(block.get<MlKem1024SharedSecret>("ss")));
    }
}

TEST(MlKem1024, RefusesABrokenExpandedForm) {
    const Bytes good = test::read_vec_file(TEST_VECTORS "/mlkem1024/kat.vec").at(0).bytes("sk");
    const auto error_of = [](const Bytes& bytes) {
        const auto key = MlKem1024DecapsulationKey::from_expanded(bytes);
        EXPECT_FALSE(key);
        return key ? MlKemError::bad_encapsulation_key : key.error();
    };
    // dk = s 1536 | ek 1568 | H(ek) 32 | z 32 (FIPS 203, algorithm 16).
    constexpr std::size_t key_offset = 1536;
    constexpr std::size_t hash_offset = key_offset + mlkem1024_encapsulation_key_size;
    for (std::size_t position : {key_offset + 1000, hash_offset, hash_offset + 31}) {
        Bytes changed = good;
        changed[position] = static_cast<u8>(changed[position] ^ 1U);
        EXPECT_EQ(error_of(changed), MlKemError::bad_decapsulation_key) << "byte " << position;
    }
    Bytes unreduced = good;
    unreduced[0] = 0xff;
    unreduced[1] |= 0x0fU;
    EXPECT_EQ(error_of(unreduced), MlKemError::bad_decapsulation_key);
    Bytes changed = good;
    changed.pop_back();
    EXPECT_EQ(error_of(changed), MlKemError::bad_decapsulation_key_length);
    changed.resize(good.size() + 1);
    EXPECT_EQ(error_of(changed), MlKemError::bad_decapsulation_key_length);
    EXPECT_EQ(error_of({}), MlKemError::bad_decapsulation_key_length);
}

TEST(MlKem1024, ChecksTheModulusAndNothingElse) {
    SeededRng rng{21};
    const MlKem1024KeyPair pair = mlkem1024::generate(rng);
    ASSERT_TRUE(mlkem1024::check_encapsulation_key(pair.encapsulation_key));
    // Each of the 1,024 coefficients, set to q - 1 and to q.
    for (std::size_t i = 0; i < 1024; ++i) {
        const auto with_coefficient = [&](unsigned value) {
            MlKem1024EncapsulationKey key = pair.encapsulation_key;
            u8* const pair_of_two = key.bytes.data() + i / 2 * 3;
            if (i % 2 == 0) {
                pair_of_two[0] = static_cast<u8>(value);
                pair_of_two[1] = static_cast<u8>((pair_of_two[1] & 0xf0U) | value >> 8U);
            } else {
                pair_of_two[1] = static_cast<u8>((pair_of_two[1] & 0x0fU) | (value & 0xfU) << 4U);
                pair_of_two[2] = static_cast<u8>(value >> 4U);
            }
            return key;
        };
        EXPECT_TRUE(mlkem1024::check_encapsulation_key(with_coefficient(3328))) << i;
        const auto refused = mlkem1024::check_encapsulation_key(with_coefficient(3329));
        ASSERT_FALSE(refused) << i;
        EXPECT_EQ(refused.error(), MlKemError::bad_encapsulation_key);
    }
    MlKem1024EncapsulationKey other_rho = pair.encapsulation_key;
    std::fill(other_rho.bytes.end() - 32, other_rho.bytes.end(), u8{0xff});
    EXPECT_TRUE(mlkem1024::check_encapsulation_key(other_rho));
}

TEST(MlKem1024, RefusesPublishedKeysThatAreNotReduced) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/mlkem1024/modulus_overflow.vec")) {
        const auto read = mlkem1024::read_encapsulation_key(block.bytes("encapsulation_key"));
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error(), MlKemError::bad_encapsulation_key);
        SeededRng rng{22};
        const auto sent =
            mlkem1024::encapsulate(block.get<MlKem1024EncapsulationKey>("encapsulation_key"), rng);
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error(), MlKemError::bad_encapsulation_key);
        EXPECT_EQ(rng.calls(), 0U) << "nothing is drawn for a bad key";
    }
}

TEST(MlKem1024, ReadsExactLengthsOnly) {
    SeededRng rng{23};
    const MlKem1024KeyPair pair = mlkem1024::generate(rng);
    const auto sent = mlkem1024::encapsulate(pair.encapsulation_key, rng);
    ASSERT_TRUE(sent);
    Bytes key(pair.encapsulation_key.bytes.begin(), pair.encapsulation_key.bytes.end());
    Bytes ciphertext(sent->ciphertext.bytes.begin(), sent->ciphertext.bytes.end());
    const auto key_read = mlkem1024::read_encapsulation_key(key);
    const auto ciphertext_read = mlkem1024::read_ciphertext(ciphertext);
    ASSERT_TRUE(key_read && ciphertext_read);
    EXPECT_EQ(*key_read, pair.encapsulation_key);
    EXPECT_EQ(*ciphertext_read, sent->ciphertext);
    for (std::size_t size : {0UL, 1UL, 1567UL, 1569UL, 3168UL}) {
        key.resize(size);
        ciphertext.resize(size);
        const auto bad_key = mlkem1024::read_encapsulation_key(key);
        ASSERT_FALSE(bad_key) << size;
        EXPECT_EQ(bad_key.error(), MlKemError::bad_encapsulation_key_length) << size;
        const auto bad_ciphertext = mlkem1024::read_ciphertext(ciphertext);
        ASSERT_FALSE(bad_ciphertext) << size;
        EXPECT_EQ(bad_ciphertext.error(), MlKemError::bad_ciphertext_length) << size;
    }
}

TEST(MlKem1024, RejectsImplicitly) {
    SeededRng rng{24};
    const MlKem1024KeyPair pair = mlkem1024::generate(rng);
    const auto key = MlKem1024DecapsulationKey::from_seed(pair.seed);
    const auto sent = mlkem1024::encapsulate(pair.encapsulation_key, rng);
    ASSERT_TRUE(sent);
    MlKem1024Ciphertext changed = sent->ciphertext;
    changed.bytes[700] = static_cast<u8>(changed.bytes[700] ^ 1U);
    const auto rejected = key.decapsulate(changed);
    EXPECT_FALSE(rejected.equals(sent->shared_secret));

    // FIPS 203, algorithm 18, step 7: J(z || c) is SHAKE256 of both, 32 bytes.
    MlKem1024SharedSecret expected;
    shake256({pair.seed.expose().last<32>(), changed.bytes}, expected.expose_mutable());
    EXPECT_TRUE(rejected.equals(expected));
    EXPECT_TRUE(key.decapsulate(sent->ciphertext).equals(sent->shared_secret)) << "the key is not spoiled";
}

TEST(MlKem1024, RejectsADifferenceBehindAZeroByte) {
    for (const auto& block : test::read_vec_file(TEST_VECTORS "/mlkem1024/implicit_rejection.vec")) {
        const auto secret = mlkem1024::decapsulate(block.get<MlKem1024Seed>("seed"),
                                                   block.get<MlKem1024Ciphertext>("ciphertext"));
        EXPECT_TRUE(secret.equals(block.get<MlKem1024SharedSecret>("shared_secret")));
    }
}

TEST(MlKem1024, DrawsAllRandomnessFromTheGivenSource) {
    SeededRng first{25};
    SeededRng second{25};
    const MlKem1024KeyPair a = mlkem1024::generate(first);
    const MlKem1024KeyPair b = mlkem1024::generate(second);
    EXPECT_EQ(a.encapsulation_key, b.encapsulation_key);
    EXPECT_EQ(mlkem1024::encapsulation_key(a.seed), a.encapsulation_key);
    const auto sent_a = mlkem1024::encapsulate(a.encapsulation_key, first);
    const auto sent_b = mlkem1024::encapsulate(b.encapsulation_key, second);
    EXPECT_EQ(sent_a->ciphertext, sent_b->ciphertext);
    EXPECT_TRUE(sent_a->shared_secret.equals(sent_b->shared_secret));
    EXPECT_EQ(first.calls(), 2U);
    const auto another = mlkem1024::encapsulate(a.encapsulation_key, first);
    EXPECT_NE(another->ciphertext, sent_a->ciphertext);

    test::FailingRng failing{first, 1};
    EXPECT_THROW((void)mlkem1024::generate(failing), RngFailure);
    EXPECT_THROW((void)mlkem1024::encapsulate(a.encapsulation_key, failing), RngFailure);
}

TEST(MlKem1024, HasALineForEachError) {
    std::set<std::string_view> lines;
    constexpr unsigned count = 5;
    for (unsigned i = 0; i < count; ++i) lines.insert(describe(static_cast<MlKemError>(i)));
    EXPECT_EQ(lines.size(), count);
    EXPECT_EQ(lines.count("unknown"), 0U);
}

TEST(MlKem1024, WycheproofKeyGeneration) {
    const std::size_t count =
        test::for_each_wycheproof_test("mlkem_1024_keygen_seed_test.json", [](const auto&, const auto& test) {
            const Bytes seed = test::hex_of(test, "seed");
            ASSERT_EQ(seed.size(), mlkem1024_seed_size);
            const auto key = MlKem1024DecapsulationKey::from_seed(
                MlKem1024Seed::copy_of(std::span<const u8, mlkem1024_seed_size>{seed}));
            EXPECT_EQ(to_hex(key.encapsulation_key().bytes), test::text_of(test, "ek")) << test.at("tcId");
            EXPECT_EQ(to_hex(key.expanded().expose()), test::text_of(test, "dk")) << test.at("tcId");
        });
    EXPECT_EQ(count, 100U);
}

TEST(MlKem1024, WycheproofEncapsulation) {
    const std::size_t count =
        test::for_each_wycheproof_test("mlkem_1024_encaps_test.json", [](const auto&, const auto& test) {
            const bool valid = test::text_of(test, "result") == "valid";
            const Bytes bytes = test::hex_of(test, "ek");
            const auto key = mlkem1024::read_encapsulation_key(bytes);
            ASSERT_EQ(key.has_value(), valid) << test.at("tcId");
            if (!valid) {
                const bool exact = bytes.size() == mlkem1024_encapsulation_key_size;
                EXPECT_EQ(key.error(), exact ? MlKemError::bad_encapsulation_key
                                             : MlKemError::bad_encapsulation_key_length)
                    << test.at("tcId");
                return;
            }
            test::FixedRng message{test::hex_of(test, "m")};
            const auto sent = mlkem1024::encapsulate(*key, message);
            ASSERT_TRUE(sent) << test.at("tcId");
            EXPECT_TRUE(message.used_up());
            EXPECT_EQ(to_hex(sent->ciphertext.bytes), test::text_of(test, "c")) << test.at("tcId");
            EXPECT_EQ(to_hex(sent->shared_secret.expose()), test::text_of(test, "K")) << test.at("tcId");
        });
    EXPECT_GT(count, 200U);
}

TEST(MlKem1024, WycheproofDecapsulation) {
    const std::size_t count =
        test::for_each_wycheproof_test("mlkem_1024_test.json", [](const auto&, const auto& test) {
            const Bytes seed = test::hex_of(test, "seed");
            const auto ciphertext = mlkem1024::read_ciphertext(test::hex_of(test, "c"));
            // A seed of another size does not compile here; what is left of the invalid cases are lengths of ciphertexts.
            if (test::text_of(test, "result") == "invalid") {
                EXPECT_TRUE(seed.size() != mlkem1024_seed_size || !ciphertext) << test.at("tcId");
                if (!ciphertext) {
                    EXPECT_EQ(ciphertext.error(), MlKemError::bad_ciphertext_length);
                }
                return;
            }
            ASSERT_TRUE(ciphertext) << test.at("tcId");
            ASSERT_EQ(seed.size(), mlkem1024_seed_size);
            const auto key = MlKem1024DecapsulationKey::from_seed(
                MlKem1024Seed::copy_of(std::span<const u8, mlkem1024_seed_size>{seed}));
            EXPECT_EQ(to_hex(key.encapsulation_key().bytes), test::text_of(test, "ek")) << test.at("tcId");
            EXPECT_EQ(to_hex(key.decapsulate(*ciphertext).expose()), test::text_of(test, "K"))
                << test.at("tcId");
        });
    EXPECT_GT(count, 180U);
}

}  // namespace
}  // namespace chat
