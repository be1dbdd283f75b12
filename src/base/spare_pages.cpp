#include "base/spare_pages.hpp"

#include <new>

namespace chat::guarded_memory {
namespace {

constexpr std::size_t most_spare_bytes = 1024 * 1024;

}  // namespace

secret_pages::Pages SparePages::take(std::size_t size) {
    const std::size_t page = secret_pages::page_size();
    const auto found = spares_.find((size + page - 1) / page * page);
    if (found != spares_.end() && secret_pages::set_access(found->second, true)) {
        const secret_pages::Pages out = found->second;
        bytes_ -= out.size;
        spares_.erase(found);
        return out;
    }
    const secret_pages::Pages fresh = secret_pages::map(size);
    if (fresh.kind != secret_pages::PageKind::unlocked || spares_.empty()) return fresh;
    // What lies here counts against the limit, too.
    secret_pages::unmap(fresh);
    empty();
    return secret_pages::map(size);
}

void SparePages::give_back(const secret_pages::Pages& pages) noexcept {
    const bool worth_it =
        pages.kind != secret_pages::PageKind::unlocked && bytes_ + pages.size <= most_spare_bytes;
    if (worth_it && secret_pages::set_access(pages, false)) {
        try {
            spares_.emplace(pages.size, pages);
            bytes_ += pages.size;
            return;
        } catch (const std::bad_alloc&) {  // Then without.
        }
    }
    secret_pages::unmap(pages);
}

void SparePages::begin_in_child() noexcept {
    for (const auto& [size, pages] : spares_) secret_pages::bar_inherited(pages);
    spares_.clear();
    bytes_ = 0;
}

void SparePages::empty() noexcept {
    for (const auto& [size, pages] : spares_) secret_pages::unmap(pages);
    spares_.clear();
    bytes_ = 0;
}

}  // namespace chat::guarded_memory
