#include "process_protection/hardening.hpp"
#include "secure_key_manager/isolation/keys/in_process_keys.hpp"

namespace chat {
namespace {

KeyProtection protection_here(const KeyHolderSetup& setup) {
    KeyProtection out;
    const auto hardening = harden_process(setup.allow_debugger ? Debugger::allowed : Debugger::refused);
    if (!hardening) return out;
    out.unreadable = hardening->unreadable_by_others;
    out.no_new_privileges = hardening->no_new_privileges;
    out.memory_locked = guarded_memory::usage().unlocked_regions == 0;
    return out;
}

}  // namespace

Result<std::unique_ptr<KeyHolder>, KeyHolderFailure> hold_ephemeral_keys(const KeyHolderSetup& setup) {
    return hold_ephemeral_keys_in_this_process(protection_here(setup));
}

Result<HeldVault, KeyHolderFailure> hold_vault(const KeyHolderSetup& setup, ByteView file,
                                               UnlockSecrets secrets) {
    return hold_vault_in_this_process(protection_here(setup), file, std::move(secrets));
}

}  // namespace chat
