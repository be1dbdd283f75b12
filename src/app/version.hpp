#pragma once

#include <string>

namespace chat {

/// "secure-p2p 0.1.0 (OpenSSL 3.5.x, libsodium 1.0.x)", the libraries as they are at run time.
[[nodiscard]] std::string version_text();

}  // namespace chat
