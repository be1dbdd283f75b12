#pragma once
/// Fast Fourier sampling and what stands round it (specification, 3.9.1, 3.9.2): templates over the
/// instruction set.

#include <memory>

#include "quantcrypt/falcon1024/ldl.hpp"
#include "quantcrypt/falcon1024/sampler.hpp"
#include "quantcrypt/falcon1024/signing_kernels.hpp"

namespace chat::falcon1024::kernels {

/// Doubles of scratch space for ff_sampling of size N.
template <template <class, std::size_t> class Node, class Arch, std::size_t N>
inline constexpr std::size_t sampling_scratch =
    N + Node<Arch, N>::scratch_size + sampling_scratch<Node, Arch, N / 2>;
template <template <class, std::size_t> class Node, class Arch>
inline constexpr std::size_t sampling_scratch<Node, Arch, 2> = 0;

/// The bottom of the recursion: (t0, t1) of size 2, whose two parts are coefficients.
template <class Arch, class Node>
inline void sample_pair(typename Arch::Sampler& sampler, double* t0, double* t1, const Node& node) {
    using V = typename Arch::Scalar;
    const double right = node.right_leaf();
    const double z1_re = static_cast<double>(sampler.sample(t1[0], right));
    const double z1_im = static_cast<double>(sampler.sample(t1[1], right));
    const Complex<V> moved = Complex<V>{{t1[0] - z1_re}, {t1[1] - z1_im}} * node.template l10<V>(0);
    t1[0] = z1_re;
    t1[1] = z1_im;
    const double left = node.left_leaf();
    const double x_re = t0[0] + moved.re.v;
    const double x_im = t0[1] + moved.im.v;
    t0[0] = static_cast<double>(sampler.sample(x_re, left));
    t0[1] = static_cast<double>(sampler.sample(x_im, left));
}

/// Replaces the target (t0, t1) by a lattice point (z0, z1) near it, all in values: first z1 by the right
/// subtree, then z0 around t0 + (t1 - z1) l10 by the left one.
template <class Arch, std::size_t N, template <class, std::size_t> class Node>
inline void ff_sampling(typename Arch::Sampler& sampler, double* t0, double* t1, const Node<Arch, N>& node,
                        double* scratch) {
    if constexpr (N == 2) {
        sample_pair<Arch>(sampler, t0, t1, node);
    } else {
        double* const even = scratch;
        double* const odd = scratch + N / 2;
        double* const node_scratch = scratch + N;
        double* const rest = node_scratch + node.scratch_size;
        split<Arch, N>(Poly<N / 2>{even, N / 2}, Poly<N / 2>{odd, N / 2}, ConstPoly<N>{t1, N});
        ff_sampling<Arch, N / 2, Node>(sampler, even, odd, node.right(node_scratch), rest);

        for_each_lane<Arch, N / 4>([&](auto v, std::size_t k) {
            using V = decltype(v);
            const std::size_t j = k + N / 4;
            const auto load = [](const double* f, std::size_t i) {
                return Complex<V>::load(f + i, f + N / 2 + i);
            };
            const auto z1 = Pair<V, N>::merged(Complex<V>::load(even + k, even + N / 4 + k),
                                               Complex<V>::load(odd + k, odd + N / 4 + k), k);
            const Pair<V, N> target{load(t0, k) + (load(t1, k) - z1.first) * node.template l10<V>(k),
                                    load(t0, j) + (load(t1, j) - z1.second) * node.template l10<V>(j)};
            z1.first.store(t1 + k, t1 + N / 2 + k);
            z1.second.store(t1 + j, t1 + N / 2 + j);
            target.even().store(even + k, even + N / 4 + k);
            target.odd(k).store(odd + k, odd + N / 4 + k);
        });

        ff_sampling<Arch, N / 2, Node>(sampler, even, odd, node.left(node_scratch), rest);
        merge<Arch, N>(Poly<N>{t0, N}, ConstPoly<N / 2>{even, N / 2}, ConstPoly<N / 2>{odd, N / 2});
    }
}

/// Values of (c, 0) B^-1: t0 = c b11 / q, t1 = -c b01 / q.
template <class Arch>
inline void set_target(double* t0, double* t1, RingView c, const BasisValues& basis) {
    for (std::size_t i = 0; i < n; ++i) t0[i] = static_cast<double>(c[i]);
    fft<Arch, n>(Poly<n>{t0, n});
    for_each_lane<Arch, n / 2>([&](auto v, std::size_t k) {
        using V = decltype(v);
        constexpr double inverse_q = 1.0 / static_cast<double>(q);
        const auto values = Complex<V>::load(t0 + k, t0 + n / 2 + k);
        const auto b11 = Complex<V>::load(basis.b11 + k, basis.b11 + n / 2 + k);
        const auto b01 = Complex<V>::load(basis.b01 + k, basis.b01 + n / 2 + k);
        (values * b11 * V::broadcast(inverse_q)).store(t0 + k, t0 + n / 2 + k);
        (values * b01 * V::broadcast(-inverse_q)).store(t1 + k, t1 + n / 2 + k);
    });
}

/// Nearest integer of |x| < 2^51 as a double, without branches.
template <class V>
inline V rounded(V x) {
    const V shift = V::broadcast(6755399441055744.0);  // 1.5 * 2^52: the unit in the last place is 1 there
    return (x + shift) - shift;
}

/// From (z0, z1) in values to (s1, s2) = (c, 0) - z B in coefficients. Writes s2; whether |s1|^2 + |s2|^2 is
/// within the bound. The squares are summed as doubles: exact wherever it matters, and never wrapping.
template <class Arch>
inline bool finish(MutableSignatureView s2, double* t0, double* t1, RingView c, const BasisValues& basis) {
    for_each_lane<Arch, n / 2>([&](auto v, std::size_t k) {
        using V = decltype(v);
        const auto load = [k](const double* f) { return Complex<V>::load(f + k, f + n / 2 + k); };
        const auto z0 = load(t0);
        const auto z1 = load(t1);
        (z0 * load(basis.b00) + z1 * load(basis.b10)).store(t0 + k, t0 + n / 2 + k);
        (z0 * load(basis.b01) + z1 * load(basis.b11)).store(t1 + k, t1 + n / 2 + k);
    });
    inverse_fft<Arch, n>(Poly<n>{t0, n});
    inverse_fft<Arch, n>(Poly<n>{t1, n});
    double norm = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
        const double s1 = static_cast<double>(c[i]) - rounded(typename Arch::Scalar{t0[i]}).v;
        const double second = -rounded(typename Arch::Scalar{t1[i]}).v;
        norm += s1 * s1 + second * second;
        s2[i] = static_cast<i16>(static_cast<i32>(second));
    }
    // Public: a rejected try is thrown away with its randomness; that it happened says no more than that it
    // was too long.
    return Arch::declassify(norm <= static_cast<double>(max_squared_norm) ? 1 : 0) != 0;
}

