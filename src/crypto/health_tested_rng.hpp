#pragma once
/// A source of randomness under the health tests of SP 800-90B (health_tests.hpp).

#include <optional>

#include "base/rng.hpp"
#include "crypto/health_tests.hpp"

namespace chat {

/// Every byte of the source passes through the tests before it is handed out. An alarm throws RngFailure, wipes what was asked for and
/// is final: the object never gives a byte again.
class HealthTestedRng : public Rng {
  public:
    /// Draws and tests the start-up samples and throws them away. `source` must outlive the object. Throws RngFailure.
    explicit HealthTestedRng(Rng& source);

    void fill(MutableByteView out) override;

    /// What ended it, if anything did.
    [[nodiscard]] std::optional<HealthAlarm> alarm() const { return alarm_; }

  private:
    Rng& source_;
    HealthTests tests_;
    std::optional<HealthAlarm> alarm_;
};

}  // namespace chat
