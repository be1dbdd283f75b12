#pragma once
/// What /proc tells of a process.

#include <sys/types.h>

#include <chrono>
#include <string>
#include <vector>

namespace chat::test {

[[nodiscard]] std::vector<pid_t> children_of(pid_t parent);
/// The one child that runs in `role`. Throws when there is none.
[[nodiscard]] pid_t child_in_role(pid_t parent, const std::string& role);
/// The value of a line in /proc/PID/status: "2" for "Seccomp".
[[nodiscard]] std::string status_of(pid_t process, const std::string& name);
/// Where the descriptors lead: "3 socket:[1234]".
[[nodiscard]] std::vector<std::string> descriptors_of(pid_t process);

/// A process that is to be waited for, whoever its parent is. Made while it lives.
class ProcessWatch {
  public:
    explicit ProcessWatch(pid_t process);
    ProcessWatch(const ProcessWatch&) = delete;
    ProcessWatch& operator=(const ProcessWatch&) = delete;
    ~ProcessWatch();
    /// False when it still runs then.
    [[nodiscard]] bool ends_within(std::chrono::milliseconds limit) const;

  private:
    int descriptor_;
};

}  // namespace chat::test
