#include "app/version.hpp"

#include "crypto/library_versions.hpp"

namespace chat {

std::string version_text() { return "secure-p2p " CHAT_VERSION " (" + library_versions() + ")"; }

}  // namespace chat
