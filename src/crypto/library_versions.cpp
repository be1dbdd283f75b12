#include "crypto/library_versions.hpp"

#include <openssl/crypto.h>
#include <sodium.h>

namespace chat {

std::string library_versions() {
    return std::string{"OpenSSL "} + OpenSSL_version(OPENSSL_VERSION_STRING) + ", libsodium " +
           sodium_version_string();
}

}  // namespace chat
