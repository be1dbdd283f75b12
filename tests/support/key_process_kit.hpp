#pragma once
/// What tests of the key process say to it.

#include "crypto/mixing_rng.hpp"
#include "secure_key_manager/isolation/keys/key_server.hpp"
#include "support/kex_fixtures.hpp"

namespace chat::test {

/// A statement that an identity signs.
inline RotationStatement rotation_statement() {
    return {Role::b, {}, {}, 7, stored_pair(StoredPair::efk_b).public_key};
}

/// A vault under a passphrase that costs nothing.
struct SmallVault {
    explicit SmallVault(Rng& rng) {
        constexpr Argon2idCost cheap{64, 1};
        StoredFalconPair falcon = stored_pair(StoredPair::identity_a);
        IdentitySecrets secrets{std::move(falcon.secret_key), ed25519::generate(rng).private_key,
                                x25519::generate(rng).private_key, mlkem1024::generate(rng).seed};
        auto made = protect_vault(Protector::passphrase, "default", unlock(), rng, cheap);
        file = VaultSealer{std::move(made->header), std::move(made->key), secrets, falcon.public_key,
                           WallTime{std::chrono::seconds{1'800'000'000}}}
                   .seal({}, rng);
        SoftwareIdentityKeys keys{std::move(secrets), falcon.public_key, rng};
        identity.emplace(keys.public_identity());
    }

    [[nodiscard]] static UnlockSecrets unlock(std::string_view passphrase = "correct horse") {
        return {SecretBuffer::copy_of(bytes_of(passphrase)), {}, {}};
    }

    Bytes file;
    std::optional<IdentityPublic> identity;
};

/// Two contacts, encoded.
inline Bytes some_contacts() {
    Contacts contacts(2);
    contacts[0].name = "Ada";
    contacts[1].name = "Bob";
    contacts[1].fingerprint.bytes[0] = 1;
    return *encode(contacts);
}

}  // namespace chat::test
