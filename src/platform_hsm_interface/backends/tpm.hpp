#pragma once
/// The TPM 2.0 of this machine, through the TPM2 Software Stack (tpm2-tss ESAPI).

#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// `tcti`: "device:PATH" or "swtpm:path=PATH"; empty: device:/dev/tpmrm0. no_device, busy, bad_location, or what the TPM says.
[[nodiscard]] Result<std::unique_ptr<Hsm>, HsmError> open_tpm(const std::string& tcti, SecretBuffer pin);

}  // namespace chat
