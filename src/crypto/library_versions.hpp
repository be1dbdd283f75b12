#pragma once
/// Which cryptographic libraries the program runs with.

#include <string>

namespace chat {

/// "OpenSSL 3.5.x, libsodium 1.0.x", as they are at run time.
[[nodiscard]] std::string library_versions();

}  // namespace chat
