#include "quantcrypt/falcon1024/fft.hpp"
#include "quantcrypt/falcon1024/gaussian.hpp"
#include "quantcrypt/falcon1024/keygen_kernels.hpp"
#include "quantcrypt/falcon1024/ntt.hpp"
#include "quantcrypt/falcon1024/ntt31.hpp"

namespace chat::falcon1024 {
namespace {

/// Four neighbours, with the sums in registers.
void add_products_of_four(i64* out, const ProductSum& sum) {
    i64 total_0 = out[0];
    i64 total_1 = out[1];
    i64 total_2 = out[2];
    i64 total_3 = out[3];
    for (std::size_t a = 0; a < sum.outer; ++a) {
        const i64* x = sum.x + static_cast<std::ptrdiff_t>(a) * sum.x_outer;
        const i64* y = sum.y + static_cast<std::ptrdiff_t>(a) * sum.y_outer;
        for (std::size_t b = 0; b < sum.inner; ++b, x += sum.x_inner, y += sum.y_inner) {
            total_0 += *x * y[0];
            total_1 += *x * y[1];
            total_2 += *x * y[2];
            total_3 += *x * y[3];
        }
    }
    out[0] = total_0;
    out[1] = total_1;
    out[2] = total_2;
    out[3] = total_3;
}

void add_products(i64* out, std::size_t width, const ProductSum& sum) {
    ProductSum part = sum;
    for (std::size_t v = 0; v < width; v += 4) {
        add_products_of_four(out + v, part);
        part.y += 4;
    }
}

constexpr KeygenKernels table{add_products, ntt31,       inverse_ntt31, gaussian_coefficients,
                              fft,          inverse_fft, divide_values};

}  // namespace

const KeygenKernels& portable_keygen_kernels() { return table; }

}  // namespace chat::falcon1024
