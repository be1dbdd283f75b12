#include "base/guarded_memory.hpp"

namespace chat::guarded_memory {
namespace {

/// Measured: calls of the program go 171 KB deep (ML-DSA-87 in OpenSSL).
constexpr std::size_t depth = 256UL * 1024;

}  // namespace

void wipe_stack() noexcept {
    std::array<u8, depth> below;  // NOLINT: what stands there is what is to go
    wipe(below);
}

}  // namespace chat::guarded_memory
