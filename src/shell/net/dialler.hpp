#pragma once
/// Connects to a peer who may have several addresses (p2p_core/connector.hpp decides when and in which
/// order).

#include <functional>
#include <memory>
#include <vector>

#include "p2p_core/connector.hpp"
#include "shell/net/loop.hpp"
#include "shell/net/resolver.hpp"
#include "shell/net/stream.hpp"

namespace chat {

struct DialOptions {
    std::vector<HostPort> places;  ///< --via gives exactly one
    /// first_confirmed: every connected stream is handed out, and confirm() or reject() says which one is the
    /// peer.
    DialWinner winner = DialWinner::first_confirmed;
    DialLimits limits;
    StreamLimits stream;
    /// Connect from this port, which may be the one listened on, so that both peers can punch a hole in their
    /// translators (TCP simultaneous open). 0: any.
    u16 source_port = 0;
};

class Dialler {
  public:
    struct Events {
        /// Under first_connected: once. Under first_confirmed: once for each address that connects, while
        /// undecided.
        std::function<void(AttemptId, std::unique_ptr<Stream>)> on_connected;
        /// One address or name failed, with the reason; for showing as it happens. May be empty.
        std::function<void(const DialReportLine&)> on_progress;
        /// Nothing is left to try, or time is up; the report has a line for each address. Called once, never
        /// after a winner.
        std::function<void(const std::vector<DialReportLine>&)> on_failed;
        /// Under first_confirmed: this stream, handed out earlier, lost to another one (or time is up); drop
        /// it.
        std::function<void(AttemptId)> on_lost;
    };

    /// Begins at once; callbacks come from the loop. `resolver` outlives the Dialler.
    Dialler(Loop& loop, Resolver& resolver, DialOptions options, Events events);
    Dialler(const Dialler&) = delete;
    Dialler& operator=(const Dialler&) = delete;
    /// Gives up without callbacks. Streams that were handed out live on.
    ~Dialler();

    /// This attempt's stream has shown to be the peer's; all others are aborted.
    void confirm(AttemptId attempt);
    /// This attempt's stream broke or answered wrongly; the others go on.
    void reject(AttemptId attempt, NetError why);

    [[nodiscard]] const std::vector<DialReportLine>& report() const;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace chat
