#include "ca_services/hello_memory.hpp"

#include <algorithm>
#include <cassert>

namespace chat {

bool HelloMemory::knows(const Sha512Digest& hello) const {
    return std::find(hashes_.begin(), hashes_.end(), hello) != hashes_.end();
}

void HelloMemory::remember(const Sha512Digest& hello) {
    assert(!is_closed() && !knows(hello));
    if (hashes_.size() < capacity) {
        hashes_.push_back(hello);
        return;
    }
    hashes_[oldest_] = hello;
    oldest_ = (oldest_ + 1) % capacity;
}

}  // namespace chat
