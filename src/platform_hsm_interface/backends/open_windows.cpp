#include "platform_hsm_interface/backends/tpm_cng.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

Result<std::unique_ptr<Hsm>, HsmError> open_hsm(const HsmLocation& location, SecretBuffer pin,
                                                ByteView /*handle*/) {
    if (location.kind != HsmKind::cng) return fail(HsmError::not_supported);
    return open_cng(std::move(pin));
}

}  // namespace chat
