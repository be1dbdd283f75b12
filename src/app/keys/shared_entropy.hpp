#pragma once
/// A device's entropy for the worker thread, whose jobs make sources of randomness of their own.

#include <memory>
#include <mutex>

#include "crypto/mixing_rng.hpp"
#include "crypto/tested_system_rng.hpp"

namespace chat {

/// From any thread.
class SharedEntropy {
  public:
    void mix_in(ByteView entropy) {
        const std::lock_guard lock{mutex_};
        pool_.mix_in(entropy);
    }
    /// The system's generator under its health tests, with what was mixed in here over it. Throws RngFailure.
    [[nodiscard]] std::unique_ptr<Rng> make_rng() {
        struct Mixed final : Rng {
            void fill(MutableByteView out) override { mixing.fill(out); }
            TestedSystemRng system;
            MixingRng mixing{system};
        };
        using Share = Secret<struct SharedEntropyTag, 64>;
        auto out = std::make_unique<Mixed>();
        const std::lock_guard lock{mutex_};
        out->mixing.mix_in(pool_.secret<Share>().expose());
        return out;
    }

  private:
    std::mutex mutex_;
    TestedSystemRng system_;
    MixingRng pool_{system_};
};

}  // namespace chat
