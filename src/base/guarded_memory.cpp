#include "base/guarded_memory.hpp"

#include <sodium.h>

#include <map>
#include <memory>
#include <mutex>

#include "base/guarded_region.hpp"
#include "base/spare_pages.hpp"

namespace chat::guarded_memory {
namespace {

using secret_pages::PageKind;

/// Of a pool: the first region of a size is one page, so that a tight limit of locked memory goes far; later ones
/// grow, since every region costs three mappings.
constexpr std::size_t largest_region = 32 * 1024;

class Pools {
  public:
    Pools() {
        if (sodium_init() < 0) {
            secret_pages::stop_process("secure-p2p: the cryptographic library failed to start\n");
        }
        randombytes_buf(canary_.data(), canary_.size());
    }

    u8* allocate(std::size_t size) {
        const std::scoped_lock lock{mutex_};
        u8* const secret = size > pooled_limit ? allocate_alone(size) : allocate_pooled(size);
        ++usage_.live_secrets;
        return secret;
    }

    void release(u8* memory, std::size_t size) {
        const std::scoped_lock lock{mutex_};
        if (is_inherited(memory)) return;
        --usage_.live_secrets;
        size > pooled_limit ? release_alone(memory) : release_pooled(memory, size);
    }

    Usage usage() {
        const std::scoped_lock lock{mutex_};
        return usage_;
    }

    void before_fork() { mutex_.lock(); }
    void after_fork() { mutex_.unlock(); }
    /// Nothing that the parent held exists here; a pointer to it must neither be read nor released into a region of this process.
    void begin_in_child() {
        for (const auto& [begin, region] : regions_) secret_pages::bar_inherited(region->pages());
        for (const auto& [begin, region] : large_) secret_pages::bar_inherited(region.pages());
        spares_.begin_in_child();
        inherited_.merge(regions_);
        inherited_large_.merge(large_);
        for (Pool& pool : pools_) {
            pool.open.clear();
            pool.regions = 0;
        }
        usage_ = {};
        mutex_.unlock();
    }

  private:
    using Regions = std::map<const u8*, std::unique_ptr<PooledRegion>>;
    /// By the address of the secret.
    using LargeRegions = std::map<const u8*, LargeRegion>;

    struct Pool {
        std::vector<PooledRegion*> open;  ///< those with a free slot
        std::size_t regions = 0;
    };

    u8* allocate_alone(std::size_t size) {
        const LargeRegion region{size, spares_.take(LargeRegion::pages_for(size)), canary_};
        large_.emplace(region.secret(), region);
        count(region.pages(), true);
        return region.secret();
    }

    void release_alone(u8* memory) {
        const auto found = large_.find(memory);
        if (found == large_.end()) stop_not_ours();
        found->second.close(canary_);
        drop(found->second.pages());
        large_.erase(found);
    }

    u8* allocate_pooled(std::size_t size) {
        const std::size_t slot = round_up(size, alignment);
        Pool& pool = pools_[slot / alignment - 1];
        if (pool.open.empty()) pool.open.push_back(add_region(pool, slot));
        PooledRegion& region = *pool.open.back();
        u8* const secret = region.take(size, canary_);
        if (region.full()) pool.open.pop_back();
        return secret;
    }

    void release_pooled(u8* memory, std::size_t size) {
        auto found = regions_.upper_bound(memory);
        if (found == regions_.begin()) stop_not_ours();
        PooledRegion& region = *(--found)->second;
        const bool was_full = region.full();
        region.give_back(memory, size, canary_);
        Pool& pool = pools_[round_up(size, alignment) / alignment - 1];
        if (was_full) pool.open.push_back(&region);
        if (!region.unused() || pool.open.size() == 1) return;
        std::erase(pool.open, &region);
        --pool.regions;
        drop(region.pages());
        regions_.erase(found);
    }

    PooledRegion* add_region(Pool& pool, std::size_t slot) {
        const std::size_t page = secret_pages::page_size();
        const std::size_t wanted = page << std::min<std::size_t>(pool.regions, 8);
        const std::size_t size = std::max(page, std::min(wanted, largest_region));
        auto region = std::make_unique<PooledRegion>(slot, spares_.take(size));
        PooledRegion* const raw = region.get();
        regions_.emplace(raw->pages().data, std::move(region));
        ++pool.regions;
        count(raw->pages(), true);
        return raw;
    }

    void drop(const secret_pages::Pages& pages) {
        count(pages, false);
        spares_.give_back(pages);
    }

    void count(const secret_pages::Pages& pages, bool added) {
        const auto change = [added](std::size_t& value, std::size_t by) {
            added ? value += by : value -= by;
        };
        change(usage_.regions, 1);
        change(usage_.bytes, pages.size);
        switch (pages.kind) {
            case PageKind::secret_memory: return change(usage_.secret_memory_regions, 1);
            case PageKind::locked: return change(usage_.locked_regions, 1);
            case PageKind::unlocked: return change(usage_.unlocked_regions, 1);
        }
    }

    bool is_inherited(const u8* memory) const {
        if (inherited_.empty() && inherited_large_.empty()) return false;
        if (inherited_large_.contains(memory)) return true;
        const auto after = inherited_.upper_bound(memory);
        if (after == inherited_.begin()) return false;
        const auto& pages = std::prev(after)->second->pages();
        return memory < pages.data + pages.size;
    }

    [[noreturn]] static void stop_not_ours() {
        secret_pages::stop_process(
            "secure-p2p: a secret was released that does not exist; stopping at once\n");
    }

    std::mutex mutex_;
    Canary canary_{};
    Regions regions_;
    LargeRegions large_;
    SparePages spares_;
    std::array<Pool, pooled_limit / alignment> pools_;
    Usage usage_;
    Regions inherited_;  ///< of the parent, in a child of fork()
    LargeRegions inherited_large_;
};

/// Never destroyed: secrets with static storage may be released after it would be.
Pools& pools() {
    static Pools* const instance = [] {
        Pools* const made = std::make_unique<Pools>().release();
        secret_pages::on_fork([] { pools().before_fork(); }, [] { pools().after_fork(); },
                              [] { pools().begin_in_child(); });
        return made;
    }();
    return *instance;
}

std::string counted(std::size_t count, std::string_view what) {
    return count == 0 ? std::string{} : ", " + std::to_string(count) + " " + std::string{what};
}

}  // namespace

u8* allocate(std::size_t size) { return pools().allocate(size); }

void release(u8* memory, std::size_t size) noexcept { pools().release(memory, size); }

bool equal_constant_time(ByteView a, ByteView b) noexcept {
    return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

Usage usage() { return pools().usage(); }

std::string describe(const Usage& usage) {
    return std::to_string(usage.live_secrets) + " secrets in " + std::to_string(usage.bytes / 1024) +
           " KiB of guarded memory" + counted(usage.secret_memory_regions, "regions of memfd_secret") +
           counted(usage.locked_regions, "regions locked") +
           counted(usage.unlocked_regions, "regions NOT locked");
}

std::optional<std::string> warning(const Usage& usage) {
    if (usage.unlocked_regions == 0) return std::nullopt;
    std::string out = "the system refused to lock all memory of keys, so some could be written to swap";
    if (const auto limit = secret_pages::lock_limit()) {
        out += ": the limit of locked memory is " + std::to_string(*limit / 1024) + " KiB";
    }
    return out + "; " + std::string{secret_pages::lock_limit_hint()};
}

}  // namespace chat::guarded_memory
