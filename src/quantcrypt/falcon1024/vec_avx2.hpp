#pragma once
/// Vectors of four and two doubles for the kernels' templates. Only *_avx2.cpp may include this.

#include <immintrin.h>

#include "quantcrypt/falcon1024/vec_portable.hpp"

namespace chat::falcon1024 {

struct Avx2Vec {
    static constexpr std::size_t width = 4;
    __m256d v;

    static Avx2Vec load(const double* from) { return {_mm256_loadu_pd(from)}; }
    static Avx2Vec broadcast(double value) { return {_mm256_set1_pd(value)}; }
    void store(double* to) const { _mm256_storeu_pd(to, v); }
    friend Avx2Vec operator+(Avx2Vec a, Avx2Vec b) { return {_mm256_add_pd(a.v, b.v)}; }
    friend Avx2Vec operator-(Avx2Vec a, Avx2Vec b) { return {_mm256_sub_pd(a.v, b.v)}; }
    friend Avx2Vec operator*(Avx2Vec a, Avx2Vec b) { return {_mm256_mul_pd(a.v, b.v)}; }
    friend Avx2Vec operator/(Avx2Vec a, Avx2Vec b) { return {_mm256_div_pd(a.v, b.v)}; }
};

struct Avx2HalfVec {
    static constexpr std::size_t width = 2;
    __m128d v;

    static Avx2HalfVec load(const double* from) { return {_mm_loadu_pd(from)}; }
    static Avx2HalfVec broadcast(double value) { return {_mm_set1_pd(value)}; }
    void store(double* to) const { _mm_storeu_pd(to, v); }
    friend Avx2HalfVec operator+(Avx2HalfVec a, Avx2HalfVec b) { return {_mm_add_pd(a.v, b.v)}; }
    friend Avx2HalfVec operator-(Avx2HalfVec a, Avx2HalfVec b) { return {_mm_sub_pd(a.v, b.v)}; }
    friend Avx2HalfVec operator*(Avx2HalfVec a, Avx2HalfVec b) { return {_mm_mul_pd(a.v, b.v)}; }
    friend Avx2HalfVec operator/(Avx2HalfVec a, Avx2HalfVec b) { return {_mm_div_pd(a.v, b.v)}; }
};

}  // namespace chat::falcon1024
