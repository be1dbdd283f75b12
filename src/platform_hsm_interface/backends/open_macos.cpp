#include "platform_hsm_interface/backends/pkcs11.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

Result<std::unique_ptr<Hsm>, HsmError> open_hsm(const HsmLocation& location, SecretBuffer pin,
                                                ByteView handle) {
    if (location.kind != HsmKind::pkcs11) return fail(HsmError::not_supported);
    return open_pkcs11(location.place, std::move(pin), handle);
}

}  // namespace chat
