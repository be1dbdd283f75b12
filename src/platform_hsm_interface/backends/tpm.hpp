#pragma once
/// The TPM 2.0 of this machine, through the TPM2 Software Stack (tpm2-tss ESAPI).

#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// `tcti`: "device:PATH", "swtpm:...", "mssim:..." or "tabrmd:..."; empty: device:/dev/tpmrm0. Reads no environment variable for the
/// choice. no_device, bad_location.
[[nodiscard]] Result<std::unique_ptr<Hsm>, HsmError> open_tpm(const std::string& tcti, SecretBuffer pin);

}  // namespace chat
