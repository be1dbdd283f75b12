#include "quantcrypt/falcon1024/keygen_kernels.hpp"

#include "quantcrypt/falcon1024/gaussian.hpp"
#include "quantcrypt/falcon1024/ntt31.hpp"

namespace chat::falcon1024 {
namespace {

/// Portable sums of four neighbours, which a compiler keeps in registers.
void add_products_of_four(i64* out, const ProductSum& sum) {
    i64 total[4] = {out[0], out[1], out[2], out[3]};
    for (std::size_t a = 0; a < sum.outer; ++a) {
        const i64* x = sum.x + static_cast<std::ptrdiff_t>(a) * sum.x_outer;
        const i64* y = sum.y + static_cast<std::ptrdiff_t>(a) * sum.y_outer;
        for (std::size_t b = 0; b < sum.inner; ++b, x += sum.x_inner, y += sum.y_inner) {
            for (std::size_t v = 0; v < 4; ++v) total[v] += *x * y[v];
        }
    }
    for (std::size_t v = 0; v < 4; ++v) out[v] = total[v];
}

void add_products(i64* out, std::size_t width, const ProductSum& sum) {
    ProductSum part = sum;
    for (std::size_t v = 0; v < width; v += 4) {
        add_products_of_four(out + v, part);
        part.y += 4;
    }
}

constexpr KeygenKernels portable_kernels{add_products, ntt31, inverse_ntt31, gaussian_coefficients};

}  // namespace

const KeygenKernels& keygen_kernels(Implementation) { return portable_kernels; }

}  // namespace chat::falcon1024
