#pragma once
/// The identity of this run, and who holds its keys.

#include <memory>
#include <string>

#include "app/options.hpp"
#include "secure_key_manager/isolation/key_holder.hpp"

namespace chat {

struct HeldKeys {
    std::unique_ptr<KeyHolder> holder;
    std::shared_ptr<IdentityKeys> identity;
    bool kept = false;  ///< a kept identity, which does not rotate by itself
    Bytes contacts;     ///< of a kept identity, encoded
};

/// Starts the holder and gets the identity from it; before the first thread of this process (key_holder.hpp).
[[nodiscard]] Result<HeldKeys, std::string> hold_keys(const Options& options, const char* program);

/// "in a process of their own, ...", and whether anything of them is on disk.
[[nodiscard]] std::string describe(const HeldKeys& keys);

}  // namespace chat
