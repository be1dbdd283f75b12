#pragma once
/// Holds a process at the very end of its life, when all of its own code has run and its memory is still there.

#include <functional>
#include <vector>

namespace chat::test {

class StopAtExit {
  public:
    /// A child of this process that lets itself be traced. Throws std::runtime_error.
    explicit StopAtExit(int process);
    /// Lets it run to its end, calls `at_end` there, and lets it go. Throws when it does not end within the patience of the tests, or ends
    /// otherwise.
    void wait(const std::function<void()>& at_end);

  private:
    int process_;
};

/// `process` and all that descend from it.
[[nodiscard]] std::vector<int> family_of(int process);

}  // namespace chat::test
