#pragma once
/// What neither the network process nor the device process ever does.

#include <initializer_list>

#include "process_protection/seccomp_linux.hpp"

namespace chat {

/// Programs, other processes, the kernel, new namespaces and executable memory: ends the process, or fails with EPERM where a library
/// may ask in good faith.
void deny_what_nothing_needs(SeccompFilter& filter);

/// Sockets of the families in `allowed` (AF_..., below 64) stay; others fail with EPERM.
void deny_socket_families_but(SeccompFilter& filter, std::initializer_list<unsigned> allowed);

}  // namespace chat
