#include "constant_time/falcon/memcheck_tag.hpp"
#include "quantcrypt/falcon1024/arch_portable.hpp"
#include "quantcrypt/falcon1024/ff_sampling.hpp"

namespace chat::falcon1024 {

const SigningKernels& portable_signing_kernels() {
    return kernels::signing_kernels_of<PortableArch<MemcheckTag>>;
}

}  // namespace chat::falcon1024
