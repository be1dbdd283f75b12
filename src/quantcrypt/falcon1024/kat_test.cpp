#include <gtest/gtest.h>

#include <numeric>

#include "crypto/hash.hpp"
#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/falcon_vectors.hpp"
#include "support/nist_drbg.hpp"

namespace chat::falcon1024 {
namespace {

std::string upper_hex(ByteView bytes) {
    std::string out = to_hex(bytes);
    for (char& c : out) c = c >= 'a' ? static_cast<char>(c - 'a' + 'A') : c;
    return out;
}

/// One entry of the known-answer file, made from the seed as the submission's program makes it.
std::string entry(std::size_t count, std::span<const u8, 48> seed, ByteView message,
                  Implementation implementation) {
    test::NistDrbg rng{seed};
    const KeyPair pair = generate_key_pair(rng, implementation);
    ExpandedSigningKey key{pair.secret_key, implementation};
    const Bytes signature = sign_compressed(key, message, rng).bytes;
    const Bytes signed_message = test::falcon_signed_message(signature, message);
    EXPECT_TRUE(verify_compressed(pair.public_key, message, signature));
    return "count = " + std::to_string(count) + "\nseed = " + upper_hex(seed) +
           "\nmlen = " + std::to_string(message.size()) + "\nmsg = " + upper_hex(message) +
           "\npk = " + upper_hex(pair.public_key.bytes) +
           "\nsk = " + upper_hex(pair.secret_key.encode().expose()) +
           "\nsmlen = " + std::to_string(signed_message.size()) + "\nsm = " + upper_hex(signed_message) +
           "\n";
}

class FalconKnownAnswers : public testing::TestWithParam<Implementation> {};

INSTANTIATE_TEST_SUITE_P(Implementations, FalconKnownAnswers,
                         testing::Values(Implementation::portable, Implementation::avx2),
                         [](const auto& instance) {
                             return instance.param == Implementation::avx2 ? "avx2" : "portable";
                         });

TEST_P(FalconKnownAnswers, AllHundredMatchThePublishedDigest) {
    if (!is_available(GetParam())) GTEST_SKIP() << "this processor has no AVX2";
    std::array<u8, 48> outer_seed;
    std::iota(outer_seed.begin(), outer_seed.end(), u8{0});
    test::NistDrbg outer{outer_seed};
    Sha256 file;
    for (std::size_t count = 0; count < 100; ++count) {
        std::array<u8, 48> seed;
        outer.fill(seed);
        Bytes message(33 * (count + 1));
        outer.fill(message);
        if (count > 0) file.update(bytes_of("\n"));
        file.update(bytes_of(entry(count, seed, message, GetParam())));
    }
    EXPECT_EQ(to_hex(file.digest().bytes),
              "46f9682ebf6fd31bae60c3191ed1a6c56aa09fb4945a266f86732a90c6c4db67");
}

TEST_P(FalconKnownAnswers, StoredEntriesMatch) {
    if (!is_available(GetParam())) GTEST_SKIP() << "this processor has no AVX2";
    for (const auto& vector : test::falcon_vectors(TEST_VECTORS)) {
        const std::span<const u8, 48> seed{vector.seed};
        test::NistDrbg rng{seed};
        const KeyPair pair = generate_key_pair(rng, GetParam());
        EXPECT_EQ(pair.public_key, vector.public_key);
        const EncodedSecretKey encoded = pair.secret_key.encode();
        EXPECT_EQ(Bytes(encoded.expose().begin(), encoded.expose().end()), vector.secret_key);
        const Bytes signature = sign_compressed(pair.secret_key, vector.message, rng, GetParam()).bytes;
        EXPECT_EQ(test::falcon_signed_message(signature, vector.message), vector.signed_message);
    }
}

}  // namespace
}  // namespace chat::falcon1024
