#include "quantcrypt/falcon1024/implementation.hpp"

#include <cassert>

#include "quantcrypt/falcon1024/signing_kernels.hpp"
#include "quantcrypt/falcon1024/verification_kernels.hpp"

namespace chat::falcon1024 {

bool is_available(Implementation implementation) {
    const bool has_avx2 = __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("fma") != 0;
    return implementation == Implementation::portable || has_avx2;
}

Implementation best_implementation() {
    return is_available(Implementation::avx2) ? Implementation::avx2 : Implementation::portable;
}

const SigningKernels& signing_kernels(Implementation implementation) {
    assert(is_available(implementation));
    return implementation == Implementation::avx2 ? avx2_signing_kernels() : portable_signing_kernels();
}

const VerificationKernels& verification_kernels(Implementation implementation) {
    assert(is_available(implementation));
    return implementation == Implementation::avx2 ? avx2_verification_kernels()
                                                  : portable_verification_kernels();
}

}  // namespace chat::falcon1024
