#pragma once
/// The program's hidden roles: the processes that it starts for itself, each with its role as the only argument.

#include <optional>

#include "process_protection/hardening.hpp"

namespace chat {

/// The exit status, when this process was started in such a role; nothing when a person started it. Call in main once the process is
/// hardened, before anything else.
[[nodiscard]] std::optional<int> run_as_helper(int argc, char** argv, const HardeningReport& hardening);

}  // namespace chat
