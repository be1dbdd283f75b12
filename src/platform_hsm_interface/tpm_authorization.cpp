#include "platform_hsm_interface/tpm_authorization.hpp"

#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat {

void derive_tpm_authorization(ByteView pin, MutableByteView out) {
    hkdf_sha512({}, pin, info::tpm_authorization, out);
    out.back() |= 1U;
}

}  // namespace chat
