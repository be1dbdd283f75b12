#include "quantcrypt/falcon1024/implementation.hpp"

#include <cassert>

#include "quantcrypt/falcon1024/signing_kernels.hpp"
#include "quantcrypt/falcon1024/verification_kernels.hpp"

namespace chat::falcon1024 {

bool is_available(Implementation implementation) { return implementation == Implementation::portable; }

Implementation best_implementation() { return Implementation::portable; }

const SigningKernels& signing_kernels([[maybe_unused]] Implementation implementation) {
    assert(is_available(implementation));
    return portable_signing_kernels();
}

const VerificationKernels& verification_kernels([[maybe_unused]] Implementation implementation) {
    assert(is_available(implementation));
    return portable_verification_kernels();
}

}  // namespace chat::falcon1024
