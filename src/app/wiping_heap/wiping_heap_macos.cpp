/// What is allocated by new is wiped when it is deleted. Blocks that C libraries allocate themselves are not reached here.

#include <malloc/malloc.h>

#include <cstdlib>
#include <new>

#include "base/guarded_memory.hpp"

namespace {

void wipe_and_free(void* memory) noexcept {
    if (memory == nullptr) return;
    chat::guarded_memory::wipe({static_cast<chat::u8*>(memory), ::malloc_size(memory)});
    std::free(memory);
}

}  // namespace

void operator delete(void* memory) noexcept { wipe_and_free(memory); }
void operator delete[](void* memory) noexcept { wipe_and_free(memory); }
void operator delete(void* memory, std::size_t /*size*/) noexcept { wipe_and_free(memory); }
void operator delete[](void* memory, std::size_t /*size*/) noexcept { wipe_and_free(memory); }
