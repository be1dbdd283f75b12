#pragma once
/// The system's generator under its health tests, as one Rng.

#include "crypto/health_tested_rng.hpp"
#include "crypto/system_rng.hpp"

namespace chat {

class TestedSystemRng final : public Rng {
  public:
    void fill(MutableByteView out) override { tested_.fill(out); }

  private:
    SystemRng system_;
    HealthTestedRng tested_{system_};
};

}  // namespace chat
