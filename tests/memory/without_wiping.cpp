/// The program's memory with wiping switched off: wipe() does nothing, and what is freed is not used again, so that chance overwrites
/// nothing either. Stands in front of the library's own (base/wipe.cpp, base/guarded_memory.cpp, app/wiping_heap).

#include <malloc.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <new>

#include "base/guarded_memory.hpp"

namespace chat::guarded_memory {

u8* allocate(std::size_t size) {
    void* const memory = ::aligned_alloc(32, (size + 31) / 32 * 32);
    if (memory == nullptr) throw std::bad_alloc{};
    std::memset(memory, 0, size);
    return static_cast<u8*>(memory);
}

void release(u8* /*memory*/, std::size_t /*size*/) noexcept {}

void wipe(MutableByteView /*memory*/) noexcept {}

bool equal_constant_time(ByteView a, ByteView b) noexcept { return std::ranges::equal(a, b); }

Usage usage() { return {}; }

std::string describe(const Usage& /*usage*/) { return "memory that is never wiped"; }

std::optional<std::string> warning(const Usage& /*usage*/) { return std::nullopt; }

}  // namespace chat::guarded_memory

extern "C" {

void free(void* /*memory*/) noexcept {}

void* realloc(void* memory, std::size_t size) noexcept {
    void* const out = std::malloc(size);
    if (out == nullptr || memory == nullptr) return out;
    std::memcpy(out, memory, std::min(size, ::malloc_usable_size(memory)));
    return out;
}
}
