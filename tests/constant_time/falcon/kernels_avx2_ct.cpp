#include "constant_time/falcon/memcheck_tag.hpp"
#include "quantcrypt/falcon1024/arch_avx2.hpp"
#include "quantcrypt/falcon1024/ff_sampling.hpp"

namespace chat::falcon1024 {

const SigningKernels& avx2_signing_kernels() { return kernels::signing_kernels_of<Avx2Arch<MemcheckTag>>; }

}  // namespace chat::falcon1024
