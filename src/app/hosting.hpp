#pragma once
/// Waiting for a guest: port, addresses, STUN, invite.

#include <functional>
#include <memory>
#include <vector>

#include "app/chat/chat.hpp"
#include "p2p_core/invite.hpp"
#include "shell/net/stun_client.hpp"

namespace chat {

/// The addresses at which this machine may be reached, in the order in which a guest should try them.
class AddressFinder {
  public:
    using Found = std::function<void(std::vector<Endpoint>)>;

    AddressFinder(Environment& environment, Console& console, const Options& options);
    /// Shows what the STUN servers answered and calls back once with every address at which `port` may be reached (0: not known
    /// yet).
    void find(u16 port, Found found);
    /// The machine's own addresses.
    [[nodiscard]] std::vector<Endpoint> local(u16 port) const;

  private:
    void finished(const StunSurveyResult& result, u16 port, const Found& found);

    Environment& environment_;
    Console& console_;
    const Options& options_;
    std::unique_ptr<StunClient> client_;
};

/// Listens, makes and prints the invite (or waits openly). An error is one line and an exit code.
class Hosting {
  public:
    Hosting(Environment& environment, Console& console, const Options& options, Chat& chat);
    [[nodiscard]] ExitCode begin();

  private:
    void make_invite(std::vector<Endpoint> endpoints);
    void print_invite(const SecretBuffer& text);

    Environment& environment_;
    Console& console_;
    const Options& options_;
    Chat& chat_;
    AddressFinder addresses_;
};

}  // namespace chat
