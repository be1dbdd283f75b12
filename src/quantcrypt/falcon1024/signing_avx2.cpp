#include "quantcrypt/falcon1024/arch_avx2.hpp"
#include "quantcrypt/falcon1024/ff_sampling.hpp"

namespace chat::falcon1024 {
namespace {

struct Product {
    static u32 declassify(u32 value) { return value; }
};

}  // namespace

const SigningKernels& avx2_signing_kernels() { return kernels::signing_kernels_of<Avx2Arch<Product>>; }

}  // namespace chat::falcon1024
