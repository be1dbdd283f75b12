#include "platform_hsm_interface/hsm.hpp"

namespace chat {

Result<std::unique_ptr<Hsm>, HsmError> open_hsm(const HsmLocation& location, SecretBuffer pin) {
    (void)location;
    (void)pin;
    return fail(HsmError::not_supported);
}

}  // namespace chat
