// Every promise and every error of the TPM back end, against a real TPM in software.

#include "hardware/hsm_fixture.hpp"
#include "hardware/raw_tpm.hpp"
#include "hardware/swtpm.hpp"

#include "platform_hsm_interface/handle.hpp"

namespace chat {
namespace {

using namespace test;

class Tpm2 : public ::testing::Test {
  protected:
    [[nodiscard]] HsmLocation place() const { return {HsmKind::tpm, swtpm_.tcti()}; }
    std::unique_ptr<Hsm> open(std::string_view pin) const { return must_open(place(), pin); }

    Swtpm swtpm_;
    const VaultKey key_ = vault_key_of(1);
};

TEST_F(Tpm2, SaysWhoItIs) {
    const HsmInfo info = open("")->info();
    EXPECT_EQ(info.kind, HsmKind::tpm);
    EXPECT_EQ(info.manufacturer, "IBM");
    EXPECT_NE(info.model.find("SW"), std::string::npos) << info.model;
}

TEST_F(Tpm2, GivesRandomBytes) { expect_random(*open("")); }

TEST_F(Tpm2, SealsAndSignsAndDoesSoAfterARestart) {
    Bytes handle;
    Bytes wrapped;
    {
        const auto hsm = open("1234");
        handle = must_make_keys(*hsm);
        EXPECT_LE(handle.size(), Hsm::max_handle_size);
        wrapped = must_wrap(*hsm, handle, key_);
        EXPECT_LE(wrapped.size(), Hsm::max_wrapped_size);
        expect_works(*hsm, handle, wrapped, key_);
    }
    swtpm_.restart();
    expect_works(*open("1234"), handle, wrapped, key_);
}

TEST_F(Tpm2, WorksWithoutAPin) {
    const auto hsm = open("");
    const Bytes handle = must_make_keys(*hsm);
    expect_works(*hsm, handle, must_wrap(*hsm, handle, key_), key_);
}

TEST_F(Tpm2, TakesAPinOfAnyLength) {
    const auto hsm = open(std::string(500, 'x'));
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    expect_works(*hsm, handle, wrapped, key_);
    EXPECT_TRUE(fails_with(open(std::string(499, 'x'))->unwrap(handle, wrapped), HsmError::wrong_pin));
}

TEST_F(Tpm2, UsesTheStrongestParentItKnows) {
    const auto handle = decode_tpm_handle(must_make_keys(*open("1")));
    ASSERT_TRUE(handle);
    EXPECT_EQ(handle->parent, TpmParent::p384_aes256_sha384);
    EXPECT_TRUE(handle->has_pin);
}

TEST_F(Tpm2, LeavesNothingBehind) {
    {
        const auto hsm = open("1234");
        const Bytes handle = must_make_keys(*hsm);
        const Bytes wrapped = must_wrap(*hsm, handle, key_);
        expect_works(*hsm, handle, wrapped, key_);
        std::array<u8, 100> some{};
        ASSERT_TRUE(hsm->random(some));
        // Nor after failures, half way.
        Bytes damaged = wrapped;
        damaged.back() ^= 1;
        EXPECT_FALSE(hsm->unwrap(handle, damaged));
        EXPECT_TRUE(hsm->destroy_keys(handle));
    }
    EXPECT_TRUE(fails_with(open("9")->co_sign(must_make_keys(*open("1234")), {}), HsmError::wrong_pin));
    RawTpm raw{swtpm_.tcti()};
    EXPECT_TRUE(raw.handles(TPM2_PERSISTENT_FIRST).empty());
    EXPECT_TRUE(raw.handles(TPM2_TRANSIENT_FIRST).empty());
    EXPECT_TRUE(raw.handles(TPM2_LOADED_SESSION_FIRST).empty());
}

TEST_F(Tpm2, NeedsThePin) {
    const Bytes handle = must_make_keys(*open("1234"));
    const Bytes wrapped = must_wrap(*open("1234"), handle, key_);
    // More often than the TPM allows wrong ones: asking without a PIN is no try.
    for (int i = 0; i < 10; ++i) {
        EXPECT_TRUE(fails_with(open("")->unwrap(handle, wrapped), HsmError::pin_needed));
        EXPECT_TRUE(fails_with(open("")->co_sign(handle, {}), HsmError::pin_needed));
    }
    expect_works(*open("1234"), handle, wrapped, key_);
}

TEST_F(Tpm2, LocksAfterWrongPins) {
    const auto hsm = open("1234");
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    const auto guesser = open("4321");
    EXPECT_TRUE(fails_with(guesser->unwrap(handle, wrapped), HsmError::wrong_pin));
    HsmError last = HsmError::wrong_pin;
    for (int i = 0; i < 40 && last == HsmError::wrong_pin; ++i) {
        const auto guessed = guesser->co_sign(handle, bytes_of("x"));
        ASSERT_FALSE(guessed);
        last = guessed.error();
    }
    EXPECT_EQ(last, HsmError::pin_locked);
    // The right one does not help now, while random numbers go on.
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, wrapped), HsmError::pin_locked));
    std::array<u8, 16> some{};
    EXPECT_TRUE(hsm->random(some));
}

