#pragma once
/// Randomness for tests: replayable from a seed, and made to fail at a chosen call.

#include <cstdint>
#include <string>

#include "base/rng.hpp"
#include "crypto/shake.hpp"

namespace chat::test {

/// The stream SHAKE256("seeded test rng" | seed). The same seed gives the same bytes, however they are cut into calls.
class SeededRng : public Rng {
  public:
    explicit SeededRng(u64 seed) { stream_.absorb(bytes_of("seeded test rng " + std::to_string(seed))); }

    void fill(MutableByteView out) override {
        stream_.squeeze(out);
        ++calls_;
    }

    /// Calls of fill() so far.
    [[nodiscard]] std::size_t calls() const { return calls_; }

  private:
    Shake256 stream_;
    std::size_t calls_ = 0;
};

/// Passes on to another Rng until call number `failing_call` (the first is 1), which throws RngFailure, as does every later one.
class FailingRng : public Rng {
  public:
    FailingRng(Rng& source, std::size_t failing_call) : source_{source}, failing_call_{failing_call} {}

    void fill(MutableByteView out) override {
        if (++calls_ >= failing_call_) throw RngFailure{"randomness made to fail by the test"};
        source_.fill(out);
    }

    /// False when the code under test drew less often than failing_call: the loop over 1, 2, 3, ... may end.
    [[nodiscard]] bool has_failed() const { return calls_ >= failing_call_; }

  private:
    Rng& source_;
    std::size_t failing_call_;
    std::size_t calls_ = 0;
};

/// Hands out the given bytes once and throws RngFailure when they are used up; for vectors that state the random input.
class FixedRng : public Rng {
  public:
    explicit FixedRng(ByteView bytes) : bytes_(bytes.begin(), bytes.end()) {}

    void fill(MutableByteView out) override {
        if (out.size() > bytes_.size() - used_) throw RngFailure{"the fixed random bytes are used up"};
        std::copy_n(bytes_.begin() + static_cast<std::ptrdiff_t>(used_), out.size(), out.begin());
        used_ += out.size();
    }

    [[nodiscard]] bool used_up() const { return used_ == bytes_.size(); }

  private:
    Bytes bytes_;
    std::size_t used_ = 0;
};

}  // namespace chat::test
