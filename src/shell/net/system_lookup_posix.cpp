#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <memory>

#include "shell/net/sockaddr_posix.hpp"
#include "shell/net/system_lookup.hpp"

namespace chat {

Result<std::vector<IpAddress>, NetError> system_lookup(const std::string& name) {
    addrinfo hints{};
    hints.ai_family = AF_UNSPEC;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* raw = nullptr;
    const int code = getaddrinfo(name.c_str(), nullptr, &hints, &raw);
    const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> list{raw, &freeaddrinfo};
    if (code == EAI_NONAME) return fail(NetError::name_not_found);
#ifdef EAI_NODATA
    if (code == EAI_NODATA) return fail(NetError::name_not_found);
#endif
    if (code != 0) return fail(NetError::name_lookup_failed);
    std::vector<IpAddress> out;
    for (const addrinfo* entry = list.get(); entry != nullptr; entry = entry->ai_next) {
        const auto ip = ip_of(entry->ai_addr);
        if (ip && std::find(out.begin(), out.end(), *ip) == out.end()) out.push_back(*ip);
    }
    if (out.empty()) return fail(NetError::name_not_found);
    return out;
}

}  // namespace chat
