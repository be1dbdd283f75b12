#include "quantcrypt/falcon1024/falcon1024.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

#include "quantcrypt/falcon1024/hash_to_point.hpp"
#include "quantcrypt/falcon1024/key_codec.hpp"
#include "quantcrypt/falcon1024/signature_codec.hpp"
#include "quantcrypt/falcon1024/verification_kernels.hpp"
#include "support/falcon_vectors.hpp"
#include "support/nist_drbg.hpp"
#include "support/seeded_rng.hpp"

namespace chat::falcon1024 {
namespace {

const std::vector<test::FalconVector>& vectors() {
    static const auto loaded = test::falcon_vectors(TEST_VECTORS);
    return loaded;
}

static_assert(!std::is_copy_constructible_v<SecretKey> && !std::is_copy_constructible_v<ExpandedSigningKey>);
static_assert(std::is_nothrow_move_constructible_v<SecretKey>);

/// Runs every test once for each implementation that this processor has.
class Falcon1024 : public testing::TestWithParam<Implementation> {
  protected:
    void SetUp() override {
        if (!is_available(implementation())) GTEST_SKIP() << "this processor has no AVX2";
    }
    [[nodiscard]] static Implementation implementation() { return GetParam(); }
    [[nodiscard]] static VerifyingKey verifying_key(const test::FalconVector& vector) {
        return VerifyingKey::decode(vector.public_key.view(), implementation()).value();
    }
};

INSTANTIATE_TEST_SUITE_P(Implementations, Falcon1024,
                         testing::Values(Implementation::portable, Implementation::avx2),
                         [](const auto& instance) {
                             return instance.param == Implementation::avx2 ? "avx2" : "portable";
                         });

TEST_P(Falcon1024, SignsTheKnownAnswersFromTheExpandedKey) {
    for (const auto& vector : vectors()) {
        test::NistDrbg rng{std::span<const u8, 48>{vector.seed}};
        (void)rng.secret<Seed>();  // key generation's draw
        ExpandedSigningKey key{vector.decoded_secret_key(), implementation()};
        const auto signature = sign_compressed(key, vector.message, rng);
        EXPECT_EQ(test::falcon_signed_message(signature.bytes, vector.message), vector.signed_message);
    }
}

TEST_P(Falcon1024, SignsTheKnownAnswersFromTheSecretKey) {
    for (const auto& vector : vectors()) {
        test::NistDrbg rng{std::span<const u8, 48>{vector.seed}};
        (void)rng.secret<Seed>();
        const auto signature =
            sign_compressed(vector.decoded_secret_key(), vector.message, rng, implementation());
        EXPECT_EQ(test::falcon_signed_message(signature.bytes, vector.message), vector.signed_message);
    }
}

TEST_P(Falcon1024, VerifiesTheKnownAnswers) {
    for (const auto& vector : vectors()) {
        EXPECT_TRUE(verifying_key(vector).verify_compressed(vector.message, vector.signature()));
    }
}

TEST_P(Falcon1024, PaddedSignaturesVerifyOnlyForTheirMessageAndKey) {
    const auto& vector = vectors()[0];
    ExpandedSigningKey key{vector.decoded_secret_key(), implementation()};
    const VerifyingKey verifier = verifying_key(vector);
    const VerifyingKey stranger = verifying_key(vectors()[1]);
    test::SeededRng rng{1};
    for (std::size_t size : {0U, 1U, 135U, 136U, 5632U, 100'000U}) {
        const Bytes message(size, 0x5A);
        const Bytes longer(size + 1, 0x5A);
        const PaddedSignature signature = sign_padded(key, message, rng);
        EXPECT_TRUE(verifier.verify(message, signature));
        EXPECT_EQ(verifier.verify(longer, signature).error(), FalconError::signature_not_valid);
        EXPECT_EQ(stranger.verify(message, signature).error(), FalconError::signature_not_valid);
    }
}

TEST_P(Falcon1024, BothFormsOfTheSecretKeyGiveTheSameSignature) {
    const SecretKey secret = vectors()[0].decoded_secret_key();
    ExpandedSigningKey expanded{secret, implementation()};
    for (u64 seed = 0; seed < 20; ++seed) {
        test::SeededRng first{seed};
        test::SeededRng second{seed};
        EXPECT_EQ(sign_padded(expanded, bytes_of("both"), first),
                  sign_padded(secret, bytes_of("both"), second, implementation()));
    }
}

TEST_P(Falcon1024, SignsLikeThePortableCode) {
    const SecretKey secret = vectors()[1].decoded_secret_key();
    ExpandedSigningKey here{secret, implementation()};
    ExpandedSigningKey portable{secret, Implementation::portable};
    for (u64 seed = 0; seed < 100; ++seed) {
        test::SeededRng first{seed};
        test::SeededRng second{seed};
        EXPECT_EQ(sign_padded(here, bytes_of("same bits"), first),
                  sign_padded(portable, bytes_of("same bits"), second))
            << "seed " << seed;
    }
}

TEST_P(Falcon1024, EachSignatureIsFresh) {
    ExpandedSigningKey key{vectors()[0].decoded_secret_key(), implementation()};
    test::SeededRng rng{2};
    std::set<PaddedSignature> seen;
    for (int i = 0; i < 20; ++i) seen.insert(sign_padded(key, bytes_of("again"), rng));
    EXPECT_EQ(seen.size(), 20U);
}

/// A SeededRng whose first signature of "too long" by vector 0 takes more than 1280 bytes; found by trying.
constexpr u64 seed_of_a_long_signature = 2099;

TEST_P(Falcon1024, SignsAgainWithANewNonceWhenItDoesNotFitThePadding) {
    const SecretKey key = vectors()[0].decoded_secret_key();
    test::SeededRng long_one{seed_of_a_long_signature};
    ASSERT_GT(sign_compressed(key, bytes_of("too long"), long_one).bytes.size(), padded_signature_size);
    test::SeededRng rng{seed_of_a_long_signature};
    const PaddedSignature signature = sign_padded(key, bytes_of("too long"), rng, implementation());
    EXPECT_GE(rng.calls(), 4U);
    EXPECT_TRUE(verifying_key(vectors()[0]).verify(bytes_of("too long"), signature));

    test::SeededRng same{seed_of_a_long_signature};
    PublicBytes<struct NonceTag, nonce_size> first_nonce = same.bytes<decltype(first_nonce)>();
    EXPECT_FALSE(std::equal(first_nonce.bytes.begin(), first_nonce.bytes.end(), signature.bytes.begin() + 1));
}

/// A broken source: the same nonce and seed for ever.
class StuckRng : public Rng {
  public:
    explicit StuckRng(u64 seed) : seed_{seed} {}
    void fill(MutableByteView out) override {
        if (calls_++ % 2 == 0) stream_ = std::make_unique<test::SeededRng>(seed_);
        stream_->fill(out);
    }

  private:
    u64 seed_;
    std::size_t calls_ = 0;
    std::unique_ptr<test::SeededRng> stream_;
};

TEST_P(Falcon1024, GivesUpOnABrokenSourceOfRandomness) {
    const SecretKey key = vectors()[0].decoded_secret_key();
    StuckRng rng{seed_of_a_long_signature};
    EXPECT_THROW((void)sign_padded(key, bytes_of("too long"), rng, implementation()), SigningExhausted);
}

TEST_P(Falcon1024, SigningPassesOnEveryFailureOfRandomness) {
    const SecretKey secret = vectors()[0].decoded_secret_key();
    ExpandedSigningKey key{secret, implementation()};
    for (std::size_t failing_call : {1U, 2U}) {
        test::SeededRng source{3};
        test::FailingRng rng{source, failing_call};
        EXPECT_THROW((void)sign_padded(key, bytes_of("m"), rng), RngFailure);
        test::SeededRng other_source{3};
        test::FailingRng other{other_source, failing_call};
        EXPECT_THROW((void)sign_compressed(secret, bytes_of("m"), other, implementation()), RngFailure);
    }
    test::SeededRng rng{4};
    EXPECT_TRUE(verifying_key(vectors()[0]).verify(bytes_of("m"), sign_padded(key, bytes_of("m"), rng)));
}

TEST_P(Falcon1024, CompressedSignaturesHaveOneLength) {
    const auto& vector = vectors()[0];
    const VerifyingKey key = verifying_key(vector);
    Bytes longer = vector.signature();
    longer.push_back(0);
    EXPECT_EQ(key.verify_compressed(vector.message, longer).error(), FalconError::signature_trailing_data);
    longer.back() = 1;
    EXPECT_EQ(key.verify_compressed(vector.message, longer).error(), FalconError::signature_trailing_data);
    longer.resize(max_signature_size + 1);
    EXPECT_EQ(key.verify_compressed(vector.message, longer).error(), FalconError::bad_signature_length);
    const Bytes whole = vector.signature();
    EXPECT_EQ(key.verify_compressed(vector.message, {}).error(), FalconError::bad_signature_length);
    EXPECT_EQ(key.verify_compressed(vector.message, ByteView{whole}.first(40)).error(),
              FalconError::bad_signature_length);
    for (std::size_t size = 41; size < whole.size(); ++size) {
        EXPECT_EQ(key.verify_compressed(vector.message, ByteView{whole}.first(size)).error(),
                  FalconError::signature_truncated);
    }
}

TEST_P(Falcon1024, PaddingIsZerosOnly) {
    const auto& vector = vectors()[0];
    const Bytes value = vector.signature();
    ASSERT_LT(value.size(), padded_signature_size);
    PaddedSignature padded;
    std::copy(value.begin(), value.end(), padded.bytes.begin());
    const VerifyingKey key = verifying_key(vector);
    EXPECT_TRUE(key.verify(vector.message, padded));
    for (std::size_t position = value.size(); position < padded_signature_size; ++position) {
        PaddedSignature broken = padded;
        broken.bytes[position] = 1;
        EXPECT_EQ(key.verify(vector.message, broken).error(), FalconError::signature_trailing_data);
    }
}

TEST_P(Falcon1024, RefusesAnotherHeader) {
    const auto& vector = vectors()[0];
    Bytes signature = vector.signature();
    for (u8 header : Bytes{0x00, 0x2A, 0x39, 0x3B, 0x5A, 0xBA}) {
        signature[0] = header;
        EXPECT_EQ(verifying_key(vector).verify_compressed(vector.message, signature).error(),
                  FalconError::bad_signature_header);
    }
}

TEST_P(Falcon1024, PassesOnTheDecodersErrors) {
    const auto& vector = vectors()[0];
    const VerifyingKey key = verifying_key(vector);
    PaddedSignature signature;
    signature.bytes[0] = 0x3A;
    EXPECT_EQ(key.verify(vector.message, signature).error(), FalconError::signature_out_of_range);
    signature.bytes[41] = 0x80;
    signature.bytes[42] = 0x80;
    EXPECT_EQ(key.verify(vector.message, signature).error(), FalconError::signature_minus_zero);
    Bytes broken(vector.public_key.bytes.begin(), vector.public_key.bytes.end());
    broken[0] = 0;
    EXPECT_EQ(VerifyingKey::decode(broken, implementation()).error(), FalconError::bad_public_key_header);
}

TEST_P(Falcon1024, SignaturesAreAsLongAsTheGaussianSays) {
    // 2n coordinates of deviation sigma, near enough: |s|^2 has mean 2n sigma^2 and deviation 2 sqrt(n)
    // sigma^2.
    const auto& vector = vectors()[0];
    ExpandedSigningKey key{vector.decoded_secret_key(), implementation()};
    RingElement h = decode_public_key(vector.public_key.view()).value();
    const VerificationKernels& kernels = verification_kernels(implementation());
    kernels.prepare(h);
    test::SeededRng rng{6};
    constexpr int count = 400;
    double sum = 0.0;
    double s2_sum = 0.0;
    for (int i = 0; i < count; ++i) {
        const Bytes signature = sign_compressed(key, bytes_of("norm"), rng).bytes;
        std::array<i16, n> s2;
        ASSERT_TRUE(decompress(s2, ByteView{signature}.subspan(41)));
        const RingElement c = hash_to_point(ByteView{signature}.subspan<1, nonce_size>(), bytes_of("norm"));
        sum += static_cast<double>(kernels.squared_norm(h, c, s2));
        for (i16 x : s2) s2_sum += static_cast<double>(x * x);
    }
    const double variance = sigma * sigma;
    const double deviation = std::sqrt(4.0 * n / count) * variance;
    EXPECT_NEAR(sum / count, 2 * n * variance, 4 * deviation);
    EXPECT_NEAR(s2_sum / count, n * variance, 4 * deviation);
}

TEST_P(Falcon1024, FreshKeysSignAndVerify) {
    test::SeededRng rng{7};
    for (int i = 0; i < 30; ++i) {
        const KeyPair pair = generate_key_pair(rng, implementation());
        const auto key = VerifyingKey::decode(pair.public_key.view(), implementation()).value();
        EXPECT_TRUE(
            key.verify(bytes_of("m"), sign_padded(pair.secret_key, bytes_of("m"), rng, implementation())));
        EXPECT_TRUE(SecretKey::decode(pair.secret_key.encode().expose()));
    }
}

TEST(Falcon1024Keys, SlowThousandsOfFreshKeysSignAndVerify) {
    for (u64 seed = 0; seed < 3000; ++seed) {
        test::SeededRng rng{seed};
        const KeyPair pair = generate_key_pair(rng);
        const PaddedSignature signature = sign_padded(pair.secret_key, bytes_of("fresh"), rng);
        ASSERT_TRUE(verify(pair.public_key, bytes_of("fresh"), signature)) << "seed " << seed;
        const auto decoded = SecretKey::decode(pair.secret_key.encode().expose());
        ASSERT_TRUE(decoded) << "seed " << seed;
        test::SeededRng first{seed + 1};
        test::SeededRng second{seed + 1};
        ASSERT_EQ(sign_padded(pair.secret_key, {}, first), sign_padded(*decoded, {}, second))
            << "seed " << seed;
    }
}

TEST(Falcon1024Keys, GenerationPassesOnTheFailureOfRandomness) {
    test::SeededRng source{8};
    test::FailingRng rng{source, 1};
    EXPECT_THROW((void)generate_key_pair(rng), RngFailure);
}

TEST(Falcon1024Keys, TheSeedIsAShortFormOfTheKeyPair) {
    test::SeededRng rng{9};
    const Seed seed = rng.secret<Seed>();
    const KeyPair first = generate_key_pair(seed);
    const KeyPair second = generate_key_pair(seed);
    EXPECT_EQ(first.public_key, second.public_key);
    EXPECT_TRUE(first.secret_key.encode().equals(second.secret_key.encode()));
    EXPECT_NE(first.public_key, generate_key_pair(rng).public_key);
}

TEST(Falcon1024Verify, OneCallDecodesTheKeyToo) {
    const auto& vector = vectors()[0];
    EXPECT_TRUE(verify_compressed(vector.public_key, vector.message, vector.signature()));
    test::SeededRng rng{5};
    const PaddedSignature signature = sign_padded(vector.decoded_secret_key(), vector.message, rng);
    EXPECT_TRUE(verify(vector.public_key, vector.message, signature));
    EXPECT_EQ(verify(vectors()[1].public_key, vector.message, signature).error(),
              FalconError::signature_not_valid);
    PublicKey broken = vector.public_key;
    broken.bytes[0] = 0;
    EXPECT_EQ(verify(broken, vector.message, signature).error(), FalconError::bad_public_key_header);
    EXPECT_EQ(verify_compressed(broken, vector.message, vector.signature()).error(),
              FalconError::bad_public_key_header);
}

TEST(Falcon1024Verify, RefusesTheZeroVector) {
    // s2 = 0 leaves s1 = c, far too long; an all-zero h doesn't help.
    PublicKey zero;
    zero.bytes[0] = 0x0A;
    PaddedSignature signature;
    signature.bytes[0] = 0x3A;
    for (std::size_t i = 0; i < n; ++i) {
        const std::size_t bit = 9 * i + 8;
        signature.bytes[41 + bit / 8] = static_cast<u8>(signature.bytes[41 + bit / 8] | (0x80U >> (bit % 8)));
    }
    EXPECT_EQ(verify(zero, bytes_of("m"), signature).error(), FalconError::signature_not_valid);
}

TEST(Falcon1024Error, EveryErrorHasItsOwnText) {
    std::set<std::string_view> texts;
    for (u8 i = 0; i <= static_cast<u8>(FalconError::signature_not_valid); ++i) {
        const std::string_view text = describe(static_cast<FalconError>(i));
        EXPECT_TRUE(texts.insert(text).second) << text;
        EXPECT_NE(text, "unknown FALCON error");
    }
}

TEST(Falcon1024Keys, SecretKeyEncodesToWhatItWasDecodedFrom) {
    for (const auto& vector : vectors()) {
        const EncodedSecretKey encoded = vector.decoded_secret_key().encode();
        EXPECT_TRUE(std::equal(vector.secret_key.begin(), vector.secret_key.end(), encoded.expose().begin()));
    }
}

TEST(Falcon1024Keys, PortableIsAlwaysAvailable) {
    EXPECT_TRUE(is_available(Implementation::portable));
    EXPECT_TRUE(is_available(best_implementation()));
}

}  // namespace
}  // namespace chat::falcon1024
