#pragma once
/// One kept identity in the folder: locked for this process, its vault read, unlocked with what the person gives, written again.

#include <string>

#include "app/keys/key_options.hpp"
#include "secure_key_manager/isolation/keys/key_holder.hpp"
#include "shell/identity_folder.hpp"

namespace chat {

/// What went wrong, one line for the person.
enum class IdentityFailureKind {
    refused,  ///< a wrong passphrase or PIN, or none
    unusable  ///< everything else
};
struct IdentityFailure {
    IdentityFailureKind kind = IdentityFailureKind::unusable;
    std::string text;
};
[[nodiscard]] Failure<IdentityFailure> failure_of(const FolderProblem& problem);
[[nodiscard]] Failure<IdentityFailure> failure_of(VaultError error, std::string_view where);
[[nodiscard]] Failure<IdentityFailure> failure_of(PassphraseError error);

/// Holds the identity's lock.
class KeptIdentity {
  public:
    /// An identity that is there.
    [[nodiscard]] static Result<KeptIdentity, IdentityFailure> open(const std::string& name);
    /// A name that is free.
    [[nodiscard]] static Result<KeptIdentity, IdentityFailure> reserve(const std::string& name);

    [[nodiscard]] const std::string& name() const { return name_; }
    [[nodiscard]] const IdentityFolder& folder() const { return folder_; }
    [[nodiscard]] std::string path() const { return folder_.path_of(name_); }

    [[nodiscard]] Result<Bytes, IdentityFailure> read() const;
    [[nodiscard]] Result<void, IdentityFailure> write(ByteView file) const;
    [[nodiscard]] Result<void, IdentityFailure> erase() const;

  private:
    KeptIdentity(IdentityFolder folder, IdentityLock lock, std::string name)
        : folder_{std::move(folder)}, lock_{std::move(lock)}, name_{std::move(name)} {}

    IdentityFolder folder_;
    IdentityLock lock_;
    std::string name_;
};

/// Asks for the passphrase or PIN that an existing vault of this protector needs; nothing is asked for a keyring.
[[nodiscard]] Result<UnlockSecrets, IdentityFailure> ask_to_unlock(const KeyOptions& options,
                                                                   Protector protector);
/// Asks for a new passphrase or PIN: twice, unless it comes from a descriptor or program.
[[nodiscard]] Result<SecretBuffer, IdentityFailure> ask_new_secret(const KeyOptions& options,
                                                                   const std::string& prompt);
/// Likewise, and it may not be empty.
[[nodiscard]] Result<SecretBuffer, IdentityFailure> ask_new_passphrase(const KeyOptions& options,
                                                                       const std::string& prompt);

/// Who may seal the vault of a kept identity again, and where it goes: for the contacts that a chat learns. Outlived by `holder`.
class ContactStore {
  public:
    ContactStore(KeptIdentity identity, KeyHolder& holder)
        : identity_{std::move(identity)}, holder_{&holder} {}

    /// Seals the vault with these contacts in the key process and replaces the file; or one line why not, the file then being as before.
    [[nodiscard]] Result<void, std::string> save(const Contacts& contacts) const;
    [[nodiscard]] const KeptIdentity& identity() const { return identity_; }

  private:
    KeptIdentity identity_;
    KeyHolder* holder_;
};

}  // namespace chat
