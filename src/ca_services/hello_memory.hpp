#pragma once
/// The hellos that were accepted under one secret, so that a recorded one gets no answer (docs/protocol.md 3).

#include <vector>

#include "base/bytes.hpp"
#include "crypto/hash.hpp"

namespace chat {

/// What happens to the 1,025th.
enum class WhenFull : u8 { refuse, forget_oldest };

/// At most 1,024 hashes of 64 bytes; grows with what is remembered.
class HelloMemory {
  public:
    static constexpr std::size_t capacity = 1024;

    explicit HelloMemory(WhenFull when_full) : when_full_{when_full} {}

    [[nodiscard]] bool knows(const Sha512Digest& hello) const;
    /// No more can be remembered, so no more may be accepted. Never with WhenFull::forget_oldest.
    [[nodiscard]] bool is_closed() const {
        return when_full_ == WhenFull::refuse && hashes_.size() == capacity;
    }
    /// Must not be closed and must not know it yet.
    void remember(const Sha512Digest& hello);

  private:
    WhenFull when_full_;
    std::vector<Sha512Digest> hashes_;
    std::size_t oldest_ = 0;
};

}  // namespace chat
