#include "secure_key_manager/unlock_vault.hpp"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>

#include "support/seeded_rng.hpp"

namespace chat {
namespace {

#ifndef CHAT_SANITIZED  // its heap takes terabytes of addresses, and ends a process that is given no more

int protect_with_little_memory() {
    test::SeededRng rng{1};
    const UnlockSecrets secrets{SecretBuffer::copy_of(bytes_of("x")), {}, {}};
    const rlimit little{64 << 20, 64 << 20};
    if (::setrlimit(RLIMIT_AS, &little) != 0) return 2;
    const auto protection = protect_vault(Protector::passphrase, "me", secrets, rng);
    return !protection && protection.error() == VaultError::no_memory ? 0 : 1;
}

TEST(UnlockVault, SaysWhenTheSystemDoesNotGiveTheMemory) {
    EXPECT_EXIT(std::exit(protect_with_little_memory()), testing::ExitedWithCode(0), "");
}

#endif

}  // namespace
}  // namespace chat
