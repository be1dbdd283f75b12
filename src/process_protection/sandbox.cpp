#include "process_protection/sandbox.hpp"

namespace chat {

std::string describe(const SandboxReport& report) {
    std::string out = report.seccomp ? "seccomp" : "";
    if (report.landlock > 0)
        out += (out.empty() ? "" : ", ") + ("Landlock (ABI " + std::to_string(report.landlock) + ")");
    return out.empty() ? "none" : out;
}

}  // namespace chat
