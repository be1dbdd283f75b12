#pragma once
/// Name lookups on threads of their own, since the system's lookup can't be cancelled. Nobody ever waits for
/// such a thread: not the loop, not the end of the program.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "p2p_core/host_port.hpp"
#include "p2p_core/net_error.hpp"
#include "shell/net/loop.hpp"

namespace chat {

using Addresses = Result<std::vector<SocketAddress>, NetError>;

class Resolver {
  public:
    /// Blocking; runs on a thread of its own and must own what it uses.
    using Lookup = std::function<Result<std::vector<IpAddress>, NetError>(const std::string& name)>;

    /// With the system's resolver (getaddrinfo).
    explicit Resolver(Loop& loop);
    Resolver(Loop& loop, Lookup lookup);
    Resolver(const Resolver&) = delete;
    Resolver& operator=(const Resolver&) = delete;
    /// Answers still to come are dropped.
    ~Resolver();

    /// Calls back on the loop with at least one address or an error. An address (and its zone) needs no
    /// lookup. At most 8 lookups run at once, the others wait.
    void resolve(const HostPort& place, std::function<void(Addresses)> callback);

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace chat
