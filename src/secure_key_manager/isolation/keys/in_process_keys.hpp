#pragma once
/// The holder for systems without key processes: the keys are in this process. hold_ephemeral_keys() and hold_vault() choose it there.

#include "secure_key_manager/isolation/keys/key_holder.hpp"

namespace chat {

/// The rest of what protects them is the hardening of this process: `protection` says what it found.
[[nodiscard]] std::unique_ptr<KeyHolder> hold_ephemeral_keys_in_this_process(const KeyProtection& protection);
/// vault_refused.
[[nodiscard]] Result<HeldVault, KeyHolderFailure> hold_vault_in_this_process(const KeyProtection& protection,
                                                                             ByteView file,
                                                                             UnlockSecrets secrets);

}  // namespace chat
