#pragma once
/// Certificates and keys as files, made by the openssl program and not by the project.

#include <string>

#include "base/bytes.hpp"
#include "support/temporary_folder.hpp"

namespace chat::test {

struct Credentials {
    std::string certificate_file;  ///< PEM
    std::string key_file;          ///< PEM
    Bytes der;
};

/// A fresh self-signed certificate. `algorithm` as for `openssl req -newkey`: "mldsa87", "rsa:2048", "ec" (P-384).
[[nodiscard]] Credentials make_credentials(const TemporaryFolder& folder, const std::string& algorithm,
                                           const std::string& name);

}  // namespace chat::test
