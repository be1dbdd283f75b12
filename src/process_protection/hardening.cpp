#include "process_protection/hardening.hpp"

namespace chat {

std::string_view describe(HardeningError error) {
    switch (error) {
        case HardeningError::traced:
            return "a debugger or tracer watches this program, so no key would be secret; start it without "
                   "one, or "
                   "with --allow-debugger";
    }
    return "";
}

std::string warnings(const HardeningReport& report, Debugger debugger) {
    std::string out;
    const auto add = [&out](std::string_view line) { out += (out.empty() ? "" : "\n") + std::string{line}; };
    if (report.traced)
        add("a debugger or tracer is attached: it sees every key and every text of this session");
    if (debugger == Debugger::allowed) {
        add("--allow-debugger: other programs of this user can read this program's memory");
    } else if (!report.unreadable_by_others) {
        add("this system does not keep other programs of this user from reading this program's memory");
    }
    if (!report.core_dumps_off)
        add("this system may write a crash dump of this program, with its keys, to disk");
    if (report.locked_memory < wanted_locked_memory) {
        add("only " + std::to_string(report.locked_memory / 1024) + " KiB may be locked in RAM (" +
            std::to_string(wanted_locked_memory / 1024) +
            " are wanted): keys may reach the swap space; raise it with `ulimit -l` or memlock in "
            "/etc/security/limits.conf");
    }
    return out;
}

}  // namespace chat
