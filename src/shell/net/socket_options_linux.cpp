#include <cerrno>

#include <sys/socket.h>

#include "shell/net/socket_options.hpp"

namespace chat {

namespace {

std::error_code switch_on(int socket, int option) {
    const int on = 1;
    if (setsockopt(socket, SOL_SOCKET, option, &on, sizeof on) == 0) return {};
    return {errno, std::generic_category()};
}

}  // namespace

std::error_code share_port(int socket) {
    if (const auto error = switch_on(socket, SO_REUSEADDR)) return error;
    return switch_on(socket, SO_REUSEPORT);
}

std::error_code let_others_share_port(int listening_socket) {
    return switch_on(listening_socket, SO_REUSEPORT);
}

}  // namespace chat
