#include "quantcrypt/falcon1024/fft.hpp"

#include <cassert>

#include "quantcrypt/falcon1024/fft_kernels.hpp"
#include "quantcrypt/falcon1024/vec_portable.hpp"

namespace chat::falcon1024 {
namespace {

struct Portable {
    using Vec = ScalarVec<PortableTag>;
    using HalfVec = Vec;
    using Scalar = Vec;
};

/// Calls body<N>() for the N that is `size`.
template <std::size_t N = n, class Body>
void with_size(std::size_t size, Body body) {
    if (size == N) return body.template operator()<N>();
    if constexpr (N > 2) {
        with_size<N / 2>(size, body);
    } else {
        assert(false && "the size of a polynomial is a power of two from 2 to 1024");
    }
}

struct Value {
    double re;
    double im;
};

template <class Operation>
void for_each_value(MutableRealView a, RealView b, Operation operation) {
    assert(a.size() == b.size());
    const std::size_t half = a.size() / 2;
    for (std::size_t k = 0; k < half; ++k) {
        const Value out = operation(Value{a[k], a[k + half]}, Value{b[k], b[k + half]});
        a[k] = out.re;
        a[k + half] = out.im;
    }
}

}  // namespace

void fft(MutableRealView f) {
    with_size(f.size(), [&]<std::size_t N>() { kernels::fft<Portable, N>(f.first<N>()); });
}

void inverse_fft(MutableRealView f) {
    with_size(f.size(), [&]<std::size_t N>() { kernels::inverse_fft<Portable, N>(f.first<N>()); });
}

void split(MutableRealView even, MutableRealView odd, RealView f) {
    assert(even.size() == f.size() / 2 && odd.size() == f.size() / 2 && f.size() >= 4);
    with_size(f.size(), [&]<std::size_t N>() {
        if constexpr (N >= 4)
            kernels::split<Portable, N>(even.first<N / 2>(), odd.first<N / 2>(), f.first<N>());
    });
}

void merge(MutableRealView f, RealView even, RealView odd) {
    assert(even.size() == f.size() / 2 && odd.size() == f.size() / 2 && f.size() >= 4);
    with_size(f.size(), [&]<std::size_t N>() {
        if constexpr (N >= 4)
            kernels::merge<Portable, N>(f.first<N>(), even.first<N / 2>(), odd.first<N / 2>());
    });
}

void add(MutableRealView a, RealView b) {
    assert(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) a[i] += b[i];
}

void subtract(MutableRealView a, RealView b) {
    assert(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) a[i] -= b[i];
}

void scale(MutableRealView a, double factor) {
    for (double& value : a) value *= factor;
}

void multiply(MutableRealView a, RealView b) {
    for_each_value(a, b, [](Value x, Value y) {
        return Value{x.re * y.re - x.im * y.im, x.re * y.im + x.im * y.re};
    });
}

void multiply_adjoint(MutableRealView a, RealView b) {
    for_each_value(a, b, [](Value x, Value y) {
        return Value{x.re * y.re + x.im * y.im, x.im * y.re - x.re * y.im};
    });
}

void divide(MutableRealView a, RealView b) {
    for_each_value(a, b, [](Value x, Value y) {
        const double inverse = 1.0 / (y.re * y.re + y.im * y.im);
        return Value{(x.re * y.re + x.im * y.im) * inverse, (x.im * y.re - x.re * y.im) * inverse};
    });
}

void adjoint(MutableRealView a) {
    for (double& value : a.subspan(a.size() / 2)) value = -value;
}

void inverse_norm(MutableRealView out, RealView a, RealView b) {
    const std::size_t half = a.size() / 2;
    assert(b.size() == a.size() && out.size() == half);
    for (std::size_t k = 0; k < half; ++k) {
        const double norm = a[k] * a[k] + a[k + half] * a[k + half] + b[k] * b[k] + b[k + half] * b[k + half];
        out[k] = 1.0 / norm;
    }
}

void multiply_self_adjoint(MutableRealView a, RealView b) {
    const std::size_t half = a.size() / 2;
    assert(b.size() == half);
    for (std::size_t k = 0; k < half; ++k) {
        a[k] *= b[k];
        a[k + half] *= b[k];
    }
}

}  // namespace chat::falcon1024
