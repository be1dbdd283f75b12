/// A heap that wipes what is given back to it: glibc's own, with free() and realloc() replaced for the whole program (glibc manual,
/// "Replacing malloc"). That reaches whatever allocates in the process: strings and containers (operator delete calls free),
/// stdio's buffers, OpenSSL's objects, libraries for tokens, TPMs and keyrings. Linked into the program itself, not into a library.

#include <malloc.h>

#include <cstdlib>
#include <cstring>

#include "base/guarded_memory.hpp"

extern "C" {

// glibc's own functions behind the names that are replaced here.
void __libc_free(void* memory);                            // NOLINT(bugprone-reserved-identifier)
void* __libc_realloc(void* memory, std::size_t new_size);  // NOLINT(bugprone-reserved-identifier)

// NOLINTBEGIN(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory): what owns memory stands on this.
void free(void* memory) noexcept {
    if (memory == nullptr) return;
    chat::guarded_memory::wipe({static_cast<chat::u8*>(memory), ::malloc_usable_size(memory)});
    __libc_free(memory);
}

/// A block that has to grow is copied here, since glibc would give the old one back as it is.
void* realloc(void* memory, std::size_t new_size) noexcept {
    if (memory == nullptr || new_size == 0) {
        if (memory != nullptr) free(memory);
        return memory == nullptr ? std::malloc(new_size) : nullptr;
    }
    chat::u8* const bytes = static_cast<chat::u8*>(memory);
    const std::size_t old_size = ::malloc_usable_size(memory);
    if (new_size <= old_size) {
        chat::guarded_memory::wipe({bytes + new_size, old_size - new_size});
        return __libc_realloc(memory, new_size);
    }
    void* const grown = std::malloc(new_size);
    if (grown == nullptr) return nullptr;
    std::memcpy(grown, memory, old_size);
    free(memory);
    return grown;
}
// NOLINTEND(cppcoreguidelines-no-malloc,cppcoreguidelines-owning-memory)
}
