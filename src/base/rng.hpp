#pragma once
/// The port through which randomness enters: the core never asks the system itself.

#include <stdexcept>

#include "base/bytes.hpp"
#include "base/secret.hpp"

namespace chat {

/// Thrown when a source of randomness fails or its health test raises an alarm. Nothing may go on without randomness, so this
/// is an exhausted resource, not a rejection; whoever catches it ends the session.
class RngFailure : public std::runtime_error {
  public:
    using std::runtime_error::runtime_error;
};

class Rng {
  public:
    Rng() = default;
    Rng(const Rng&) = delete;
    Rng& operator=(const Rng&) = delete;
    virtual ~Rng() = default;

    /// Fills all of `out` with uniform bytes or throws RngFailure.
    virtual void fill(MutableByteView out) = 0;

    /// Uniform in [0, bound), bound > 0, without modulo bias.
    [[nodiscard]] u64 below(u64 bound);

    template <class S>
    [[nodiscard]] S secret() {
        S out;
        fill(out.expose_mutable());
        return out;
    }
    template <class P>
    [[nodiscard]] P bytes() {
        P out;
        fill(out.bytes);
        return out;
    }
};

}  // namespace chat
