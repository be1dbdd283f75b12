#pragma once
/// Asks several STUN servers at once, over UDP and TCP, IPv4 and IPv6, and draws conclusions: which public
/// addresses this machine has, and whether its translator gives every destination another port.

#include <deque>
#include <optional>
#include <variant>
#include <vector>

#include "base/rng.hpp"
#include "base/time.hpp"
#include "p2p_core/deadlines.hpp"
#include "p2p_core/host_port.hpp"
#include "p2p_core/net_error.hpp"
#include "p2p_core/stun_transaction.hpp"

namespace chat {

/// Why one server gave no address: either the network failed or the answer was no good.
using StunFailure = std::variant<NetError, StunError>;
[[nodiscard]] std::string_view describe(const StunFailure& failure);

/// One server asked over one transport at one address.
struct StunProbe {
    u32 server = 0;  ///< index into the list of servers
    StunTransport transport = StunTransport::udp;
    std::optional<SocketAddress> server_address;  ///< empty: its name gave none
    std::optional<SocketAddress> mapped;          ///< how the server saw us
    std::optional<SocketAddress> local;           ///< what we sent from, where the shell knew it
    std::optional<StunFailure> failure;           ///< set when there is no answer and won't be one
    u16 error_code = 0;                           ///< of an error response, otherwise 0
    Duration took{};
};

/// What the answers say about address translation, for one family and transport. RFC 5780's words.
enum class NatMapping : u8 {
    unknown,               ///< fewer than two servers answered
    none,                  ///< servers see the very address and port we sent from
    endpoint_independent,  ///< every server saw the same
    endpoint_dependent,    ///< servers saw different ports or addresses: punching a hole is unlikely to work
};
[[nodiscard]] std::string_view describe(NatMapping mapping);

struct StunSurveyResult {
    std::vector<StunProbe> probes;
    /// Distinct addresses in order of how many servers saw them; by family.
    [[nodiscard]] std::vector<IpAddress> public_addresses(IpFamily family) const;
    /// What most servers saw of our TCP port. A peer can dial it if the questions left from the port listened
    /// on.
    [[nodiscard]] std::optional<SocketAddress> public_tcp(IpFamily family) const;
    [[nodiscard]] NatMapping mapping(IpFamily family, StunTransport transport) const;
    [[nodiscard]] bool any_answer() const;
};

struct StunSurveyOptions {
    std::vector<HostPort> servers;  ///< at most 16 are asked
    std::vector<StunTransport> transports{StunTransport::udp, StunTransport::tcp};
    std::vector<IpFamily> families{IpFamily::v4, IpFamily::v6};
    Duration total = deadlines::stun_survey;
    Duration stragglers = deadlines::stun_stragglers;
    /// Once this many distinct servers answered for each family and transport that is still open, only
    /// stragglers are waited for.
    std::size_t enough_answers = 2;
};

class StunSurvey {
  public:
    struct Start {};
    struct Resolved {
        u32 server;
        std::vector<SocketAddress> addresses;
    };
    struct ResolveFailed {
        u32 server;
        NetError error;
    };
    /// What the shell sends from to reach this probe's server.
    struct LocalAddress {
        u32 probe;
        SocketAddress local;
    };
    struct Connected {
        u32 probe;
    };
    /// The connection or the datagram couldn't be made, or the connection ended.
    struct Failed {
        u32 probe;
        NetError error;
    };
    struct Datagram {
        SocketAddress source;
        ByteView bytes;  ///< borrowed for the call
    };
    struct StreamBytes {
        u32 probe;
        ByteView bytes;  ///< borrowed for the call
    };
    struct TimePassed {};
    using Input = std::variant<Start, Resolved, ResolveFailed, LocalAddress, Connected, Failed, Datagram,
                               StreamBytes, TimePassed>;

    struct Resolve {
        u32 server;
        HostPort what;
    };
    struct Connect {
        u32 probe;
        SocketAddress address;
    };
    /// All UDP probes of one family go out of one socket, otherwise their answers couldn't be compared.
    struct SendDatagram {
        u32 probe;
        SocketAddress address;
        Bytes bytes;
    };
    struct SendStream {
        u32 probe;
        Bytes bytes;
    };
    struct Close {
        u32 probe;
    };
    /// A probe of result() got its answer or failed.
    struct Progress {
        u32 probe;
    };
    struct Finished {};
    using Output = std::variant<Resolve, Connect, SendDatagram, SendStream, Close, Progress, Finished>;

    StunSurvey(StunSurveyOptions options, Rng& rng);

    void handle(const Input& input, Time now);
    [[nodiscard]] std::optional<Output> poll();
    /// When TimePassed is due; empty once finished.
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] bool finished() const { return finished_; }
    [[nodiscard]] const StunSurveyResult& result() const { return result_; }

  private:
    struct Question {
        StunProbe probe;
        StunTransaction transaction;
    };
    struct Asking {
        StunTransaction transaction;
        StunStreamReader stream;
        Time began{};
        bool over = false;
    };

    void apply(const Start&, Time now);
    void apply(const Resolved& input, Time now);
    void apply(const ResolveFailed& input, Time now);
    void apply(const LocalAddress& input, Time now);
    void apply(const Connected& input, Time now);
    void apply(const Failed& input, Time now);
    void apply(const Datagram& input, Time now);
    void apply(const StreamBytes& input, Time now);
    void apply(const TimePassed&, Time now);

    [[nodiscard]] std::vector<Question> questions_for(const Resolved& input) const;
    [[nodiscard]] bool asked_already(const SocketAddress& address, StunTransport transport) const;
    void ask(Question question, Time now);
    void record_unresolved(u32 server, NetError error);
    void drive(u32 probe, const StunTransaction::Input& input, Time now);
    void end_probe(u32 probe, const StunFailure& failure, Time now);
    void close_probe(u32 probe, Time now);
    void finish_if_done(Time now);
    void finish(Time now);
    [[nodiscard]] bool enough_answers() const;
    [[nodiscard]] bool open(u32 probe) const {
        return probe < asking_.size() && asking_[probe] && !asking_[probe]->over;
    }

    StunSurveyOptions options_;
    Rng& rng_;
    StunSurveyResult result_;
    std::vector<std::optional<Asking>>
        asking_;                   ///< beside result_.probes, same index; empty where nothing was asked
    std::vector<bool> resolving_;  ///< by server
    std::deque<Output> outputs_;
    Time end_at_{};
    bool started_ = false;
    bool finished_ = false;
};

}  // namespace chat
