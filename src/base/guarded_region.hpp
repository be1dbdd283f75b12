#pragma once
/// One region of guarded memory: for many small secrets of one size, or for one large secret. Behind guarded_memory.hpp, who owns
/// the pages.

#include <vector>

#include "base/guarded_memory.hpp"
#include "base/secret_pages.hpp"

namespace chat::guarded_memory {

inline constexpr std::size_t alignment = 32;

constexpr std::size_t round_up(std::size_t size, std::size_t unit) { return (size + unit - 1) / unit * unit; }

/// Drawn once for the process; no value that an overrun could write by chance or know.
using Canary = std::array<u8, canary_size>;

/// Pages cut into equal slots `canary | secret | canary`.
class PooledRegion {
  public:
    /// `slot_size`: a multiple of 32, the largest secret.
    PooledRegion(std::size_t slot_size, const secret_pages::Pages& pages);

    [[nodiscard]] bool full() const { return free_.empty(); }
    [[nodiscard]] bool unused() const { return free_.size() == capacity_; }
    [[nodiscard]] const secret_pages::Pages& pages() const { return pages_; }

    u8* take(std::size_t size, const Canary& canary);
    void give_back(u8* secret, std::size_t size, const Canary& canary);

  private:
    std::size_t slot_size_;
    std::size_t capacity_;
    secret_pages::Pages pages_;
    std::vector<u32> free_;
};

/// One secret in pages of its own: canaries fill all that it leaves of them.
class LargeRegion {
  public:
    /// How many bytes of pages a secret of `size` needs.
    [[nodiscard]] static std::size_t pages_for(std::size_t size);
    LargeRegion(std::size_t size, const secret_pages::Pages& pages, const Canary& canary);

    [[nodiscard]] u8* secret() const { return secret_; }
    [[nodiscard]] const secret_pages::Pages& pages() const { return pages_; }

    /// Checks and wipes.
    void close(const Canary& canary) const;

  private:
    [[nodiscard]] MutableByteView before() const;
    [[nodiscard]] MutableByteView after() const;

    std::size_t size_;
    secret_pages::Pages pages_;
    u8* secret_;
};

}  // namespace chat::guarded_memory
