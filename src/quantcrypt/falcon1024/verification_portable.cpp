#include "quantcrypt/falcon1024/verification_kernels.hpp"

namespace chat::falcon1024 {
namespace {

void prepare(MutableRingView h) { ntt(h); }

u64 squared_norm(RingView prepared_h, RingView c, std::span<const i16, n> s2) {
    RingElement product;
    for (std::size_t i = 0; i < n; ++i) product[i] = static_cast<u16>(s2[i] + (s2[i] < 0 ? i32{q} : 0));
    ntt(product);
    multiply_values(product, prepared_h);
    inverse_ntt(product);

    u64 norm = 0;
    for (std::size_t i = 0; i < n; ++i) {
        i32 s1 = i32{c[i]} - i32{product[i]};
        s1 += s1 < 0 ? i32{q} : 0;
        s1 -= s1 > i32{q / 2} ? i32{q} : 0;
        norm += static_cast<u64>(s1 * s1) + static_cast<u64>(i32{s2[i]} * s2[i]);
    }
    return norm;
}

constexpr VerificationKernels kernels_of_this{prepare, squared_norm};

}  // namespace

const VerificationKernels& portable_verification_kernels() { return kernels_of_this; }

}  // namespace chat::falcon1024
