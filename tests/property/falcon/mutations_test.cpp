// A signature stops verifying when any one bit of anything it depends on changes.

#include <gtest/gtest.h>

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/falcon_vectors.hpp"
#include "support/seeded_rng.hpp"

namespace chat::falcon1024 {
namespace {

void flip(MutableByteView bytes, u64 bit) {
    bytes[bit / 8] = static_cast<u8>(bytes[bit / 8] ^ (1U << (bit % 8)));
}

constexpr u64 seed = 20240611;

class FalconMutations : public testing::Test {
  protected:
    FalconMutations() { sign_anew(); }

    void sign_anew() {
        rng_.fill(message_);
        padded_ = sign_padded(key_, message_, rng_);
        compressed_ = sign_compressed(key_, message_, rng_).bytes;
        ASSERT_TRUE(verifier_.verify(message_, padded_));
        ASSERT_TRUE(verifier_.verify_compressed(message_, compressed_));
    }
    /// A new signature every thousand mutations.
    template <class Mutate>
    void repeat(int count, Mutate mutate) {
        SCOPED_TRACE("seed " + std::to_string(seed));
        for (int i = 0; i < count && !HasFailure(); ++i) {
            if (i % 1000 == 999) sign_anew();
            mutate();
        }
    }

    test::FalconVector vector_ = test::falcon_vectors(TEST_VECTORS)[0];
    test::SeededRng rng_{seed};
    ExpandedSigningKey key_{vector_.decoded_secret_key()};
    VerifyingKey verifier_ = VerifyingKey::decode(vector_.public_key.view()).value();
    Bytes message_ = Bytes(64);
    PaddedSignature padded_;
    Bytes compressed_;
};

TEST_F(FalconMutations, OfAPaddedSignatureNeverVerify) {
    repeat(50'000, [&] {
        PaddedSignature mutated = padded_;
        const u64 bit = rng_.below(8 * padded_signature_size);
        flip(mutated.bytes, bit);
        EXPECT_FALSE(verifier_.verify(message_, mutated)) << "bit " << bit;
    });
}

TEST_F(FalconMutations, OfACompressedSignatureNeverVerify) {
    repeat(30'000, [&] {
        Bytes mutated = compressed_;
        const u64 bit = rng_.below(8 * mutated.size());
        flip(mutated, bit);
        EXPECT_FALSE(verifier_.verify_compressed(message_, mutated)) << "bit " << bit;
    });
}

TEST_F(FalconMutations, OfTheNonceNeverVerify) {
    repeat(10'000, [&] {
        PaddedSignature mutated = padded_;
        const u64 bit = 8 + rng_.below(8 * nonce_size);
        flip(mutated.bytes, bit);
        EXPECT_EQ(verifier_.verify(message_, mutated).error(), FalconError::signature_not_valid);
    });
}

TEST_F(FalconMutations, OfTheMessageNeverVerify) {
    repeat(10'000, [&] {
        Bytes mutated = message_;
        flip(mutated, rng_.below(8 * mutated.size()));
        EXPECT_EQ(verifier_.verify(mutated, padded_).error(), FalconError::signature_not_valid);
    });
}

TEST_F(FalconMutations, OfThePublicKeyNeverVerify) {
    repeat(10'000, [&] {
        PublicKey mutated = vector_.public_key;
        const u64 bit = rng_.below(8 * public_key_size);
        flip(mutated.bytes, bit);
        EXPECT_FALSE(verify(mutated, message_, padded_)) << "bit " << bit;
    });
}

}  // namespace
}  // namespace chat::falcon1024
