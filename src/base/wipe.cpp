#include <sodium.h>

#include "base/guarded_memory.hpp"

// All wiping of the program goes through this one function, alone in its object: the test that looks for remains in memory
// (tests/memory) is also linked with one that does nothing, to show that it finds them then.
namespace chat::guarded_memory {

void wipe(MutableByteView memory) noexcept { sodium_memzero(memory.data(), memory.size()); }

}  // namespace chat::guarded_memory
