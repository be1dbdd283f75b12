#include "process_protection/landlock_linux.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>

namespace chat::landlock {
namespace {

/// struct landlock_ruleset_attr with what later kernels added; an older one is told the shorter size.
struct RulesetAttributes {
    std::uint64_t file_system = 0;
    std::uint64_t network = 0;  ///< ABI 4
    std::uint64_t scopes = 0;   ///< ABI 6
};
constexpr std::uint64_t bind_tcp = 1U << 0;
constexpr std::uint64_t connect_tcp = 1U << 1;
constexpr std::uint64_t scope_abstract_sockets = 1U << 0;
constexpr std::uint64_t scope_signals = 1U << 1;

constexpr Access for_files = execute | write_file | read_file | truncate | device_control;

/// How many of the rights the kernel of that ABI knows; it refuses a request with one that it doesn't.
Access known(int version) {
    constexpr std::array bits{13, 14, 15, 15, 16};  // ABI 1 to 5
    const auto index = static_cast<std::size_t>(std::min<int>(version, bits.size())) - 1;
    return (Access{1} << static_cast<unsigned>(bits[index])) - 1;
}

std::size_t size_for(int version) {
    if (version >= 6) return sizeof(RulesetAttributes);
    return version >= 4 ? 2 * sizeof(std::uint64_t) : sizeof(std::uint64_t);
}

void keep(int ruleset, const Rule& rule, Access possible) {
    const int path = ::open(rule.path.c_str(), O_PATH | O_CLOEXEC);
    if (path < 0) return;
    struct stat info {};
    landlock_path_beneath_attr attributes{};
    attributes.parent_fd = path;
    attributes.allowed_access = rule.access & possible;
    // The kernel refuses rights that make sense for folders only when the path is a file.
    if (::fstat(path, &info) == 0 && !S_ISDIR(info.st_mode)) attributes.allowed_access &= for_files;
    if (attributes.allowed_access != 0)
        ::syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &attributes, 0);
    ::close(path);
}

}  // namespace

int abi() {
    const long version = ::syscall(SYS_landlock_create_ruleset, nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? static_cast<int>(version) : 0;
}

int restrict_self(const Rules& rules) {
    const int version = abi();
    if (version == 0) return 0;
    RulesetAttributes attributes;
    attributes.file_system = rules.given_up & known(version);
    if (rules.give_up_tcp && version >= 4) attributes.network = bind_tcp | connect_tcp;
    if (rules.give_up_signals && version >= 6) attributes.scopes |= scope_signals;
    if (rules.give_up_abstract_sockets && version >= 6) attributes.scopes |= scope_abstract_sockets;
    const long ruleset = ::syscall(SYS_landlock_create_ruleset, &attributes, size_for(version), 0);
    if (ruleset < 0) return 0;
    for (const Rule& rule : rules.kept) keep(static_cast<int>(ruleset), rule, attributes.file_system);
    const bool held = ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
                      ::syscall(SYS_landlock_restrict_self, static_cast<int>(ruleset), 0) == 0;
    ::close(static_cast<int>(ruleset));
    return held ? version : 0;
}

}  // namespace chat::landlock
