#include "app/keys/kept_identity.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace chat {
namespace {

/// What the person can mend by another passphrase or PIN has an exit status of its own.
TEST(KeptIdentity, TellsAWrongSecretFromAnythingElse) {
    constexpr std::array about_the_secret = {HsmError::pin_needed, HsmError::wrong_pin,
                                             HsmError::wrong_pin_last_try, HsmError::pin_locked};
    for (int i = 0; i <= static_cast<int>(HsmError::failed); ++i) {
        const auto error = static_cast<HsmError>(i);
        const bool secret = std::ranges::find(about_the_secret, error) != about_the_secret.end();
        const IdentityFailure failure = failure_of(of_device(error), "here").error;
        EXPECT_EQ(failure.kind, secret ? IdentityFailureKind::refused : IdentityFailureKind::unusable)
            << failure.text;
        EXPECT_EQ(failure.text, "here: " + std::string{describe(error)});
    }
    EXPECT_EQ(failure_of(VaultError::wrong_passphrase, "here").error.kind, IdentityFailureKind::refused);
    EXPECT_EQ(failure_of(VaultError::damaged, "here").error.kind, IdentityFailureKind::unusable);
}

}  // namespace
}  // namespace chat
