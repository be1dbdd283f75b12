#include "secure_key_manager/isolation/keys/key_protection.hpp"

namespace chat {

std::string describe(const KeyProtection& protection) {
    std::string out = "in this process, which talks to the network";
    if (protection.own_process) {
        out = "in a process of their own";
        const std::string landlock = "Landlock ABI " + std::to_string(protection.landlock);
        if (protection.no_system_calls) {
            out += ", without network and files (seccomp" +
                   (protection.landlock > 0 ? ", " + landlock : std::string{}) + ")";
        } else {
            out += protection.landlock > 0
                       ? ", without files (" + landlock + "), but not without network: no seccomp"
                       : ", which this system can't keep from network and files";
        }
    }
    out += protection.memory_locked ? ", locked in memory" : ", NOT locked in memory (see the limit memlock)";
    out += protection.unreadable ? ", closed to debuggers" : ", OPEN to debuggers";
    return out;
}

}  // namespace chat
