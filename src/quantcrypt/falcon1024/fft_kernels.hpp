#pragma once
/// The transform and the arithmetic of fft.hpp as templates over the vector type, so that one text serves
/// every instruction set and all of them round alike. Sizes are template arguments; conventions and layout
/// are those of fft.hpp.

#include <span>

#include "quantcrypt/falcon1024/fft_roots.hpp"
#include "quantcrypt/falcon1024/params.hpp"

namespace chat::falcon1024::kernels {

template <std::size_t N>
using Poly = std::span<double, N>;
template <std::size_t N>
using ConstPoly = std::span<const double, N>;

template <class V>
struct Complex {
    V re;
    V im;

    static Complex load(const double* re, const double* im) { return {V::load(re), V::load(im)}; }
    void store(double* to_re, double* to_im) const {
        re.store(to_re);
        im.store(to_im);
    }
    friend Complex operator+(Complex a, Complex b) { return {a.re + b.re, a.im + b.im}; }
    friend Complex operator-(Complex a, Complex b) { return {a.re - b.re, a.im - b.im}; }
    friend Complex operator*(Complex a, Complex b) {
        return {a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re};
    }
    friend Complex operator*(Complex a, V b) { return {a.re * b, a.im * b}; }
    /// a * conjugate(b)
    static Complex multiply_conjugate(Complex a, Complex b) {
        return {a.re * b.re + a.im * b.im, a.im * b.re - a.re * b.im};
    }
    [[nodiscard]] V squared_magnitude() const { return re * re + im * im; }
};

/// Calls body(V{}, k) for k = 0, width, 2 width, ... < Count, with the widest vector that Count is a multiple
/// of.
template <class Arch, std::size_t Count, class Body>
inline void for_each_lane(Body body) {
    if constexpr (Count % Arch::Vec::width == 0) {
        for (std::size_t k = 0; k < Count; k += Arch::Vec::width) body(typename Arch::Vec{}, k);
    } else if constexpr (Count % Arch::HalfVec::width == 0) {
        for (std::size_t k = 0; k < Count; k += Arch::HalfVec::width) body(typename Arch::HalfVec{}, k);
    } else {
        for (std::size_t k = 0; k < Count; ++k) body(typename Arch::Scalar{}, k);
    }
}

/// Value k of a transformed polynomial of size N.
template <class V, std::size_t N>
inline Complex<V> value(ConstPoly<N> f, std::size_t k) {
    return Complex<V>::load(f.data() + k, f.data() + N / 2 + k);
}
template <class V, std::size_t N>
inline void set_value(Poly<N> f, std::size_t k, Complex<V> x) {
    x.store(f.data() + k, f.data() + N / 2 + k);
}
/// w_N[k], k < N/4.
template <class V, std::size_t N>
inline Complex<V> root(std::size_t k) {
    return Complex<V>::load(fft_roots.data() + N / 2 + k, fft_roots.data() + N / 2 + N / 4 + k);
}

/// The two halves of the pair (f(w), f(-w)): even(w^2) and odd(w^2), w = w_N[k].
template <class V, std::size_t N>
struct Pair {
    Complex<V> first;
    Complex<V> second;

