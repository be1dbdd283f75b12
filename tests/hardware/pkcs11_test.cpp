// Every promise and every error of the PKCS#11 back end, against real tokens in software, and against a module with faults.

#include <filesystem>
#include <fstream>

#include "hardware/hsm_fixture.hpp"
#include "hardware/softhsm.hpp"
#include "platform_hsm_interface/handle.hpp"

namespace chat {
namespace {

using namespace test;

class Pkcs11 : public ::testing::Test {
  protected:
    void SetUp() override { softhsm_.add_token("alpha", "123456"); }

    static HsmLocation place(std::string_view label = "alpha") {
        return {HsmKind::pkcs11, SoftHsm::uri(label)};
    }
    static HsmLocation faulty() { return {HsmKind::pkcs11, SoftHsm::faulty_uri("alpha")}; }
    static std::unique_ptr<Hsm> open(std::string_view pin = "123456") { return must_open(place(), pin); }
    static std::unique_ptr<Hsm> open_faulty(std::string_view pin = "123456") {
        return must_open(faulty(), pin);
    }
    static auto try_open(const HsmLocation& location, std::string_view pin = "123456") {
        return open_hsm(location, pin_of(pin));
    }

    SoftHsm softhsm_;
    const VaultKey key_ = vault_key_of(3);
};

TEST_F(Pkcs11, SaysWhoItIs) {
    const HsmInfo info = open("")->info();
    EXPECT_EQ(info.kind, HsmKind::pkcs11);
    EXPECT_EQ(info.manufacturer, "SoftHSM project");
    EXPECT_EQ(info.label, "alpha");
}

TEST_F(Pkcs11, GivesRandomBytesWithoutAPin) { expect_random(*open("")); }

TEST_F(Pkcs11, WrapsAndSignsAndDoesSoInAnotherSession) {
    Bytes handle;
    Bytes wrapped;
    {
        const auto hsm = open();
        handle = must_make_keys(*hsm);
        EXPECT_LE(handle.size(), Hsm::max_handle_size);
        EXPECT_EQ(decode_token_handle(handle)->wrap, TokenWrap::aes_gcm);
        wrapped = must_wrap(*hsm, handle, key_);
        expect_works(*hsm, handle, wrapped, key_);
    }
    expect_works(*open(), handle, wrapped, key_);
}

TEST_F(Pkcs11, WrapsByKeyWrapWhereThereIsNoGcm) {
    softhsm_.set_faults("without 0x1087");
    const auto hsm = open_faulty();
    const Bytes handle = must_make_keys(*hsm);
    EXPECT_EQ(decode_token_handle(handle)->wrap, TokenWrap::aes_key_wrap);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    EXPECT_EQ(wrapped.size(), 40U);
    expect_works(*hsm, handle, wrapped, key_);
    Bytes changed = wrapped;
    changed[7] ^= 1;
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, changed), HsmError::damaged_key));
}

TEST_F(Pkcs11, KeysNeverLeaveTheToken) {
    (void)must_make_keys(*open());
    EXPECT_EQ(count_keys_that_stay("alpha", "123456"), 2U);
}

TEST_F(Pkcs11, NeedsThePin) {
    const Bytes handle = must_make_keys(*open());
    EXPECT_TRUE(fails_with(open("")->co_sign(handle, {}), HsmError::pin_needed));
    EXPECT_TRUE(fails_with(open("")->make_keys("bob"), HsmError::pin_needed));
    EXPECT_TRUE(fails_with(try_open(place(), "654321"), HsmError::wrong_pin));
    EXPECT_TRUE(fails_with(try_open(place(), "1"), HsmError::wrong_pin));
}

TEST_F(Pkcs11, TellsTheStateOfThePin) {
    softhsm_.set_faults("flags 0x20000");  // CKF_USER_PIN_FINAL_TRY
    EXPECT_TRUE(fails_with(try_open(faulty(), "654321"), HsmError::wrong_pin_last_try));
    softhsm_.set_faults("flags 0x40000");  // CKF_USER_PIN_LOCKED
    EXPECT_TRUE(fails_with(try_open(faulty(), "654321"), HsmError::pin_locked));
    softhsm_.set_faults("C_Login 0xa4");  // CKR_PIN_LOCKED
    EXPECT_TRUE(fails_with(try_open(faulty()), HsmError::pin_locked));
    softhsm_.add_raw_token("raw");
    EXPECT_TRUE(fails_with(try_open(place("raw")), HsmError::no_pin_set));
}

