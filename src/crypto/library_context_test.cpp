#include "crypto/library_context.hpp"

#include <gtest/gtest.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "crypto/hash.hpp"

namespace chat {
namespace {

struct FreeHash {
    void operator()(EVP_MD* hash) const noexcept { EVP_MD_free(hash); }
};

struct FreeContext {
    void operator()(OSSL_LIB_CTX* context) const noexcept { OSSL_LIB_CTX_free(context); }
};

bool offers_sha256(OSSL_LIB_CTX* context) {
    const std::unique_ptr<EVP_MD, FreeHash> hash{EVP_MD_fetch(context, "SHA2-256", nullptr)};
    ERR_clear_error();
    return hash != nullptr;
}

/// A configuration that allows no algorithm of the default provider.
class HostileConfiguration : public testing::Test {
  protected:
    void SetUp() override {
        path_ = std::filesystem::path{testing::TempDir()} /
                ("hostile-openssl-" + std::to_string(::getpid()) + ".cnf");
        std::ofstream{path_} << "openssl_conf = init\n[init]\nalg_section = algorithms\n[algorithms]\n"
                                "default_properties = provider=none\n";
        ASSERT_EQ(setenv("OPENSSL_CONF", path_.c_str(), 1), 0);
    }

    void TearDown() override {
        unsetenv("OPENSSL_CONF");
        std::filesystem::remove(path_);
    }

    std::filesystem::path path_;
};

TEST_F(HostileConfiguration, IsNotRead) {
    const std::unique_ptr<OSSL_LIB_CTX, FreeContext> obedient{OSSL_LIB_CTX_new()};
    ASSERT_EQ(OSSL_LIB_CTX_load_config(obedient.get(), path_.c_str()), 1);
    ASSERT_FALSE(offers_sha256(obedient.get())) << "the configuration is not as hostile as the test needs";

    const LibraryContext ours;
    EXPECT_TRUE(offers_sha256(ours.get()));
    EXPECT_TRUE(offers_sha256(library_context().get()));
    EXPECT_TRUE(offers_sha256(nullptr)) << "the default context is kept from it, too";
}

TEST(LibraryContext, HoldsEveryAlgorithm) {
    const LibraryContext context;
    for (auto algorithm : {HashAlgorithm::sha256, HashAlgorithm::sha512, HashAlgorithm::sha3_256,
                           HashAlgorithm::sha3_512, HashAlgorithm::shake256}) {
        EXPECT_NE(context.hash(algorithm), nullptr);
    }
    EXPECT_NE(context.aes_256_gcm(), nullptr);
    EXPECT_EQ(&library_context(), &library_context());
}

}  // namespace
}  // namespace chat
