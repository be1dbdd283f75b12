#pragma once
/// The LDL* decomposition of the Gram matrix of the secret basis, down the tower of rings (specification,
/// 3.8.3; ffLDL).
///
/// A node of size N stands for a 2 x 2 Gram matrix over R[x]/(x^N + 1), [[g00, g01], [adj(g01), g11]], in
/// values. L has l10 = adj(g01) / g00, D has d00 = g00 and d11 = g11 - |g01|^2 / g00. Both are self-adjoint,
/// so only N/2 real parts of each are kept; split in even and odd halves they give the children [[even, odd],
/// [adj(odd), even]]. At the end of each path stands one number d: SamplerZ's deviation there is sigma /
/// sqrt(d).
///
/// A tree of size N is l10 (N doubles) | left tree (of d00) | right tree (of d11), and of size 2: l10 | left
/// leaf | right leaf. Leaves hold sqrt(d) / sigma.

#include <cmath>

#include "quantcrypt/falcon1024/fft_kernels.hpp"

namespace chat::falcon1024::kernels {

/// Doubles of a tree of size N.
template <std::size_t N>
inline constexpr std::size_t tree_size = N + 2 * tree_size<N / 2>;
template <>
inline constexpr std::size_t tree_size<1> = 1;

inline double leaf_value(double d) { return std::sqrt(d) * inverse_sigma; }

/// A node of a stored tree.
template <class Arch, std::size_t N>
class StoredNode {
  public:
    explicit StoredNode(const double* tree) : tree_{tree} {}

    template <class V>
    [[nodiscard]] Complex<V> l10(std::size_t k) const {
        return Complex<V>::load(tree_ + k, tree_ + N / 2 + k);
    }
    [[nodiscard]] StoredNode<Arch, N / 2> left(double* /*scratch*/) const {
        return StoredNode<Arch, N / 2>{tree_ + N};
    }
    [[nodiscard]] StoredNode<Arch, N / 2> right(double* /*scratch*/) const {
        return StoredNode<Arch, N / 2>{tree_ + N + tree_size<N / 2>};
    }
    [[nodiscard]] double left_leaf() const { return tree_[N]; }
    [[nodiscard]] double right_leaf() const { return tree_[N + 1]; }

    /// Doubles of scratch space that left() and right() need.
    static constexpr std::size_t scratch_size = 0;

  private:
    const double* tree_;
};

/// A node computed on the way from its Gram matrix.
template <class Arch, std::size_t N>
class ComputedNode {
  public:
    /// g00, g11: N/2 real parts; g01: N values. g11 may be g00.
    ComputedNode(const double* g00, const double* g01, const double* g11) : g00_{g00}, g01_{g01}, g11_{g11} {}

    template <class V>
    [[nodiscard]] Complex<V> l10(std::size_t k) const {
        const V inverse = V::broadcast(1.0) / V::load(g00_ + k);
        const Complex<V> conjugate{V::load(g01_ + k), V::broadcast(0.0) - V::load(g01_ + N / 2 + k)};
        return conjugate * inverse;
    }
    [[nodiscard]] ComputedNode<Arch, N / 2> left(double* scratch) const {
        return child(scratch, [&](auto v, std::size_t k) { return decltype(v)::load(g00_ + k); });
    }
    [[nodiscard]] ComputedNode<Arch, N / 2> right(double* scratch) const {
        return child(scratch, [&](auto v, std::size_t k) { return d11<decltype(v)>(k); });
    }
    [[nodiscard]] double left_leaf() const { return leaf_value(g00_[0]); }
    [[nodiscard]] double right_leaf() const { return leaf_value(d11<typename Arch::Scalar>(0).v); }

    static constexpr std::size_t scratch_size = N / 4 + N / 2;

  private:
    template <class V>
    [[nodiscard]] V d11(std::size_t k) const {
        const Complex<V> g01 = Complex<V>::load(g01_ + k, g01_ + N / 2 + k);
        return V::load(g11_ + k) - g01.squared_magnitude() * (V::broadcast(1.0) / V::load(g00_ + k));
    }

    /// Splits a self-adjoint d, given by its real parts.
    template <class D>
    [[nodiscard]] static ComputedNode<Arch, N / 2> child(double* scratch, D d) {
        double* const even = scratch;
        double* const odd = scratch + N / 4;
        for_each_lane<Arch, N / 4>([&](auto v, std::size_t k) {
            using V = decltype(v);
            const V half = V::broadcast(0.5);
            const V a = d(v, k);
            const V b = d(v, k + N / 4);
            ((a + b) * half).store(even + k);
            const V difference = (a - b) * half;
            const Complex<V> w = root<V, N>(k);
            Complex<V>{difference * w.re, V::broadcast(0.0) - difference * w.im}.store(odd + k,
                                                                                       odd + N / 4 + k);
        });
        return {even, odd, even};
    }

    const double* g00_;
    const double* g01_;
    const double* g11_;
};

/// Stores the tree below `node`. Scratch: 2 N doubles.
template <class Arch, std::size_t N>
inline void build_tree(double* tree, ComputedNode<Arch, N> node, double* scratch) {
    for_each_lane<Arch, N / 2>(
        [&](auto v, std::size_t k) { node.template l10<decltype(v)>(k).store(tree + k, tree + N / 2 + k); });
    if constexpr (N == 2) {
        tree[N] = node.left_leaf();
        tree[N + 1] = node.right_leaf();
    } else {
        double* const rest = scratch + node.scratch_size;
        build_tree<Arch, N / 2>(tree + N, node.left(scratch), rest);
        build_tree<Arch, N / 2>(tree + N + tree_size<N / 2>, node.right(scratch), rest);
    }
}

/// The secret basis in values: b00 = g, b01 = -f, b10 = G, b11 = -F, n doubles each.
struct BasisValues {
    const double* b00;
    const double* b01;
    const double* b10;
    const double* b11;
};

/// The root node: the Gram matrix of the basis. Writes 2n doubles to `gram`.
template <class Arch>
inline ComputedNode<Arch, n> gram_matrix(double* gram, const BasisValues& basis) {
    double* const g00 = gram;
    double* const g11 = gram + n / 2;
    double* const g01 = gram + n;
    for_each_lane<Arch, n / 2>([&](auto v, std::size_t k) {
        using V = decltype(v);
        const auto b00 = Complex<V>::load(basis.b00 + k, basis.b00 + n / 2 + k);
        const auto b01 = Complex<V>::load(basis.b01 + k, basis.b01 + n / 2 + k);
        const auto b10 = Complex<V>::load(basis.b10 + k, basis.b10 + n / 2 + k);
        const auto b11 = Complex<V>::load(basis.b11 + k, basis.b11 + n / 2 + k);
        (b00.squared_magnitude() + b01.squared_magnitude()).store(g00 + k);
        (b10.squared_magnitude() + b11.squared_magnitude()).store(g11 + k);
        const auto off = Complex<V>::multiply_conjugate(b00, b10) + Complex<V>::multiply_conjugate(b01, b11);
        off.store(g01 + k, g01 + n / 2 + k);
    });
    return {g00, g01, g11};
}

}  // namespace chat::falcon1024::kernels
