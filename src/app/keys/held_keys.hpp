#pragma once
/// The identity of this run, and who holds its keys.

#include <memory>
#include <string>

#include "app/exit_code.hpp"
#include "app/keys/held_device.hpp"
#include "app/keys/kept_identity.hpp"
#include "app/options.hpp"
#include "secure_key_manager/isolation/keys/key_holder.hpp"

namespace chat {

struct HeldKeys {
    std::unique_ptr<KeyHolder> holder;
    std::shared_ptr<IdentityKeys> identity;
    bool kept = false;                            ///< a kept identity, which does not rotate by itself
    Bytes contacts;                               ///< of a kept identity, encoded
    std::unique_ptr<ContactStore> contact_store;  ///< of a kept identity; after the holder, which it uses
    std::optional<HeldDevice> device;  ///< gives random numbers, and co-signs for a kept identity in it
    std::string device_warning;        ///< why there is none although there should be; one line
};

struct HoldFailure {
    ExitCode code{};
    std::string text;
};

/// Starts the holder and gets the identity from it; before the first thread of this process (key_holder.hpp). For a kept identity
/// it locks and reads the vault, and asks for the passphrase.
[[nodiscard]] Result<HeldKeys, HoldFailure> hold_keys(const Options& options, const char* program);

/// "in a process of their own, ...", and whether anything of them is on disk.
[[nodiscard]] std::string describe(const HeldKeys& keys);

}  // namespace chat