    static Pair merged(Complex<V> even, Complex<V> odd, std::size_t k) {
        const Complex<V> turned = odd * root<V, N>(k);
        return {even + turned, even - turned};
    }
    [[nodiscard]] Complex<V> even() const { return (first + second) * V::broadcast(0.5); }
    [[nodiscard]] Complex<V> odd(std::size_t k) const {
        return Complex<V>::multiply_conjugate((first - second) * V::broadcast(0.5), root<V, N>(k));
    }
};

template <class Arch, std::size_t N>
inline void split(Poly<N / 2> even, Poly<N / 2> odd, ConstPoly<N> f) {
    static_assert(N >= 4);
    for_each_lane<Arch, N / 4>([&](auto v, std::size_t k) {
        using V = decltype(v);
        const Pair<V, N> pair{value<V, N>(f, k), value<V, N>(f, k + N / 4)};
        set_value<V, N / 2>(even, k, pair.even());
        set_value<V, N / 2>(odd, k, pair.odd(k));
    });
}

template <class Arch, std::size_t N>
inline void merge(Poly<N> f, ConstPoly<N / 2> even, ConstPoly<N / 2> odd) {
    static_assert(N >= 4);
    for_each_lane<Arch, N / 4>([&](auto v, std::size_t k) {
        using V = decltype(v);
        const auto pair = Pair<V, N>::merged(value<V, N / 2>(even, k), value<V, N / 2>(odd, k), k);
        set_value<V, N>(f, k, pair.first);
        set_value<V, N>(f, k + N / 4, pair.second);
    });
}

/// Coefficient index j and its partner of the permutation that puts the coefficients of one half in
/// bit-reversed order.
template <std::size_t Half, class Swap>
inline void for_each_reversed_pair(Swap swap) {
    std::size_t reversed = 0;
    for (std::size_t j = 0; j < Half; ++j) {
        if (j < reversed) swap(j, reversed);
        std::size_t bit = Half >> 1U;
        while (bit != 0 && (reversed & bit) != 0) {
            reversed ^= bit;
            bit >>= 1U;
        }
        reversed |= bit;
    }
}

template <std::size_t N>
inline void reverse_bits(Poly<N> f) {
    for_each_reversed_pair<N / 2>([&](std::size_t a, std::size_t b) {
        std::swap(f[a], f[b]);
        std::swap(f[a + N / 2], f[b + N / 2]);
    });
}

/// One level of the transform on polynomials of size M, which lie side by side with their real parts in one
/// half of the array and their imaginary parts in the other: each pair of polynomials of size M/2 is merged
/// in place.
template <class Arch, std::size_t N, std::size_t M>
inline void merge_level(Poly<N> f) {
    double* const re = f.data();
    double* const im = f.data() + N / 2;
    for (std::size_t start = 0; start < N / 2; start += M / 2) {
        for_each_lane<Arch, M / 4>([&](auto v, std::size_t k) {
            using V = decltype(v);
            const std::size_t a = start + k;
            const std::size_t b = a + M / 4;
            const auto pair =
                Pair<V, M>::merged(Complex<V>::load(re + a, im + a), Complex<V>::load(re + b, im + b), k);
            pair.first.store(re + a, im + a);
            pair.second.store(re + b, im + b);
        });
    }
}

template <class Arch, std::size_t N, std::size_t M>
inline void split_level(Poly<N> f) {
    double* const re = f.data();
    double* const im = f.data() + N / 2;
    for (std::size_t start = 0; start < N / 2; start += M / 2) {
        for_each_lane<Arch, M / 4>([&](auto v, std::size_t k) {
            using V = decltype(v);
            const std::size_t a = start + k;
            const std::size_t b = a + M / 4;
            const Pair<V, M> pair{Complex<V>::load(re + a, im + a), Complex<V>::load(re + b, im + b)};
            pair.even().store(re + a, im + a);
            pair.odd(k).store(re + b, im + b);
        });
    }
}

/// Merges up from size M/2 to size N. The coefficients at start are polynomials of size 2: c[j] + c[j + N/2]
/// i.
template <class Arch, std::size_t N, std::size_t M = 4>
inline void merge_levels(Poly<N> f) {
    if constexpr (M <= N) {
        merge_level<Arch, N, M>(f);
        merge_levels<Arch, N, M * 2>(f);
    }
}

template <class Arch, std::size_t N, std::size_t M = N>
inline void split_levels(Poly<N> f) {
    if constexpr (M >= 4) {
        split_level<Arch, N, M>(f);
        split_levels<Arch, N, M / 2>(f);
    }
}

template <class Arch, std::size_t N>
inline void fft(Poly<N> f) {
    reverse_bits<N>(f);
    merge_levels<Arch, N>(f);
}

template <class Arch, std::size_t N>
inline void inverse_fft(Poly<N> f) {
    split_levels<Arch, N>(f);
    reverse_bits<N>(f);
}

}  // namespace chat::falcon1024::kernels
