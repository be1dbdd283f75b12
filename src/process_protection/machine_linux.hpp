#pragma once
/// A Linux machine as far as the survey looks at it: its files below a root, and what only the kernel can answer. Tests make their own.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "process_protection/facilities.hpp"

namespace chat {

struct KernelAnswers {
    std::uint64_t locked_memory = 0;  ///< bytes; unlimited_memory (hardening.hpp): no limit
    bool memfd_secret = false;
    bool seccomp = false;
    int landlock = 0;  ///< ABI
    bool random_ready = false;
    std::optional<bool> clock_synchronised;
};
[[nodiscard]] KernelAnswers ask_kernel();

class Machine {
  public:
    /// `root` "" is the real one; `home` is where this user's PKCS#11 configuration is looked for.
    Machine(std::string root, std::string home, KernelAnswers kernel)
        : root_{std::move(root)}, home_{std::move(home)}, kernel_{kernel} {}

    [[nodiscard]] const KernelAnswers& kernel() const { return kernel_; }
    [[nodiscard]] const std::string& home() const { return home_; }
    /// At most 64 KiB of a file, without white space at the end; nothing when it can't be read.
    [[nodiscard]] std::optional<std::string> read(const std::string& path) const;
    [[nodiscard]] bool exists(const std::string& path) const;
    [[nodiscard]] bool readable_and_writable(const std::string& path) const;
    /// Names in a folder, sorted; none when it can't be read.
    [[nodiscard]] std::vector<std::string> list(const std::string& folder) const;

  private:
    std::string root_;
    std::string home_;
    KernelAnswers kernel_;
};

[[nodiscard]] std::vector<Facility> survey_facilities(const Machine& machine);

/// Lines of a text; words of a line.
[[nodiscard]] std::vector<std::string> split(std::string_view text, char at);
[[nodiscard]] std::vector<std::string> words_of(std::string_view text);

// The parts of the survey.
void survey_kernel(const Machine& machine, std::vector<Facility>& out);
void survey_storage(const Machine& machine, std::vector<Facility>& out);
void survey_hardware(const Machine& machine, std::vector<Facility>& out);

}  // namespace chat
