#pragma once
/// The TPM of a Windows machine, through CNG's Platform Crypto Provider. Compiled by a test; never run (docs/hardware.md).

#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// no_device, or what the provider says.
[[nodiscard]] Result<std::unique_ptr<Hsm>, HsmError> open_cng(SecretBuffer pin);

}  // namespace chat
