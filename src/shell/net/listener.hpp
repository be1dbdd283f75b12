#pragma once
/// Waits for connections. What becomes of one that doesn't know a secret is decided by
/// p2p_core/admission.hpp, which the owner of the streams runs; a stream is handed over at once, and bytes
/// that came with it are read before the next one is accepted.

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "p2p_core/net_address.hpp"
#include "p2p_core/net_error.hpp"
#include "shell/net/loop.hpp"
#include "shell/net/stream.hpp"

namespace chat {

struct ListenOptions {
    /// Addresses to bind (--bind); none: every address, IPv6 and IPv4 (or only one of them, where the machine
    /// has only one).
    std::vector<IpAddress> bind;
    /// 0: any free port (the same one for every address).
    u16 port = 0;
    StreamLimits stream;
};

/// Which address or port couldn't be had.
struct ListenFailure {
    SocketAddress where;
    NetError error = NetError::unexpected;
};
/// "port 7000 is in use by another program".
[[nodiscard]] std::string describe(const ListenFailure& failure);

class Listener {
  public:
    struct Events {
        /// Call start() on it (or reset it) before returning.
        std::function<void(std::unique_ptr<Stream>)> on_accepted;
        /// Accepting failed (too_many_files); it is tried again by itself after a pause. May be empty.
        std::function<void(NetError)> on_trouble;
    };

    /// Binds and listens, or says which address or port couldn't be had: never another port in silence.
    [[nodiscard]] static Result<std::unique_ptr<Listener>, ListenFailure> open(Loop& loop,
                                                                               const ListenOptions& options,
                                                                               Events events);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    /// Stops listening. Streams that were handed out live on.
    ~Listener();

    [[nodiscard]] u16 port() const;
    /// What is listened on, for status lines.
    [[nodiscard]] const std::vector<SocketAddress>& bound() const;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;

  public:
    /// For open().
    explicit Listener(std::shared_ptr<Impl> impl);
};

}  // namespace chat
