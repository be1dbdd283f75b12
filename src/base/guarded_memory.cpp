#include "base/guarded_memory.hpp"

#include <sodium.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <new>

namespace chat::guarded_memory {
namespace {

constexpr std::size_t alignment = 32;
constexpr std::size_t canary_size = 16;
constexpr std::size_t pooled_limit = 512;
constexpr std::size_t region_size = 32 * 1024;

using Canary = std::array<u8, canary_size>;

[[noreturn]] void die(const char* message) {
    std::fputs(message, stderr);
    std::abort();
}

constexpr std::size_t round_up(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

/// A guarded region cut into equal slots, `canary | secret | canary` each, so that an overrun in either direction shows.
class Region {
  public:
    explicit Region(std::size_t secret_size)
        : secret_size_{secret_size},
          stride_{secret_size + 2 * alignment},
          capacity_{region_size / stride_},
          memory_{static_cast<u8*>(sodium_malloc(stride_ * capacity_))} {
        if (memory_ == nullptr) throw std::bad_alloc{};
        locked_ = sodium_mlock(memory_, stride_ * capacity_) == 0;
        free_.reserve(capacity_);
        for (std::size_t i = capacity_; i > 0; --i) free_.push_back(static_cast<u32>(i - 1));
    }
    Region(const Region&) = delete;
    Region& operator=(const Region&) = delete;
    ~Region() { sodium_free(memory_); }

    [[nodiscard]] bool full() const { return free_.empty(); }
    [[nodiscard]] bool unused() const { return free_.size() == capacity_; }
    [[nodiscard]] bool locked() const { return locked_; }
    [[nodiscard]] const u8* begin() const { return memory_; }
    [[nodiscard]] const u8* end() const { return memory_ + stride_ * capacity_; }

    u8* take(const Canary& canary) {
        u8* const secret = memory_ + free_.back() * stride_ + alignment;
        free_.pop_back();
        std::memcpy(secret - canary_size, canary.data(), canary_size);
        std::memcpy(secret + secret_size_, canary.data(), canary_size);
        std::memset(secret, 0, secret_size_);
        return secret;
    }
    void give_back(u8* secret, const Canary& canary) {
        if (sodium_memcmp(secret - canary_size, canary.data(), canary_size) != 0 ||
            sodium_memcmp(secret + secret_size_, canary.data(), canary_size) != 0) {
            die("secure-p2p: memory next to a secret was overwritten (canary damaged); stopping at once\n");
        }
        sodium_memzero(secret, secret_size_);
        free_.push_back(static_cast<u32>(static_cast<std::size_t>(secret - alignment - memory_) / stride_));
    }

  private:
    std::size_t secret_size_;
    std::size_t stride_;
    std::size_t capacity_;
    u8* memory_;
    bool locked_ = false;
    std::vector<u32> free_;
};

class Pools {
  public:
    Pools() {
        if (sodium_init() < 0) die("secure-p2p: the cryptographic library failed to start\n");
        randombytes_buf(canary_.data(), canary_.size());
    }

    u8* allocate(std::size_t size) {
        const std::scoped_lock lock{mutex_};
        ++usage_.live_secrets;
        if (size > pooled_limit) return allocate_alone(size);
        const std::size_t slot = round_up(size, alignment);
        auto& open = open_regions_[slot / alignment - 1];
        if (open.empty()) open.push_back(add_region(slot));
        Region& region = *open.back();
        u8* const secret = region.take(canary_);
        if (region.full()) open.pop_back();
        return secret;
    }

    void release(u8* memory, std::size_t size) {
        const std::scoped_lock lock{mutex_};
        --usage_.live_secrets;
        if (size > pooled_limit) {
            --usage_.regions;
            sodium_free(memory);
            return;
        }
        const auto found = std::prev(regions_.upper_bound(memory));
        Region& region = *found->second;
        const bool was_full = region.full();
        region.give_back(memory, canary_);
        auto& open = open_regions_[round_up(size, alignment) / alignment - 1];
        if (was_full) open.push_back(&region);
        if (region.unused() && open.size() > 1) {
            std::erase(open, &region);
            drop_region(found);
        }
    }

    Usage usage() {
        const std::scoped_lock lock{mutex_};
        return usage_;
    }

  private:
    u8* allocate_alone(std::size_t size) {
        u8* const memory = static_cast<u8*>(sodium_malloc(round_up(size, alignment)));
        if (memory == nullptr) throw std::bad_alloc{};
        std::memset(memory, 0, size);
        ++usage_.regions;
        return memory;
    }
    Region* add_region(std::size_t slot) {
        auto region = std::make_unique<Region>(slot);
        Region* const raw = region.get();
        regions_.emplace(raw->begin(), std::move(region));
        ++usage_.regions;
        if (!raw->locked()) ++usage_.unlocked_regions;
        return raw;
    }
    void drop_region(std::map<const u8*, std::unique_ptr<Region>>::iterator region) {
        --usage_.regions;
        if (!region->second->locked()) --usage_.unlocked_regions;
        regions_.erase(region);
    }

    std::mutex mutex_;
    Canary canary_{};
    std::map<const u8*, std::unique_ptr<Region>> regions_;
    std::array<std::vector<Region*>, pooled_limit / alignment> open_regions_;
    Usage usage_;
};

/// Never destroyed: secrets with static storage may be released after it would be.
Pools& pools() {
    static Pools* const instance = std::make_unique<Pools>().release();
    return *instance;
}

}  // namespace

u8* allocate(std::size_t size) { return pools().allocate(size); }

void release(u8* memory, std::size_t size) noexcept { pools().release(memory, size); }

void wipe(MutableByteView memory) noexcept { sodium_memzero(memory.data(), memory.size()); }

bool equal_constant_time(ByteView a, ByteView b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Usage usage() { return pools().usage(); }

}  // namespace chat::guarded_memory
