#include "platform_hsm_interface/backends/pkcs11.hpp"
#include "platform_hsm_interface/backends/tpm.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

Result<std::unique_ptr<Hsm>, HsmError> open_hsm(const HsmLocation& location, SecretBuffer pin,
                                                ByteView handle) {
    switch (location.kind) {
        case HsmKind::tpm: return open_tpm(location.place, std::move(pin));
        case HsmKind::pkcs11: return open_pkcs11(location.place, std::move(pin), handle);
        case HsmKind::cng: break;
    }
    return fail(HsmError::not_supported);
}

}  // namespace chat
