#pragma once
/// Keeps what a node announced before opening it, in order.

#include <functional>
#include <utility>
#include <vector>

#include "secure_p2p/ciphertext_log.hpp"

namespace chat::test {

class CiphertextTrace final : public CiphertextLog {
  public:
    using Entry = std::pair<Ciphertext, std::size_t>;

    void arriving(Ciphertext what, std::size_t size) override {
        entries_.emplace_back(what, size);
        if (on_arrival_) on_arrival_();
    }
    [[nodiscard]] const std::vector<Entry>& entries() const { return entries_; }
    [[nodiscard]] std::size_t count(Ciphertext what) const {
        std::size_t out = 0;
        for (const Entry& each : entries_) out += each.first == what ? 1U : 0U;
        return out;
    }
    void clear() { entries_.clear(); }
    /// Called right after each entry.
    void on_arrival(std::function<void()> action) { on_arrival_ = std::move(action); }

  private:
    std::vector<Entry> entries_;
    std::function<void()> on_arrival_;
};

}  // namespace chat::test
