#include "process_protection/sandbox.hpp"

namespace chat {

SandboxReport confine_key_process(int /*socket*/) { return {}; }

SandboxReport confine_device_process() { return {}; }

SandboxReport confine_network_process(const NetworkProcessNeeds& /*needs*/) { return {}; }

}  // namespace chat
