#include <sys/socket.h>

#include "process_protection/deny_list_linux.hpp"
#include "process_protection/flavour.hpp"
#include "process_protection/landlock_linux.hpp"
#include "process_protection/sandbox.hpp"

namespace chat {

SandboxReport confine_device_process() {
    SandboxReport report;
    if constexpr (!coverage_build) {
        // Token modules keep their objects in files of their own choice, so only execution is given up there.
        landlock::Rules rules;
        rules.given_up = sanitized_build ? 0 : landlock::execute;
        rules.give_up_tcp = true;
        rules.give_up_signals = true;
        report.landlock = landlock::restrict_self(rules);
    }
    SeccompFilter filter{SCMP_ACT_ALLOW};
    deny_what_nothing_needs(filter);
    deny_socket_families_but(filter, {AF_UNIX});
    report.seccomp = filter.load();
    return report;
}

}  // namespace chat
