#pragma once
/// Time for tests of machines: moments after a start, and a way to let a machine run through its deadlines.

#include "base/time.hpp"

namespace chat::test {

using namespace std::chrono_literals;

/// A moment that long after the start of the test. The start is not zero, so that no test leans on zero.
inline Time at(Duration after_start) { return Time{1000s} + after_start; }

}  // namespace chat::test
