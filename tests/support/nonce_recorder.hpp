#pragma once
/// Detects that any (key, nonce) pair of one layer seals twice. Keys are kept as hashes only. Tests only.

#include <set>
#include <utility>

#include "crypto/hash.hpp"
#include "double_ratchet/seal_observer.hpp"

namespace chat::test {

class NonceRecorder final : public SealObserver {
  public:
    void sealing(SealLayer layer, ByteView key, ByteView nonce) override {
        const u8 tag = static_cast<u8>(layer);
        if (!pairs_.insert(sha256({{&tag, 1}, key, nonce}).bytes).second) ++reused_;
        ++counts_.at(tag);
    }

    /// Pairs that were seen more than once.
    [[nodiscard]] std::size_t reused() const { return reused_; }
    [[nodiscard]] std::size_t count(SealLayer layer) const { return counts_.at(static_cast<u8>(layer)); }

  private:
    std::set<std::array<u8, Sha256Digest::size>> pairs_;
    std::array<std::size_t, 3> counts_{};
    std::size_t reused_ = 0;
};

}  // namespace chat::test
