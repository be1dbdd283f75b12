#pragma once
/// A home of its own for the identities of one test, and the program's `identity` command in it.

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/bytes.hpp"
#include "cli/program.hpp"

namespace chat::test {

class Identities : public testing::Test {
  protected:
    Identities();

    /// `identity ...` with `lines` on standard input, which is the descriptor for passphrases.
    [[nodiscard]] Outcome identity(std::vector<std::string> arguments, std::string_view lines = {}) const;
    /// Creates it under "open sesame", in a file; its fingerprint.
    std::string create(const std::string& name = "default") const;

    [[nodiscard]] std::string folder() const { return home.file("secure-p2p/identities"); }
    [[nodiscard]] std::string vault(const std::string& name = "default") const {
        return folder() + "/" + name + ".vault";
    }

    TemporaryFolder home;
};

/// What stands behind "fingerprint: ".
[[nodiscard]] std::string fingerprint_in(const std::string& output);
/// One line on standard error that holds `text`, and the exit status `status`.
void expect_failure(const Outcome& outcome, int status, const std::string& text);

[[nodiscard]] Bytes content_of(const std::string& path);
void write_file(const std::string& path, const Bytes& content);

}  // namespace chat::test
