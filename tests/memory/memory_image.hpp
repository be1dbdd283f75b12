#pragma once
/// The memory of a process as a core image would hold it, and the search for what must not be in it.

#include <bitset>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "base/bytes.hpp"

namespace chat::test {

/// One part of a process's memory that could be read.
struct ImagePart {
    std::string place;  ///< its line of /proc/PID/maps
    u64 begin = 0;      ///< address
    ByteView bytes;
};

/// Calls `take` for every readable part of the process, one after the other; `bytes` live as long as the call. How many bytes that were
/// altogether. `process` 0: this one, pages of memfd_secret(2) included, without the memory that the reading itself
/// takes. Throws std::runtime_error when there is no right to.
std::size_t for_each_part(int process, const std::function<void(const ImagePart&)>& take);

/// What to look for. It counts as found when any `window` bytes of it in a row are somewhere (of UTF-32: `wide_window`), since what freed memory
/// is used for next overwrites the beginnings of blocks.
class Needles {
  public:
    static constexpr std::size_t window = 16;
    static constexpr std::size_t wide_window = 32;

    /// `what` names it in findings. Kept masked, so that a scan of this very process does not find it here. Stretches
    /// that anything could have (fewer than 8 different bytes) are left out.
    void add(const std::string& what, ByteView bytes);
    /// As text, and as one char32_t for each character, as an editor keeps it.
    void add_text(const std::string& what, std::string_view text);

    struct Finding {
        std::string what;
        std::string place;
        u64 address = 0;
    };
    /// One for each needle and place.
    [[nodiscard]] std::vector<Finding> search(int process) const;

    [[nodiscard]] std::set<std::string> names() const { return {names_.begin(), names_.end()}; }

  private:
    struct Window {
        std::array<u64, wide_window / sizeof(u64)> words{};  ///< masked
        std::size_t size = 0;                                ///< in bytes
        u32 needle = 0;
        [[nodiscard]] u64 first() const { return words[0]; }
        [[nodiscard]] bool is_at(ByteView bytes) const;
    };
    void add_window(ByteView bytes);
    /// Which beginnings of windows there are, roughly.
    using Filter = std::bitset<(1U << 22U)>;
    void search(const ImagePart& part, const Filter& filter, std::vector<Finding>& findings) const;

    std::vector<std::string> names_;
    mutable std::vector<Window> windows_;  ///< sorted when searched
};

/// For a failure message.
[[nodiscard]] std::string to_text(const std::vector<Needles::Finding>& findings);

}  // namespace chat::test
