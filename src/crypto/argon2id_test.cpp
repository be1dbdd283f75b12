#include "crypto/argon2id.hpp"

#include <gtest/gtest.h>
#include <openssl/core_names.h>
#include <openssl/kdf.h>
#include <openssl/params.h>

#include <memory>
#include <vector>

#include "crypto/library_context.hpp"

namespace chat {
namespace {

struct Inputs {
    Bytes passphrase;
    Bytes salt;
    u32 memory_kib = 0;
    u32 passes = 0;
    u32 lanes = 1;
    Bytes secret;
    Bytes associated;
};

/// OpenSSL's implementation, which has every parameter of the RFC.
Bytes openssl_argon2id(Inputs in, std::size_t size) {
    const std::unique_ptr<EVP_KDF, decltype(&EVP_KDF_free)> kdf{
        EVP_KDF_fetch(library_context().get(), "ARGON2ID", nullptr), EVP_KDF_free};
    const std::unique_ptr<EVP_KDF_CTX, decltype(&EVP_KDF_CTX_free)> context{EVP_KDF_CTX_new(kdf.get()),
                                                                            EVP_KDF_CTX_free};
    u32 threads = 1;
    std::vector<OSSL_PARAM> params = {
        OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ITER, &in.passes),
        OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_THREADS, &threads),
        OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ARGON2_LANES, &in.lanes),
        OSSL_PARAM_construct_uint(OSSL_KDF_PARAM_ARGON2_MEMCOST, &in.memory_kib)};
    // OpenSSL takes an empty field as an error, so what is empty is left out.
    const auto add = [&](const char* name, Bytes& bytes) {
        if (!bytes.empty()) {
            params.push_back(OSSL_PARAM_construct_octet_string(name, bytes.data(), bytes.size()));
        }
    };
    add(OSSL_KDF_PARAM_PASSWORD, in.passphrase);
    add(OSSL_KDF_PARAM_SALT, in.salt);
    add(OSSL_KDF_PARAM_SECRET, in.secret);
    add(OSSL_KDF_PARAM_ARGON2_AD, in.associated);
    params.push_back(OSSL_PARAM_construct_end());
    Bytes out(size);
    EXPECT_EQ(EVP_KDF_derive(context.get(), out.data(), out.size(), params.data()), 1);
    return out;
}

Bytes ours(const Inputs& in, std::size_t size) {
    Argon2idSalt salt;
    std::copy(in.salt.begin(), in.salt.end(), salt.bytes.begin());
    Bytes out(size);
    EXPECT_TRUE(argon2id(in.passphrase, salt, {in.memory_kib, in.passes}, out));
    return out;
}

// libsodium has one lane, no secret and no associated data, so the vector of the RFC can't be asked of it: it anchors OpenSSL's
// implementation, and that is compared with ours.
TEST(Argon2id, TheReferenceGivesTheVectorOfRfc9106) {
    Inputs in{Bytes(32, 1), Bytes(16, 2), 32, 3, 4, Bytes(8, 3), Bytes(12, 4)};
    EXPECT_EQ(to_hex(openssl_argon2id(in, 32)),
              "0d640df58d78766c08c037a34a8b53c9d01ef0452d75b65eb52520e96b01e659");
}

TEST(Argon2id, AgreesWithTheReference) {
    for (const u32 passes : {1U, 2U, 3U, 5U}) {
        for (const u32 memory : {8U, 64U, 1000U, 4096U}) {
            for (const std::size_t length : {1U, 8U, 64U, 300U}) {
                const Inputs in{Bytes(length, static_cast<u8>(length)),
                                Bytes(16, static_cast<u8>(passes)),
                                memory,
                                passes,
                                1,
                                {},
                                {}};
                EXPECT_EQ(to_hex(ours(in, 32)), to_hex(openssl_argon2id(in, 32)))
                    << passes << " " << memory << " " << length;
            }
        }
    }
}

TEST(Argon2id, EveryInputCounts) {
    const Inputs base{Bytes(8, 1), Bytes(16, 2), 64, 2, 1, {}, {}};
    const Bytes key = ours(base, 32);
    Inputs other = base;
    other.passphrase[0] ^= 1;
    EXPECT_NE(ours(other, 32), key);
    other = base;
    other.salt[15] ^= 1;
    EXPECT_NE(ours(other, 32), key);
    other = base;
    other.memory_kib += 8;
    EXPECT_NE(ours(other, 32), key);
    other = base;
    other.passes += 1;
    EXPECT_NE(ours(other, 32), key);
}

TEST(Argon2id, SaysWhenTheMemoryIsNotThere) {
    Bytes out(32);
    // 4 TiB: more than libsodium takes, and than a process has.
    EXPECT_FALSE(argon2id(bytes_of("x"), {}, {0xFFFFFFFF, 1}, out));
}

}  // namespace
}  // namespace chat
