#pragma once
/// The way to a TPM as the TCTI that ESAPI drives (TSS 2.0 TCTI specification): a device file, or the UNIX socket of a swtpm. The
/// project's own, since those of the stack block in read() whatever timeout they are given.

#include <tss2/tss2_tcti.h>

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

struct TpmTransport;
struct CloseTpmTransport {
    void operator()(TpmTransport* transport) const noexcept;
};
using TpmTransportPtr = std::unique_ptr<TpmTransport, CloseTpmTransport>;

/// "device:PATH" or "swtpm:path=PATH". bad_location, no_device, or busy when another program has the device for itself.
[[nodiscard]] Result<TpmTransportPtr, HsmError> open_tpm_transport(std::string_view tcti);
[[nodiscard]] TSS2_TCTI_CONTEXT* tcti_of(TpmTransport& transport);

}  // namespace chat
