#include "keys/identities.hpp"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iterator>

namespace chat::test {

Identities::Identities() {
    // Every program that the test starts inherits this.
    ::setenv("XDG_DATA_HOME", home.path().c_str(), 1);
    ::setenv("HOME", home.path().c_str(), 1);
}

Outcome Identities::identity(std::vector<std::string> arguments, std::string_view lines) const {
    arguments.insert(arguments.begin(), "identity");
    arguments.insert(arguments.end(), {"--passphrase-fd", "0"});
    return run(arguments, lines);
}

std::string Identities::create(const std::string& name) const {
    const Outcome made = identity({"create", "--identity-name", name}, "open sesame");
    EXPECT_EQ(made.status, 0) << made.errors;
    return fingerprint_in(made.output);
}

std::string fingerprint_in(const std::string& output) {
    constexpr std::string_view before = "fingerprint: ";
    const std::size_t start = output.find(before);
    if (start == std::string::npos) return {};
    return output.substr(start + before.size(), 64);
}

void expect_failure(const Outcome& outcome, int status, const std::string& text) {
    EXPECT_EQ(outcome.status, status) << outcome.output << outcome.errors;
    EXPECT_NE(outcome.errors.find(text), std::string::npos) << outcome.errors;
    EXPECT_EQ(std::ranges::count(outcome.errors, '\n'), 1) << outcome.errors;
}

Bytes content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
}

void write_file(const std::string& path, const Bytes& content) {
    std::ofstream file{path, std::ios::binary};
    std::ranges::copy(content, std::ostreambuf_iterator<char>{file});
}

}  // namespace chat::test
