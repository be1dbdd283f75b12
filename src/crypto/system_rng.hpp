#pragma once
/// The operating system's generator (getrandom, getentropy, RtlGenRandom).

#include "base/rng.hpp"

namespace chat {

/// Holds no state and no buffer, so a fork can't make two processes draw the same bytes. Where the system has no randomness
/// to give, the process is ended: there is nothing that it could still do safely.
class SystemRng : public Rng {
  public:
    void fill(MutableByteView out) override;
};

}  // namespace chat
