#include <sys/socket.h>

#include <array>

#include "process_protection/deny_list_linux.hpp"
#include "process_protection/flavour.hpp"
#include "process_protection/landlock_linux.hpp"
#include "process_protection/sandbox.hpp"

namespace chat {
namespace {

/// What the C library reads when it looks up a name or loads the modules for that, on the usual systems; and this process's own
/// state. Homes are not among them.
constexpr std::array readable = {"/etc",
                                 "/usr/lib",
                                 "/usr/lib32",
                                 "/usr/lib64",
                                 "/usr/libexec",
                                 "/usr/share",
                                 "/usr/local/lib",
                                 "/usr/local/share",
                                 "/lib",
                                 "/lib64",
                                 "/nix/store",
                                 "/gnu/store",
                                 "/run/systemd/resolve",
                                 "/run/NetworkManager",
                                 "/run/resolvconf",
                                 "/run/connman",
                                 "/run/nscd",
                                 "/var/lib/sss/mc",
                                 "/var/db/nscd",
                                 "/mnt/wsl",
                                 "/proc/self",
                                 "/proc/sys",
                                 "/proc/net",
                                 "/sys/devices/system/cpu",
                                 "/dev/urandom",
                                 "/dev/random"};
/// The process's own; those that were open before stay so. /dev/pts would let it read what is typed in the person's other terminals.
constexpr std::array terminals = {"/dev/tty", "/dev/null", "/dev/zero"};

landlock::Rules rules_for(const NetworkProcessNeeds& needs) {
    using landlock::Rules, landlock::device_control, landlock::execute, landlock::make_file,
        landlock::read_file, landlock::read_folder, landlock::remove_file, landlock::truncate,
        landlock::write_file;
    Rules rules;
    rules.give_up_abstract_sockets = true;
    for (const char* const path : readable) rules.kept.push_back({path, read_file | read_folder});
    for (const char* const path : terminals)
        rules.kept.push_back({path, read_file | write_file | device_control});
    for (const std::string& path : needs.readable) rules.kept.push_back({path, read_file | read_folder});
    for (const std::string& path : needs.writable) {
        rules.kept.push_back(
            {path, read_file | read_folder | write_file | truncate | make_file | remove_file});
    }
    if constexpr (sanitized_build) rules.kept.push_back({"/", read_file | read_folder | execute});
    return rules;
}

}  // namespace

SandboxReport confine_network_process(const NetworkProcessNeeds& needs) {
    SandboxReport report;
    if constexpr (!coverage_build) report.landlock = landlock::restrict_self(rules_for(needs));
    SeccompFilter filter{SCMP_ACT_ALLOW};
    deny_what_nothing_needs(filter);
    // Local sockets lead to D-Bus, there to the keyring and to whoever starts programs on request, and Landlock does not see them. The C
    // library, which looks for nscd and systemd-resolved there, goes on to DNS without.
    deny_socket_families_but(filter, {AF_INET, AF_INET6, AF_NETLINK});
    report.seccomp = filter.load();
    return report;
}

}  // namespace chat
