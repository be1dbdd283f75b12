/// What is allocated by new is wiped when it is deleted. Blocks that C libraries allocate themselves are not reached here.

#include <malloc.h>

#include <cstdlib>
#include <new>

#include "base/guarded_memory.hpp"

namespace {

void* allocate(std::size_t size) {
    void* const memory = std::malloc(size == 0 ? 1 : size);
    if (memory == nullptr) throw std::bad_alloc{};
    return memory;
}

void wipe_and_free(void* memory) noexcept {
    if (memory == nullptr) return;
    chat::guarded_memory::wipe({static_cast<chat::u8*>(memory), ::_msize(memory)});
    std::free(memory);
}

}  // namespace

void* operator new(std::size_t size) { return allocate(size); }
void* operator new[](std::size_t size) { return allocate(size); }
void operator delete(void* memory) noexcept { wipe_and_free(memory); }
void operator delete[](void* memory) noexcept { wipe_and_free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { wipe_and_free(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { wipe_and_free(memory); }
