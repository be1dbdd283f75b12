#pragma once
/// Waits for connections and lets in those that bring a valid hello; all others are held and reset by p2p_core/admission.hpp.

#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "base/result.hpp"
#include "base/rng.hpp"
#include "p2p_core/admission.hpp"
#include "p2p_core/net_address.hpp"
#include "p2p_core/net_error.hpp"
#include "shell/net/loop.hpp"
#include "shell/net/stream.hpp"

namespace chat {

struct ListenOptions {
    /// Addresses to bind (--bind); none: every address, IPv6 and IPv4.
    std::vector<IpAddress> bind;
    /// 0: any free port (the same one for every address).
    u16 port = 0;
    AdmissionLimits admission;
};

/// Which address or port couldn't be had.
struct ListenFailure {
    SocketAddress where;
    NetError error = NetError::unexpected;
};
/// "port 7000 is in use by another program".
[[nodiscard]] std::string describe(const ListenFailure& failure);

enum class HelloVerdict : u8 { unknown, valid };

class Listener {
  public:
    struct Events {
        /// Tries a hello under every live secret; called once for each connection at most.
        std::function<HelloVerdict(ConnectionId, ByteView hello, const SocketAddress& from)> on_hello;
        /// Right after a valid verdict. What came behind the hello is the stream's first bytes. Until established() the listener
        /// resets the stream at `reset_at` (its on_failure is then called with timed_out).
        std::function<void(ConnectionId, std::unique_ptr<Stream>, Time reset_at)> on_admitted;
    };

    /// Binds and listens, or says which address or port couldn't be had: never another port in silence.
    [[nodiscard]] static Result<std::unique_ptr<Listener>, ListenFailure> open(Loop& loop, Rng& rng,
                                                                               const ListenOptions& options,
                                                                               Events events);
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    /// Stops listening; resets what it holds. Streams that were handed out live on.
    ~Listener();

    /// Layer 1 stands (a right finish came): the stream is its owner's alone from now on.
    void established(ConnectionId connection);
    /// What came after the hello was wrong: the stream is taken back, its input discarded, and reset when its time has come.
    void refuse(ConnectionId connection, std::unique_ptr<Stream> stream);

    [[nodiscard]] u16 port() const;
    /// What is listened on, for status lines.
    [[nodiscard]] const std::vector<SocketAddress>& bound() const;
    /// Connections now held without a valid hello, and how many there have been: for the security monitor.
    [[nodiscard]] std::size_t held() const;
    [[nodiscard]] u64 turned_away() const;

  private:
    struct Impl;
    explicit Listener(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace chat
