#include <cassert>

#include "quantcrypt/falcon1024/keygen_kernels.hpp"

namespace chat::falcon1024 {

const KeygenKernels& keygen_kernels(Implementation implementation) {
    assert(is_available(implementation));
    return implementation == Implementation::avx2 ? avx2_keygen_kernels() : portable_keygen_kernels();
}

}  // namespace chat::falcon1024
