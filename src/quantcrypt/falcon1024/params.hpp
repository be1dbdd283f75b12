#pragma once
/// The parameter set of round-3 FALCON at degree 1024 (FALCON specification v1.2, 3.13). FN-DSA (FIPS 206)
/// would be a second set beside this one: nothing outside this folder names a number of it.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/bytes.hpp"

namespace chat::falcon1024 {

using i8 = std::int8_t;
using i16 = std::int16_t;
using i32 = std::int32_t;

inline constexpr unsigned logn = 10;
/// Degree of the ring Z[x]/(x^n + 1).
inline constexpr std::size_t n = std::size_t{1} << logn;
/// The modulus; prime, 1 mod 2n.
inline constexpr u32 q = 12289;

/// Standard deviation of the signature's coefficients.
inline constexpr double sigma = 168.38857144654395;
inline constexpr double inverse_sigma = 0.005938645309533116;
/// Smallest and largest standard deviation that SamplerZ is asked for.
inline constexpr double sigma_min = 1.298280334344292;
inline constexpr double sigma_max = 1.8205;
/// A signature (s1, s2) is accepted when |s1|^2 + |s2|^2 is at most this.
inline constexpr u64 max_squared_norm = 70265242;
/// Key generation wants |f|^2 + |g|^2 below this, and the orthogonalised norm below 1.17^2 q.
inline constexpr u32 key_squared_norm_bound = 16823;
inline constexpr double key_orthogonalised_norm_bound = 16822.4121;

/// Bits for each coefficient in an encoded secret key.
inline constexpr unsigned fg_bits = 5;
inline constexpr unsigned big_f_bits = 8;
/// Largest magnitude of a coefficient of a signature that has an encoding.
inline constexpr int max_signature_coefficient = 2047;

inline constexpr std::size_t public_key_size = 1 + n * 14 / 8;
inline constexpr std::size_t secret_key_size = 1 + n * (2 * fg_bits + big_f_bits) / 8;
inline constexpr std::size_t padded_signature_size = 1280;
inline constexpr std::size_t max_signature_size = 1462;
inline constexpr std::size_t nonce_size = 40;
inline constexpr std::size_t seed_size = 48;
static_assert(public_key_size == 1793 && secret_key_size == 2305);

/// Coefficients modulo q, each in [0, q).
using RingElement = std::array<u16, n>;

}  // namespace chat::falcon1024
