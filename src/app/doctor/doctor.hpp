#pragma once
/// `secure-p2p doctor`: what this machine offers to protect keys, and how to close each gap.

#include <string>
#include <vector>

#include "app/exit_code.hpp"
#include "process_protection/facilities.hpp"

namespace chat {

/// At most 80 columns; what came from the machine is made harmless for a terminal.
[[nodiscard]] std::string doctor_table(const std::vector<Facility>& facilities);

/// One JSON object; its keys are documented in docs/usage.md and stay.
[[nodiscard]] std::string doctor_json(const std::vector<Facility>& facilities);

/// Whether the system's keyring answers; a row of its own, because only secure_key_manager may ask it.
[[nodiscard]] Facility keyring_facility();

/// Prints one of the two. ok whatever was found; output_closed when nobody reads it.
[[nodiscard]] ExitCode run_doctor(bool json);

}  // namespace chat