TEST_F(Pkcs11, FindsTheTokenOrSaysWhyNot) {
    softhsm_.add_token("beta", "123456");
    EXPECT_EQ(must_open(place("beta"), "")->info().label, "beta");
    EXPECT_TRUE(fails_with(try_open(place("gamma")), HsmError::no_token));
    const std::string any = "pkcs11:?module-path=" SOFTHSM_MODULE;
    EXPECT_TRUE(fails_with(try_open({HsmKind::pkcs11, any}), HsmError::several_tokens));
    for (const std::string bad : {"token=alpha", "pkcs11:token=%zz", "pkcs11:token=alpha?pin-value=123456",
                                  "pkcs11:token=alpha?pin-source=file:/x", "pkcs11:no-such-thing=x"}) {
        EXPECT_TRUE(fails_with(try_open({HsmKind::pkcs11, bad}), HsmError::bad_location)) << bad;
    }
    for (const std::string path : {"/nonexistent.so", "/etc/passwd", "/usr/lib/x86_64-linux-gnu/libc.so.6"}) {
        EXPECT_TRUE(
            fails_with(try_open({HsmKind::pkcs11, "pkcs11:?module-path=" + path}), HsmError::module_unusable))
            << path;
    }
}

TEST_F(Pkcs11, FindsTheTokenAmongTheConfiguredModules) {
    // Debian's package of SoftHSM configures it for p11-kit.
    EXPECT_EQ(must_open({HsmKind::pkcs11, "pkcs11:token=alpha"}, "123456")->info().label, "alpha");
    EXPECT_EQ(must_open({HsmKind::pkcs11, {}}, "123456")->info().label, "alpha");
}

TEST_F(Pkcs11, BindsTheWrappedKeyToItsHandle) {
    const auto hsm = open();
    const Bytes handle = must_make_keys(*hsm, "alice");
    const Bytes other = must_make_keys(*hsm, "bob");
    EXPECT_NE(*hsm->co_signing_key(handle), *hsm->co_signing_key(other));
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    EXPECT_TRUE(fails_with(hsm->unwrap(other, wrapped), HsmError::damaged_key));
    expect_works(*hsm, handle, wrapped, key_);
}

TEST_F(Pkcs11, RefusesDamagedRecords) {
    const auto hsm = open();
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    for (std::size_t at = 0; at < wrapped.size(); ++at) {
        Bytes changed = wrapped;
        changed[at] ^= 0x40;
        EXPECT_TRUE(fails_with(hsm->unwrap(handle, changed), HsmError::damaged_key)) << at;
    }
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, ByteView{wrapped}.first(59)), HsmError::damaged_key));
    for (std::size_t at = 0; at < handle.size(); ++at) {
        Bytes changed = handle;
        changed[at] ^= 0x40;
        EXPECT_FALSE(hsm->unwrap(changed, wrapped)) << at;
    }
    EXPECT_TRUE(fails_with(hsm->co_sign({}, {}), HsmError::damaged_handle));
    EXPECT_TRUE(fails_with(hsm->co_signing_key(bytes_of("x")), HsmError::damaged_handle));
    expect_works(*hsm, handle, wrapped, key_);
}

TEST_F(Pkcs11, TellsAnotherToken) {
    softhsm_.add_token("beta", "123456");
    const Bytes handle = must_make_keys(*open());
    const auto other = must_open(place("beta"), "123456");
    EXPECT_TRUE(fails_with(other->co_sign(handle, {}), HsmError::other_device));
}

TEST_F(Pkcs11, TellsThePinToNoOtherToken) {
    softhsm_.add_token("beta", "999999");
    const Bytes handle = must_make_keys(*open());
    const auto other = open_hsm(place("beta"), pin_of("123456"), handle);
    EXPECT_TRUE(fails_with(other, HsmError::other_device)) << "and not wrong_pin";
    EXPECT_TRUE(fails_with(open_hsm(place(), pin_of("123456"), bytes_of("x")), HsmError::damaged_handle));
    const auto its_own = open_hsm(place(), pin_of("123456"), handle);
    ASSERT_TRUE(its_own);
    expect_works(**its_own, handle, must_wrap(**its_own, handle, key_), key_);
}

TEST_F(Pkcs11, TakesNoKeyThatWasPutThereWithoutThePin) {
    Bytes handle;
    Bytes wrapped;
    {
        const auto hsm = open();
        handle = must_make_keys(*hsm);
        wrapped = must_wrap(*hsm, handle, key_);
    }
    plant_public_key("alpha", decode_token_handle(handle)->id.bytes);
    {
        const auto hsm = open();
        expect_works(*hsm, handle, wrapped, key_);
        expect_works(*hsm, handle, must_wrap(*hsm, handle, key_), key_);
        ASSERT_TRUE(hsm->destroy_keys(handle));
    }
    plant_public_key("alpha", decode_token_handle(handle)->id.bytes);
    EXPECT_TRUE(fails_with(open()->wrap(handle, key_), HsmError::key_missing));
}

