#pragma once
/// Asks STUN servers over real sockets; p2p_core/stun_survey.hpp decides what is asked, how often and what it
/// means.

#include <functional>
#include <memory>

#include "base/rng.hpp"
#include "p2p_core/stun_survey.hpp"
#include "shell/net/loop.hpp"
#include "shell/net/resolver.hpp"

namespace chat {

class StunClient {
  public:
    struct Events {
        /// One server answered or failed; for showing as it happens. May be empty.
        std::function<void(const StunProbe&)> on_progress;
        /// Called once, at the latest when options.total has passed.
        std::function<void(const StunSurveyResult&)> on_finished;
    };

    /// Begins at once; callbacks come from the loop. TCP questions leave from `tcp_source_port` (0: any),
    /// which may be the port listened on, so that the answer tells what a peer would have to dial. `resolver`
    /// and `rng` outlive the client.
    StunClient(Loop& loop, Resolver& resolver, Rng& rng, StunSurveyOptions options, u16 tcp_source_port,
               Events events);
    StunClient(const StunClient&) = delete;
    StunClient& operator=(const StunClient&) = delete;
    /// Gives up without callbacks.
    ~StunClient();

    [[nodiscard]] const StunSurveyResult& result() const;

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace chat
