#pragma once
/// `secure-p2p identity ...`: everything about kept identities outside a chat. Nothing here touches the network, so the keys are in this
/// process for the moment that it takes.

#include "app/exit_code.hpp"
#include "app/keys/key_options.hpp"

namespace chat {

/// Results go to standard output, one line for each failure to standard error.
[[nodiscard]] ExitCode run_identity(const KeyOptions& options);

}  // namespace chat
