#include "secure_key_manager/vault.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

#include "secure_key_manager/unlock_vault.hpp"
#include "support/seeded_rng.hpp"
#include "support/vault_kit.hpp"

namespace chat {
namespace {

constexpr Argon2idCost cheap{64, 1};
constexpr std::size_t head_size = 8 + 1 + 1 + 2 + 24 + 32;  // with the parameters of a passphrase

class Vault : public testing::Test {
  protected:
    VaultSealer sealer(VaultHeader header, const VaultKey& key) {
        return {std::move(header), key.clone(), identity.secrets, identity.falcon_public, created};
    }
    [[nodiscard]] static UnlockSecrets with(std::string_view passphrase) {
        return {SecretBuffer::copy_of(bytes_of(passphrase)), {}, {}};
    }
    /// A file under "open sesame".
    Bytes file(ByteView contacts = {}) {
        auto protection = protect_vault(Protector::passphrase, "me", with("open sesame"), rng, cheap);
        return sealer(std::move(protection->header), protection->key).seal(contacts, rng);
    }
    [[nodiscard]] static VaultError refusal(ByteView file) {
        return unlock_vault(file, with("open sesame")).error();
    }

    test::SeededRng rng{1};
    GeneratedIdentity identity = generate_identity(rng);
    WallTime created{std::chrono::seconds{1'700'000'000}};
};

void expect_same(const IdentitySecrets& a, const IdentitySecrets& b) {
    EXPECT_TRUE(a.falcon.encode().equals(b.falcon.encode()));
    EXPECT_TRUE(a.ed25519.equals(b.ed25519));
    EXPECT_TRUE(a.x25519.equals(b.x25519));
    EXPECT_TRUE(a.mlkem.equals(b.mlkem));
}

TEST_F(Vault, GivesBackWhatItKeeps) {
    Contact friend_of_mine;
    friend_of_mine.name = "Bob";
    const Bytes contacts = *encode({friend_of_mine});
    const auto opened = unlock_vault(file(contacts), with("open sesame"));
    ASSERT_TRUE(opened);
    expect_same(opened->secrets, identity.secrets);
    EXPECT_EQ(opened->falcon_public, identity.falcon_public);
    EXPECT_EQ(opened->created, created);
    EXPECT_EQ(opened->contacts, contacts);
}

TEST_F(Vault, SealsAgainWithOtherContactsUnderAnotherNonce) {
    const Bytes first = file();
    auto opened = unlock_vault(first, with("open sesame"));
    ASSERT_TRUE(opened);
    const Bytes again = opened->sealer.seal({}, rng);
    EXPECT_EQ(again.size(), first.size());
    EXPECT_TRUE(std::equal(first.begin(), first.begin() + head_size, again.begin()));
    EXPECT_FALSE(
        std::equal(first.begin() + head_size, first.begin() + head_size + 24, again.begin() + head_size));
    Contact one;
    one.name = "new";
    const Bytes contacts = *encode({one});
    EXPECT_EQ(unlock_vault(opened->sealer.seal(contacts, rng), with("open sesame"))->contacts, contacts);
}

TEST_F(Vault, TakesAnotherKey) {
    auto opened = unlock_vault(file(), with("open sesame"));
    ASSERT_TRUE(opened);
    auto fresh = protect_again(opened->sealer.header(), "me", with("another"), rng, cheap);
    ASSERT_TRUE(fresh);
    opened->sealer.protect_by(std::move(fresh->header), std::move(fresh->key));
    const Bytes changed = opened->sealer.seal(opened->contacts, rng);
    EXPECT_EQ(refusal(changed), VaultError::wrong_passphrase);
    const auto back = unlock_vault(changed, with("another"));
    ASSERT_TRUE(back);
    expect_same(back->secrets, identity.secrets);
}

TEST_F(Vault, ShowsTheNumberOfContactsOnlyInSteps) {
    Contact one;
    one.name = "Bob";
    EXPECT_EQ(file().size(), file(*encode({one})).size());
}

TEST_F(Vault, AnyChangedByteIsDamageOrNoVault) {
    const Bytes good = file();
    for (std::size_t i = 0; i < good.size(); i += i < head_size + 32 ? 1 : 97) {
        Bytes bad = good;
        bad[i] ^= 0x10;
        EXPECT_EQ(refusal(bad), i < 8 ? VaultError::not_a_vault : VaultError::damaged) << i;
    }
    for (std::size_t size = 0; size < good.size(); size += size < 200 ? 1 : 211) {
        EXPECT_EQ(refusal(ByteView{good}.first(size)),
                  size < 8 ? VaultError::not_a_vault : VaultError::damaged);
    }
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_EQ(refusal(longer), VaultError::damaged);
}

/// Every region, changed by somebody who makes the hash anew.
TEST_F(Vault, AnyChangeWithARightHashIsTold) {
    const Bytes good = file();
    const auto refuse = [&](std::size_t at, u8 value) {
        Bytes bad = good;
        bad.at(at) = value;
        test::mend_hash(bad);
        return refusal(bad);
    };
    EXPECT_EQ(refuse(8, 2), VaultError::newer_version);
    EXPECT_EQ(refuse(8, 0), VaultError::malformed);
    EXPECT_EQ(refuse(9, 0), VaultError::malformed);
    EXPECT_EQ(refuse(9, 7), VaultError::malformed);
    EXPECT_EQ(refuse(9, 5), VaultError::not_on_this_platform);
    EXPECT_EQ(refuse(11, 25), VaultError::malformed);
    EXPECT_EQ(refuse(10, 0xFF), VaultError::malformed);
    EXPECT_EQ(refuse(12, 0x7F), VaultError::excessive_cost);
    EXPECT_EQ(refuse(19, 0xFF), VaultError::excessive_cost);
    EXPECT_EQ(refuse(19, 0), VaultError::malformed);
    EXPECT_EQ(refuse(20, static_cast<u8>(good[20] ^ 1)), VaultError::wrong_passphrase);  // salt
    EXPECT_EQ(refuse(36, static_cast<u8>(good[36] ^ 1)), VaultError::wrong_passphrase);  // key check
    for (const std::size_t at :
         {head_size, head_size + 23, head_size + 24, good.size() - 49, good.size() - 33}) {
        EXPECT_EQ(refuse(at, static_cast<u8>(good[at] ^ 1)), VaultError::forged) << at;
    }
    Bytes shorter{good.begin(), good.end() - 4096};
    test::mend_hash(shorter);
    EXPECT_EQ(refusal(shorter), VaultError::forged);
    shorter.resize(shorter.size() - 1);
    test::mend_hash(shorter);
    EXPECT_EQ(refusal(shorter), VaultError::malformed);
}

TEST_F(Vault, AHeaderIsAuthenticatedAsWell) {
    const auto key = rng.secret<VaultKey>();
    const Bytes params(16, 7);
    Bytes bad = sealer({Protector::keyring, params}, key).seal({}, rng);
    bad[12] ^= 1;
    test::mend_hash(bad);
    EXPECT_EQ(open_vault(bad, key.clone()).error(), VaultError::forged);
    EXPECT_EQ(
        open_vault(sealer({Protector::keyring, params}, key).seal({}, rng), rng.secret<VaultKey>()).error(),
        VaultError::wrong_key);
}

TEST_F(Vault, RefusesWhatIsLargerThanAnyVault) {
    Bytes huge = file();
    huge.resize(max_vault_size + 1);
    EXPECT_EQ(refusal(huge), VaultError::too_large);
}

TEST_F(Vault, TheLargestVaultOpens) {
    Contacts all(max_contacts);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].name = std::to_string(i) + std::string(Contact::max_name, 'n');
        all[i].name.resize(Contact::max_name);
        all[i].fingerprint.bytes[0] = static_cast<u8>(i);
        all[i].last_endpoints.assign(Contact::max_endpoints, std::string(Contact::max_endpoint, 'e'));
        all[i].hardware = HardwareKey{HsmKind::tpm, {}};
    }
    const auto key = rng.secret<VaultKey>();
    const Bytes contacts = *encode(all);
    const Bytes largest =
        sealer({Protector::tpm, Bytes(VaultHeader::max_parameters)}, key).seal(contacts, rng);
    EXPECT_EQ(largest.size(), max_vault_size);
    EXPECT_EQ(open_vault(largest, key.clone())->contacts, contacts);
}

TEST_F(Vault, RefusesContactsThatAreNone) {
    EXPECT_EQ(refusal(file(Bytes(10, 0xFF))), VaultError::malformed);
}

TEST_F(Vault, SaysWhenTheMemoryIsNotThere) {
    EXPECT_EQ(protect_vault(Protector::passphrase, "me", with("x"), rng, {2 * 1024 * 1024, 1}).error(),
              VaultError::excessive_cost);
}

TEST_F(Vault, HoldsNoSecretInTheClear) {
    const Bytes sealed = file();
    const auto holds = [&](ByteView part) {
        return std::search(sealed.begin(), sealed.end(), part.begin(), part.end()) != sealed.end();
    };
    EXPECT_FALSE(holds(identity.secrets.ed25519.expose()));
    EXPECT_FALSE(holds(identity.secrets.mlkem.expose().first(16)));
    EXPECT_FALSE(holds(identity.falcon_public.view().subspan(100, 16)));
    EXPECT_TRUE(holds(bytes_of("P2PVAULT")));
}

TEST(VaultErrors, EachHasALineAndAByte) {
    std::set<std::string_view> lines;
    unsigned known = 0;
    for (unsigned value = 0; value < 256; ++value) {
        const auto error = vault_error(static_cast<u8>(value));
        if (!error) continue;
        ++known;
        EXPECT_FALSE(describe(*error).empty()) << value;
        EXPECT_TRUE(lines.insert(describe(*error)).second) << describe(*error);
    }
    EXPECT_EQ(known, static_cast<unsigned>(VaultError::not_on_this_platform) + 1U +
                         static_cast<unsigned>(HsmError::failed) + 1U);
    EXPECT_EQ(device_error(of_device(HsmError::wrong_pin)), HsmError::wrong_pin);
    EXPECT_EQ(device_error(VaultError::damaged), std::nullopt);
}

TEST(ProtectorParameters, OfADeviceComeBackAndAreBounded) {
    const DeviceParameters good{Bytes(300, 1), Bytes(64, 2), "SoftHSM project, SoftHSM v2"};
    const Bytes encoded = encode(good);
    EXPECT_EQ(*decode_device_parameters(encoded), good);
    for (std::size_t size = 0; size < encoded.size(); ++size) {
        EXPECT_EQ(decode_device_parameters(ByteView{encoded}.first(size)).error(), VaultError::malformed);
    }
    Bytes bad = encoded;
    bad.back() = 0x1B;
    EXPECT_EQ(decode_device_parameters(bad).error(), VaultError::malformed);
    bad = encoded;
    bad.push_back(0);
    EXPECT_EQ(decode_device_parameters(bad).error(), VaultError::malformed);
    Bytes long_handle(2 + 4097 + 3);
    long_handle[0] = 0x10;
    long_handle[1] = 0x01;
    EXPECT_EQ(decode_device_parameters(long_handle).error(), VaultError::malformed);
    EXPECT_EQ(decode_item_id(Bytes(15)).error(), VaultError::malformed);
    EXPECT_EQ(decode_item_id(Bytes(17)).error(), VaultError::malformed);
}

}  // namespace
}  // namespace chat
