#include "memory/secret_recorder.hpp"

#include <algorithm>
#include <array>
#include <atomic>
#include <mutex>
#include <set>

#include "base/guarded_memory.hpp"

namespace chat::test {
namespace {

/// Keys, seeds, shared secrets. What is smaller is no key, what is larger holds public parts, too.
constexpr std::size_t smallest = 32;
constexpr std::size_t largest = 64;
constexpr u8 mask = 0xA7;

std::atomic<bool> recording{false};
std::mutex mutex;
std::set<Bytes>& recorded() {
    static std::set<Bytes> values;
    return values;
}

void record(ByteView secret) {
    if (!recording || secret.size() < smallest || secret.size() > largest) return;
    if (std::set<u8>{secret.begin(), secret.end()}.size() < 8) return;  // a blank
    Bytes masked;
    masked.reserve(secret.size());
    for (const u8 byte : secret) masked.push_back(byte ^ mask);
    const std::scoped_lock lock{mutex};
    recorded().insert(std::move(masked));
}

}  // namespace

void record_secrets() { recording = true; }

std::size_t take_recorded_secrets(Needles& needles) {
    recording = false;
    const std::scoped_lock lock{mutex};
    std::size_t number = 0;
    for (const Bytes& masked : recorded()) {
        std::array<u8, largest> plain{};
        std::ranges::transform(masked, plain.begin(), [](u8 byte) { return byte ^ mask; });
        needles.add("secret " + std::to_string(++number) + " of " + std::to_string(masked.size()) + " bytes",
                    ByteView{plain}.first(masked.size()));
        volatile u8* const bytes = plain.data();
        for (std::size_t i = 0; i < plain.size(); ++i) bytes[i] = 0;
    }
    return number;
}

}  // namespace chat::test

extern "C" {

// NOLINTBEGIN: the linker's names for guarded_memory::release(u8*, std::size_t)
void __real__ZN4chat14guarded_memory7releaseEPhm(chat::u8* memory, std::size_t size) noexcept;
void __wrap__ZN4chat14guarded_memory7releaseEPhm(chat::u8* memory, std::size_t size) noexcept {
    chat::test::record({memory, size});
    __real__ZN4chat14guarded_memory7releaseEPhm(memory, size);
}
// NOLINTEND
}
