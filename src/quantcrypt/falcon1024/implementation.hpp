#pragma once
/// Which code runs. Every implementation gives the same bytes; they differ in speed only.

#include "base/bytes.hpp"

namespace chat::falcon1024 {

enum class Implementation : u8 {
    portable,  ///< plain C++20
    avx2,      ///< x86-64 with AVX2 and FMA; asking for it on another processor is a bug
};

/// Whether this processor (and this build) can run it.
[[nodiscard]] bool is_available(Implementation implementation);

/// The fastest one that is available here.
[[nodiscard]] Implementation best_implementation();

}  // namespace chat::falcon1024
