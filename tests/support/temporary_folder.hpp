#pragma once
/// A private folder for one test's files. POSIX only, like the tests that use it.

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace chat::test {

/// Gone with the object, and all that is in it.
class TemporaryFolder {
  public:
    TemporaryFolder() : path_{std::filesystem::temp_directory_path() / "secure-p2p-test-XXXXXX"} {
        if (::mkdtemp(path_.data()) == nullptr) throw std::runtime_error{"no temporary folder"};
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }

    [[nodiscard]] std::string file(std::string_view name) const { return path_ + "/" + std::string{name}; }
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

}  // namespace chat::test