TEST_F(Tpm2, TellsAnotherTpm) {
    const auto hsm = open("1234");
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    const Swtpm other;
    const auto stranger = must_open({HsmKind::tpm, other.tcti()}, "1234");
    EXPECT_TRUE(fails_with(stranger->unwrap(handle, wrapped), HsmError::other_device));
    EXPECT_TRUE(fails_with(stranger->co_sign(handle, bytes_of("x")), HsmError::other_device));
    EXPECT_TRUE(fails_with(stranger->wrap(handle, key_), HsmError::other_device));
}

TEST_F(Tpm2, TellsThatItWasCleared) {
    const Bytes handle = must_make_keys(*open("1234"));
    const Bytes wrapped = must_wrap(*open("1234"), handle, key_);
    RawTpm{swtpm_.tcti()}.clear();
    EXPECT_TRUE(fails_with(open("1234")->unwrap(handle, wrapped), HsmError::other_device));
}

TEST_F(Tpm2, BindsTheWrappedKeyToItsHandle) {
    const auto hsm = open("1234");
    const Bytes handle = must_make_keys(*hsm, "alice");
    const Bytes other = must_make_keys(*hsm, "bob");
    EXPECT_NE(*hsm->co_signing_key(handle), *hsm->co_signing_key(other));
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    EXPECT_TRUE(fails_with(hsm->unwrap(other, wrapped), HsmError::damaged_key));
    expect_works(*hsm, handle, wrapped, key_);
}

TEST_F(Tpm2, RefusesDamagedRecords) {
    const auto hsm = open("");
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    EXPECT_TRUE(fails_with(hsm->unwrap({}, wrapped), HsmError::damaged_handle));
    EXPECT_TRUE(fails_with(hsm->co_signing_key(bytes_of("SPHW")), HsmError::damaged_handle));
    EXPECT_TRUE(fails_with(hsm->destroy_keys({}), HsmError::damaged_handle));
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, {}), HsmError::damaged_key));
    for (std::size_t at = 0; at < wrapped.size(); at += 7) {
        Bytes changed = wrapped;
        changed[at] ^= 0x40;
        EXPECT_FALSE(hsm->unwrap(handle, changed)) << at;
    }
    for (std::size_t at = 0; at < handle.size(); at += 7) {
        Bytes changed = handle;
        changed[at] ^= 0x40;
        EXPECT_FALSE(hsm->co_sign(changed, bytes_of("x"))) << at;
    }
    Bytes changed = wrapped;
    changed.back() ^= 1;
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, changed), HsmError::damaged_key));
    changed = handle;
    changed.back() ^= 1;
    EXPECT_TRUE(fails_with(hsm->co_sign(changed, bytes_of("x")), HsmError::damaged_handle));
    // None of it hurt.
    expect_works(*hsm, handle, wrapped, key_);
}

TEST_F(Tpm2, IsGoneAndComesBack) {
    const auto hsm = open("1234");
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    swtpm_.kill();
    std::array<u8, 16> some{};
    EXPECT_TRUE(fails_with(hsm->random(some), HsmError::removed));
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, wrapped), HsmError::removed));
    swtpm_.start();
    expect_works(*hsm, handle, wrapped, key_);
}

TEST_F(Tpm2, IsNotWaitedForWithoutEndSlow) {
    const auto hsm = open("");
    swtpm_.freeze();
    const auto start = std::chrono::steady_clock::now();
    std::array<u8, 16> some{};
    EXPECT_TRUE(fails_with(hsm->random(some), HsmError::timed_out));
    const auto took = std::chrono::steady_clock::now() - start;
    EXPECT_GE(took, std::chrono::seconds{29});
    EXPECT_LE(took, std::chrono::seconds{40});
    swtpm_.thaw();
}

TEST_F(Tpm2, IsBusyWhenOthersFillIt) {
    EXPECT_GE(RawTpm{swtpm_.tcti()}.fill_with_objects(), 2U);
    EXPECT_TRUE(fails_with(open("")->make_keys("alice"), HsmError::busy));
}

TEST_F(Tpm2, TellsTheOwnersPassword) {
    RawTpm{swtpm_.tcti()}.set_owner_password("secret");
    EXPECT_TRUE(fails_with(open("")->make_keys("alice"), HsmError::owner_password));
}

TEST_F(Tpm2, TellsADisabledHierarchy) {
    RawTpm{swtpm_.tcti()}.disable_owner();
    EXPECT_TRUE(fails_with(open("")->make_keys("alice"), HsmError::refused));
}

TEST(Tpm2Place, IsRefusedOrNotThere) {
    const auto open = [](const std::string& place) { return open_hsm({HsmKind::tpm, place}, {}); };
    EXPECT_TRUE(fails_with(open("/dev/tpmrm0"), HsmError::bad_location));
    EXPECT_TRUE(fails_with(open("evil:path"), HsmError::bad_location));
    EXPECT_TRUE(fails_with(open("../../tmp/libevil.so:x"), HsmError::bad_location));
    EXPECT_TRUE(fails_with(open("device:/nonexistent/tpm"), HsmError::no_device));
    EXPECT_TRUE(fails_with(open("device:/dev/null"), HsmError::no_device));
    EXPECT_TRUE(fails_with(open("swtpm:path=/nonexistent/socket"), HsmError::no_device));
    EXPECT_TRUE(fails_with(open_hsm({HsmKind::cng, {}}, {}), HsmError::not_supported));
}

}  // namespace
}  // namespace chat
