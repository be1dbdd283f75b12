#pragma once
/// Options of sockets that differ from platform to platform.

#include <system_error>

namespace chat {

/// For a socket that connects from the port another socket of this program listens on. Before bind.
[[nodiscard]] std::error_code share_port(int socket);

/// Lets share_port() sockets join a socket that listens already. Done after bind and listen, so that these
/// are refused while another program has the port.
[[nodiscard]] std::error_code let_others_share_port(int listening_socket);

}  // namespace chat
