#pragma once
/// The process in which the identity's private keys live, and the vault key of a kept identity: started by the program itself
/// (key_holder.hpp) in a hidden role, it opens the vault if there is one, gives up network, files and everything else that it does not
/// need, and then serves key_protocol.hpp until its channel ends. The first request that is not one of the protocol ends it.

#include <string>

#include "process_protection/hardening.hpp"
#include "secure_key_manager/isolation/keys/key_server.hpp"
#include "secure_key_manager/isolation/service/service_process.hpp"

namespace chat {

/// argv[1].
inline constexpr const char* key_process_role = "key-process";

/// Its exit status.
enum class KeyProcessExit : int {
    ended = 0,           ///< the channel's end, or after a vault that did not open
    failed = 1,          ///< memory or the system failed it
    not_a_service = 2,   ///< a person started it
    bad_request = 3,     ///< KeyServerError
    bad_randomness = 4,  ///< its source of randomness failed or raised an alarm
    traced =
        10,  ///< a debugger was attached from the start; the code of the whole program (app/exit_code.hpp)
};
/// Why a key process ended, one line for the user.
[[nodiscard]] std::string describe_key_process(const ProcessEnd& end);

/// Serves `server` over `socket` until the channel ends.
[[nodiscard]] KeyProcessExit serve_keys(int socket, KeyServer& server);

/// The whole life of the key process once it is hardened: serves on descriptor 3. `rng` is the source of all of its randomness. The
/// caller ends the process with leave_key_process().
[[nodiscard]] KeyProcessExit run_key_process(Rng& rng, const HardeningReport& hardening);

/// Ends the process without the library's exit handlers, which may want files.
[[noreturn]] void leave_key_process(KeyProcessExit status);

}  // namespace chat
