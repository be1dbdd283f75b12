#pragma once
/// Randomness for signing one cell, expanded from a seed that was drawn before the cell's message key was used: a source that fails
/// later can't lead to a second body under the same key and nonce.

#include "base/rng.hpp"
#include "crypto/shake.hpp"

namespace chat {

using SigningSeed = Secret<struct SigningSeedTag, 64>;

class SigningRng final : public Rng {
  public:
    explicit SigningRng(const SigningSeed& seed) { stream_.absorb(seed.expose()); }

    void fill(MutableByteView out) override { stream_.squeeze(out); }

  private:
    Shake256 stream_;
};

}  // namespace chat
