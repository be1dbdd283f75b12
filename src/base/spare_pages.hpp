#pragma once
/// Pages of secrets that are over, kept for the next ones: taking a page of memfd_secret(2) from the kernel and giving it back costs
/// microseconds, since each leaves the kernel's own mapping and returns to it. Whoever touches a spare page ends in SIGSEGV.

#include <map>

#include "base/secret_pages.hpp"

namespace chat::guarded_memory {

class SparePages {
  public:
    /// Pages for `size` bytes; their content is whatever was left. Throws std::bad_alloc.
    [[nodiscard]] secret_pages::Pages take(std::size_t size);
    /// `pages` were wiped.
    void give_back(const secret_pages::Pages& pages) noexcept;
    /// In a child of fork().
    void begin_in_child() noexcept;

  private:
    void empty() noexcept;

    std::multimap<std::size_t, secret_pages::Pages> spares_;  ///< by size
    std::size_t bytes_ = 0;
};

}  // namespace chat::guarded_memory
