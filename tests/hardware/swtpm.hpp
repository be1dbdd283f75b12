#pragma once
/// A real TPM 2.0 in software (swtpm), private to the test: its state in a folder of its own, reached over a UNIX socket.

#include <sys/types.h>

#include <optional>
#include <string>

#include "cli/program.hpp"
#include "support/test_process.hpp"

namespace chat::test {

class Swtpm {
  public:
    /// Started, powered on, with a new owner seed. Throws if swtpm is missing or does not come up.
    Swtpm();
    Swtpm(const Swtpm&) = delete;
    Swtpm& operator=(const Swtpm&) = delete;
    ~Swtpm();

    /// The TCTI string of its socket.
    [[nodiscard]] std::string tcti() const { return "swtpm:path=" + folder_.file("tpm"); }

    /// Off and on again with the same state.
    void restart();
    /// SIGKILL, and waits for its end.
    void kill();
    void start();
    /// It answers nothing from now on.
    void freeze() const;
    void thaw() const;

  private:
    TemporaryFolder folder_;
    std::optional<TestProcess> process_;
    pid_t pid_ = -1;
};

}  // namespace chat::test