TEST_F(Pkcs11, DestroysTheKeys) {
    const auto hsm = open();
    const Bytes handle = must_make_keys(*hsm, "alice");
    const Bytes kept = must_make_keys(*hsm, "bob");
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    const Bytes kept_wrapped = must_wrap(*hsm, kept, key_);
    ASSERT_EQ(count_keys_that_stay("alpha", "123456"), 4U);
    ASSERT_TRUE(hsm->destroy_keys(handle));
    EXPECT_EQ(count_keys_that_stay("alpha", "123456"), 2U);
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, wrapped), HsmError::key_missing));
    EXPECT_TRUE(fails_with(hsm->co_sign(handle, {}), HsmError::key_missing));
    EXPECT_TRUE(hsm->destroy_keys(handle));
    expect_works(*hsm, kept, kept_wrapped, key_);
}

TEST_F(Pkcs11, IsRemovedAndComesBack) {
    const auto hsm = open_faulty();
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    // As a card reader's module says it: sessions are dead, the slot is empty.
    for (const std::string code :
         {"0x32", "0xe0", "0xb3"}) {  // DEVICE_REMOVED, TOKEN_NOT_PRESENT, SESSION_HANDLE_INVALID
        softhsm_.set_faults("C_Sign " + code + "\nC_OpenSession " + code);
        EXPECT_TRUE(fails_with(hsm->co_sign(handle, bytes_of("x")), HsmError::removed)) << code;
        softhsm_.set_faults("C_GetSlotList 0x32");
        EXPECT_TRUE(fails_with(hsm->unwrap(handle, wrapped), HsmError::removed)) << code;
        softhsm_.set_faults("");
        expect_works(*hsm, handle, wrapped, key_);
    }
}

TEST_F(Pkcs11, NoticesATokenThatIsTakenAway) {
    const auto hsm = open();
    const Bytes handle = must_make_keys(*hsm);
    const Bytes wrapped = must_wrap(*hsm, handle, key_);
    softhsm_.take_away();
    EXPECT_TRUE(fails_with(hsm->unwrap(handle, wrapped), HsmError::removed));
    EXPECT_TRUE(fails_with(try_open(place()), HsmError::no_token));
    softhsm_.bring_back();
    expect_works(*hsm, handle, wrapped, key_);
    expect_works(*open(), handle, wrapped, key_);
}

TEST_F(Pkcs11, TellsWhatTheTokenCanNotDo) {
    softhsm_.set_faults("without 0x1040");  // CKM_EC_KEY_PAIR_GEN
    EXPECT_TRUE(fails_with(open_faulty()->make_keys("alice"), HsmError::not_supported));
    softhsm_.set_faults("C_GenerateRandom 0x121");  // CKR_RANDOM_NO_RNG
    std::array<u8, 8> some{};
    EXPECT_TRUE(fails_with(open_faulty()->random(some), HsmError::not_supported));
}

TEST_F(Pkcs11, PassesOnWhatTheTokenSays) {
    std::array<u8, 8> some{};
    softhsm_.set_faults("C_GenerateRandom 0x200");  // CKR_FUNCTION_REJECTED
    EXPECT_TRUE(fails_with(open_faulty()->random(some), HsmError::refused));
    softhsm_.set_faults("C_GenerateRandom 0x5");  // CKR_GENERAL_ERROR
    EXPECT_TRUE(fails_with(open_faulty()->random(some), HsmError::failed));
    softhsm_.set_faults("C_OpenSession 0xb1");  // CKR_SESSION_COUNT
    EXPECT_TRUE(fails_with(try_open(faulty()), HsmError::busy));
}

TEST_F(Pkcs11, LeavesNoHalfOfAnIdentity) {
    softhsm_.set_faults("C_GenerateKeyPair 0x31");  // CKR_DEVICE_MEMORY
    EXPECT_TRUE(fails_with(open_faulty()->make_keys("alice"), HsmError::busy));
    EXPECT_EQ(count_keys_that_stay("alpha", "123456"), 0U);
}

TEST(HsmErrors, EachHasALineOfItsOwn) {
    std::set<std::string_view> lines;
    constexpr unsigned count = static_cast<unsigned>(HsmError::failed) + 1;
    for (unsigned i = 0; i < count; ++i) lines.insert(describe(static_cast<HsmError>(i)));
    EXPECT_EQ(lines.size(), count);
    EXPECT_EQ(lines.count("unknown device error"), 0U);
}

}  // namespace
}  // namespace chat
