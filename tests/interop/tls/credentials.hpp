#pragma once
/// Certificates and keys as files, made by the openssl program and not by the project.

#include <string>

#include "base/bytes.hpp"

namespace chat::test {

/// A folder that is gone when the object dies.
class TemporaryFolder {
  public:
    TemporaryFolder();
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder();
    [[nodiscard]] const std::string& path() const { return path_; }

  private:
    std::string path_;
};

struct Credentials {
    std::string certificate_file;  ///< PEM
    std::string key_file;          ///< PEM
    Bytes der;
};

/// A fresh self-signed certificate. `algorithm` as for `openssl req -newkey`: "mldsa87", "rsa:2048", "ec" (P-384).
[[nodiscard]] Credentials make_credentials(const TemporaryFolder& folder, const std::string& algorithm,
                                           const std::string& name);

}  // namespace chat::test
