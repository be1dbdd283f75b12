#include "process_protection/environment_variables.hpp"

#include <algorithm>
#include <array>

namespace chat {
namespace {

using namespace std::string_view_literals;

/// Every name that begins so: the loader, allocators, OpenSSL, TPM library logs and transports, resolver, GLib's modules.
constexpr std::array families = {"LD_"sv,      "DYLD_"sv, "MALLOC_"sv, "OPENSSL_"sv, "SSL_CERT_"sv, "TSS2_"sv,
                                 "P11_KIT_"sv, "GIO_"sv,  "GCONV_"sv,  "RES_"sv,     "SEGFAULT_"sv};
constexpr std::array names = {"SSLKEYLOGFILE"sv,
                              "GLIBC_TUNABLES"sv,
                              "HOSTALIASES"sv,
                              "LOCALDOMAIN"sv,
                              "RESOLV_HOST_CONF"sv,
                              "LOCPATH"sv,
                              "NLSPATH"sv,
                              "GETCONF_DIR"sv,
                              "G_MESSAGES_DEBUG"sv,
                              "TPM2TOOLS_TCTI"sv,
                              "RANDFILE"sv,
                              "NIS_PATH"sv,
                              "TZDIR"sv,
                              "ENV"sv,
                              "BASH_ENV"sv};

}  // namespace

bool is_scrubbed(std::string_view name) {
    return std::ranges::find(names, name) != names.end() ||
           std::ranges::any_of(families,
                               [name](std::string_view family) { return name.starts_with(family); });
}

}  // namespace chat