template <class Arch>
inline void to_values(double* out, PrivateBasis::Polynomial polynomial, double sign) {
    for (std::size_t i = 0; i < n; ++i) out[i] = sign * static_cast<double>(polynomial[i]);
    fft<Arch, n>(Poly<n>{out, n});
}

template <class Arch>
inline BasisValues basis_values(double* out, const PrivateBasis& basis) {
    to_values<Arch>(out, basis.g(), 1.0);
    to_values<Arch>(out + n, basis.f(), -1.0);
    to_values<Arch>(out + 2 * n, basis.capital_g(), 1.0);
    to_values<Arch>(out + 3 * n, basis.capital_f(), -1.0);
    return {out, out + n, out + 2 * n, out + 3 * n};
}

template <class Arch>
void expand(std::span<double, expanded_size> out, const PrivateBasis& basis, ScratchView scratch) {
    static_assert(4 * n <= scratch_size);
    const BasisValues values = basis_values<Arch>(out.data(), basis);
    const ComputedNode<Arch, n> root = gram_matrix<Arch>(scratch.data(), values);
    build_tree<Arch, n>(out.data() + 4 * n, root, scratch.data() + 2 * n);
}

/// The sampler lives in guarded memory, too: its stream decides the signature.
template <class Arch>
inline typename Arch::Sampler& seeded_sampler(double* place, StreamSeed seed) {
    using Sampler = typename Arch::Sampler;
    static_assert(sizeof(Sampler) <= n / 2 * sizeof(double) && std::is_trivially_destructible_v<Sampler>);
    Sampler& sampler = *std::construct_at(reinterpret_cast<Sampler*>(place));
    sampler.seed(seed);
    return sampler;
}

template <class Arch>
bool try_sign(MutableSignatureView s2, ExpandedView key, RingView c, StreamSeed seed, ScratchView scratch) {
    const BasisValues basis{key.data(), key.data() + n, key.data() + 2 * n, key.data() + 3 * n};
    double* const t0 = scratch.data();
    double* const t1 = t0 + n;
    double* const rest = t1 + n + n / 2;
    static_assert(sampling_scratch<StoredNode, Arch, n> + 5 * n / 2 <= scratch_size);
    typename Arch::Sampler& sampler = seeded_sampler<Arch>(t1 + n, seed);
    set_target<Arch>(t0, t1, c, basis);
    ff_sampling<Arch, n, StoredNode>(sampler, t0, t1, StoredNode<Arch, n>{key.data() + 4 * n}, rest);
    return finish<Arch>(s2, t0, t1, c, basis);
}

template <class Arch>
bool try_sign_dynamic(MutableSignatureView s2, const PrivateBasis& key, RingView c, StreamSeed seed,
                      DynamicScratchView scratch) {
    double* const t0 = scratch.data();
    double* const t1 = t0 + n;
    double* const gram = t1 + n + n / 2;
    double* const values = gram + 2 * n;
    double* const rest = values + 4 * n;
    static_assert(sampling_scratch<ComputedNode, Arch, n> + 17 * n / 2 <= dynamic_scratch_size);
    typename Arch::Sampler& sampler = seeded_sampler<Arch>(t1 + n, seed);
    const BasisValues basis = basis_values<Arch>(values, key);
    const ComputedNode<Arch, n> root = gram_matrix<Arch>(gram, basis);
    set_target<Arch>(t0, t1, c, basis);
    ff_sampling<Arch, n, ComputedNode>(sampler, t0, t1, root, rest);
    return finish<Arch>(s2, t0, t1, c, basis);
}

template <class Arch>
void sample_integers(std::span<i64> out, double mu, double inverse_deviation, StreamSeed seed) {
    typename Arch::Sampler sampler;
    sampler.seed(seed);
    for (i64& value : out) value = sampler.sample(mu, inverse_deviation);
}

template <class Arch>
inline constexpr SigningKernels signing_kernels_of{expand<Arch>, try_sign<Arch>, try_sign_dynamic<Arch>,
                                                   sample_integers<Arch>};

}  // namespace chat::falcon1024::kernels
