#pragma once
/// Every key that guarded memory gave up since the program began, so that its memory can be searched for all of them. The program is
/// linked with --wrap for guarded_memory::release, which this stands in front of.

#include "memory/memory_image.hpp"

namespace chat::test {

/// From now on; what is recorded is kept masked.
void record_secrets();
/// Stops recording, and adds what was recorded to `needles`, each value once. How many that were.
std::size_t take_recorded_secrets(Needles& needles);

}  // namespace chat::test
