#pragma once
/// A token behind a PKCS#11 module, through p11-kit.

#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// `uri`: RFC 7512; its module-path names one module, otherwise those that p11-kit is configured with are asked. Empty: the only token
/// there is. pin-value and pin-source are refused: secrets don't stand in arguments. With a PIN it logs in at once,
/// but not into another token than that of `handle`, if there is one.
/// bad_location, module_unusable, no_device, no_token, several_tokens, damaged_handle, other_device and those of the PIN.
[[nodiscard]] Result<std::unique_ptr<Hsm>, HsmError> open_pkcs11(const std::string& uri, SecretBuffer pin,
                                                                 ByteView handle);

}  // namespace chat
