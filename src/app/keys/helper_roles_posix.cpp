#include <string_view>

#include "app/keys/helper_roles.hpp"
#include "crypto/tested_system_rng.hpp"
#include "secure_key_manager/backends/custody_process.hpp"
#include "secure_key_manager/isolation/device/device_process.hpp"
#include "secure_key_manager/isolation/keys/key_process.hpp"

namespace chat {

std::optional<int> run_as_helper(int argc, char** argv, const HardeningReport& hardening) {
    if (argc != 2) return std::nullopt;
    if (std::string_view{argv[1]} == key_process_role) {
        TestedSystemRng rng;
        leave_key_process(run_key_process(rng, hardening));
    }
    if (std::string_view{argv[1]} == device_process_role) leave_device_process(run_device_process());
    if (std::string_view{argv[1]} == custody_role) return run_custody_process();
    return std::nullopt;
}

}  // namespace chat
