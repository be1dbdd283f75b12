#pragma once
/// The vector of one double: what the kernels' templates are compiled with where there is no wider one. An
/// "Arch" is the tag type those templates take: every function that belongs to an instruction set is a
/// template on a tag of its own, so that the linker can never put an AVX2 instance in place of a portable
/// one.

#include <cstddef>
#include <utility>

namespace chat::falcon1024 {

template <class Tag>
struct ScalarVec {
    static constexpr std::size_t width = 1;
    double v;

    static ScalarVec load(const double* from) { return {*from}; }
    static ScalarVec broadcast(double value) { return {value}; }
    void store(double* to) const { *to = v; }
    friend ScalarVec operator+(ScalarVec a, ScalarVec b) { return {a.v + b.v}; }
    friend ScalarVec operator-(ScalarVec a, ScalarVec b) { return {a.v - b.v}; }
    friend ScalarVec operator*(ScalarVec a, ScalarVec b) { return {a.v * b.v}; }
    friend ScalarVec operator/(ScalarVec a, ScalarVec b) { return {a.v / b.v}; }
};

struct PortableTag {};

}  // namespace chat::falcon1024
