#include <cassert>

#include "quantcrypt/falcon1024/keygen_kernels.hpp"

namespace chat::falcon1024 {

const KeygenKernels& keygen_kernels([[maybe_unused]] Implementation implementation) {
    assert(is_available(implementation));
    return portable_keygen_kernels();
}

}  // namespace chat::falcon1024
