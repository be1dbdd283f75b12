#pragma once
/// Who holds the private keys of identities: the key process, or this process where a system has no such thing. On a system that
/// has key processes a start that fails is an error; nothing falls back by itself.
///
/// Of one thread, the one that made it, as are the identities that it gives. Those may outlive it.

#include <memory>
#include <optional>
#include <string>

#include "hybrid_kex/identity_keys.hpp"
#include "secure_key_manager/isolation/keys/key_protection.hpp"
#include "secure_key_manager/unlock_vault.hpp"

namespace chat {

class KeyHolder {
  public:
    KeyHolder() = default;
    KeyHolder(const KeyHolder&) = delete;
    KeyHolder& operator=(const KeyHolder&) = delete;
    virtual ~KeyHolder() = default;

    /// A fresh identity, whose keys are wiped when it dies. unavailable or no_room.
    [[nodiscard]] virtual Result<std::shared_ptr<IdentityKeys>, KeyError> generate() = 0;
    /// The vault that was opened, as a file, with these contacts (encoded). Only after hold_vault(). unavailable.
    [[nodiscard]] virtual Result<Bytes, KeyError> seal_contacts(ByteView contacts) = 0;
    /// Into the randomness of signatures and fresh identities; any size. unavailable.
    [[nodiscard]] virtual Result<void, KeyError> mix_entropy(ByteView entropy) = 0;
    [[nodiscard]] virtual const KeyProtection& protection() const = 0;

    /// For an event loop: when it becomes readable, ask lost(). -1: this holder can't be lost.
    [[nodiscard]] virtual int descriptor() const = 0;
    /// Why the holder is gone for good, one line for the user; nothing while it is there.
    [[nodiscard]] virtual std::optional<std::string> lost() = 0;
    /// It is lost because of SIGABRT, by which it ends itself when a canary in its memory is damaged. So may an assertion in it, or
    /// whoever may send it signals: an alarm all the same, since the process of the keys found something wrong in itself.
    [[nodiscard]] virtual bool memory_damaged() const { return false; }
};

enum class KeyHolderError : u8 {
    not_started,    ///< the process could not be started
    ended,          ///< it ended, or did not answer, before it was ready
    vault_refused,  ///< see `vault`
};
struct KeyHolderFailure {
    KeyHolderError error{};
    std::string detail;
    std::optional<VaultError> vault;
};
/// One line for the user.
[[nodiscard]] std::string describe(const KeyHolderFailure& failure);

struct KeyHolderSetup {
    std::string program;  ///< path_of_this_program(); the key process is the same executable
    bool allow_debugger = false;
};

struct HeldVault {
    std::unique_ptr<KeyHolder> holder;
    std::shared_ptr<IdentityKeys> identity;
    Bytes contacts;  ///< encoded (contacts.hpp)
};

/// As this platform can. On Linux the key process dies with the calling thread: call it on one that lives as long as the program.
[[nodiscard]] Result<std::unique_ptr<KeyHolder>, KeyHolderFailure> hold_ephemeral_keys(
    const KeyHolderSetup& setup);
/// Takes as long as the vault's key takes: Argon2id, a keyring that asks the person, a token.
[[nodiscard]] Result<HeldVault, KeyHolderFailure> hold_vault(const KeyHolderSetup& setup, ByteView file,
                                                             UnlockSecrets secrets);

}  // namespace chat
