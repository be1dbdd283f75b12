#pragma once
/// What the tests of both kinds of device have in common.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "platform_hsm_interface/hsm.hpp"

namespace chat::test {

inline SecretBuffer pin_of(std::string_view text) { return SecretBuffer::copy_of(bytes_of(text)); }

inline VaultKey vault_key_of(u8 first) {
    VaultKey out;
    u8 next = first;
    for (u8& byte : out.expose_mutable()) byte = next++;
    return out;
}

inline std::unique_ptr<Hsm> must_open(const HsmLocation& location, std::string_view pin) {
    auto hsm = open_hsm(location, pin_of(pin));
    if (!hsm) throw std::runtime_error{std::string{describe(hsm.error())}};
    return std::move(*hsm);
}

inline Bytes must_make_keys(Hsm& hsm, std::string_view name = "alice") {
    auto handle = hsm.make_keys(name);
    if (!handle) throw std::runtime_error{std::string{describe(handle.error())}};
    return std::move(*handle);
}

inline Bytes must_wrap(Hsm& hsm, ByteView handle, const VaultKey& key) {
    auto wrapped = hsm.wrap(handle, key);
    if (!wrapped) throw std::runtime_error{std::string{describe(wrapped.error())}};
    return std::move(*wrapped);
}

/// The error is exactly this one, and its text is not that of an unknown one.
template <class T>
::testing::AssertionResult fails_with(const Result<T, HsmError>& result, HsmError error) {
    if (result) return ::testing::AssertionFailure() << "it worked, instead of: " << describe(error);
    if (result.error() != error) {
        return ::testing::AssertionFailure()
               << "it says: " << describe(result.error()) << "; instead of: " << describe(error);
    }
    return ::testing::AssertionSuccess();
}

/// Random bytes fill what they are given to the end.
inline void expect_random(Hsm& hsm) {
    std::array<u8, 1000> first{};
    std::array<u8, 1000> second{};
    ASSERT_TRUE(hsm.random(first));
    ASSERT_TRUE(hsm.random(second));
    EXPECT_NE(first, second);
    EXPECT_TRUE(std::any_of(first.end() - 16, first.end(), [](u8 byte) { return byte != 0; }));
}

/// It gives back the key that was wrapped, and a signature that verifies.
inline void expect_works(Hsm& hsm, ByteView handle, ByteView wrapped, const VaultKey& key) {
    const auto unwrapped = hsm.unwrap(handle, wrapped);
    ASSERT_TRUE(unwrapped) << describe(unwrapped.error());
    EXPECT_TRUE(unwrapped->equals(key));
    const auto public_key = hsm.co_signing_key(handle);
    ASSERT_TRUE(public_key) << describe(public_key.error());
    const auto signature = hsm.co_sign(handle, bytes_of("a message"));
    ASSERT_TRUE(signature) << describe(signature.error());
    EXPECT_TRUE(ecdsa_p384::verify(*public_key, bytes_of("a message"), *signature));
    EXPECT_FALSE(ecdsa_p384::verify(*public_key, bytes_of("another"), *signature));
}

}  // namespace chat::test
