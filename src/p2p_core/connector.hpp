#pragma once
/// Happy eyeballs (RFC 8305) as a machine: places to dial in, attempts to start out. It interleaves IPv6 and
/// IPv4, starts an attempt every 250 ms or as soon as the one before failed, gives each attempt and the whole
/// a deadline, and keeps one report line for each address with the reason why it failed.
///
/// With DialWinner::first_confirmed a connected attempt has not won yet: another machine may hold the private
/// address that an invite names. Each connected attempt is handed out; the others go on, more slowly, until
/// the owner says which one is the peer (AttemptConfirmed) or that one isn't (AttemptFailed,
/// NetError::not_the_peer).
///
/// Contract: handle() one input, then poll() until empty.

#include <deque>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/time.hpp"
#include "p2p_core/deadlines.hpp"
#include "p2p_core/host_port.hpp"
#include "p2p_core/net_error.hpp"

namespace chat {

/// Who ends the race: the first to connect, or the first that the owner confirmed.
enum class DialWinner : u8 { first_connected, first_confirmed };

struct DialLimits {
    Duration stagger = deadlines::attempt_stagger;
    Duration unconfirmed_stagger = deadlines::unconfirmed_stagger;
    Duration lookup = deadlines::name_lookup;
    Duration attempt = deadlines::connect_attempt;
    /// For connecting. What is connected by then may still be confirmed; its owner bounds that.
    Duration total = deadlines::dial_total;
    /// Addresses tried at most, over all places: an invite holds 16 places, a name may have any number of
    /// addresses.
    std::size_t addresses = 32;
};

using AttemptId = u32;

/// What became of one address (or of a name that gave none).
struct DialReportLine {
    enum class State : u8 {
        waiting,  ///< not tried (yet)
        running,
        connected,  ///< not yet known to be the peer
        won,
        failed,
    };
    std::string place;                     ///< as it was asked for: "peer.example:7000"
    std::optional<SocketAddress> address;  ///< empty: the lookup itself failed
    State state = State::waiting;
    NetError error = NetError::cancelled;  ///< why; holds when state is failed
    Duration took{};                       ///< from the start of the attempt (or lookup) to its end
};
/// One line for a person: "192.0.2.1:7000 (peer.example:7000): connection refused after 12 ms".
[[nodiscard]] std::string describe(const DialReportLine& line);

class Connector {
  public:
    struct Start {};
    struct Resolved {
        u32 place;
        std::vector<SocketAddress> addresses;  ///< in the order of RFC 6724 as the system gave them
    };
    struct ResolveFailed {
        u32 place;
        NetError error;
    };
    struct AttemptConnected {
        AttemptId attempt;
    };
    struct AttemptConfirmed {
        AttemptId attempt;
    };
    struct AttemptFailed {
        AttemptId attempt;
        NetError error;
    };
    struct TimePassed {};
    struct Cancel {};
    using Input = std::variant<Start, Resolved, ResolveFailed, AttemptConnected, AttemptConfirmed,
                               AttemptFailed, TimePassed, Cancel>;

    struct Resolve {
        u32 place;
        HostPort what;
    };
    struct StartAttempt {
        AttemptId attempt;
        SocketAddress address;
    };
    /// Close it without a word; nothing more about it needs to be reported.
    struct AbortAttempt {
        AttemptId attempt;
    };
    /// A line of the report changed to failed, for showing as it happens; index into report().
    struct Progress {
        std::size_t line;
    };
    struct Won {
        AttemptId attempt;
    };
    struct GaveUp {};
    using Output = std::variant<Resolve, StartAttempt, AbortAttempt, Progress, Won, GaveUp>;

    Connector(std::vector<HostPort> places, DialWinner winner, DialLimits limits = {});

    void handle(const Input& input, Time now);
    [[nodiscard]] std::optional<Output> poll();
    /// When TimePassed is due; empty once finished.
    [[nodiscard]] std::optional<Time> deadline() const;
    [[nodiscard]] bool finished() const { return stage_ == Stage::finished; }
    /// One line for each address tried and for each name without an address. Complete once finished.
    [[nodiscard]] const std::vector<DialReportLine>& report() const { return lines_; }

  private:
    enum class Stage : u8 { idle, racing, finished };
    struct Place {
        HostPort what;
        bool open = false;  ///< its lookup is still on its way
        Time asked{};
    };
    struct Attempt {
        Time started{};
        Time deadline{};
    };

    void apply(const Start&, Time now);
    void apply(const Resolved& input, Time now);
    void apply(const ResolveFailed& input, Time now);
    void apply(const AttemptConnected& input, Time now);
    void apply(const AttemptConfirmed& input, Time now);
    void apply(const AttemptFailed& input, Time now);
    void apply(const TimePassed&, Time now);
    void apply(const Cancel&, Time now);

    void add_addresses(u32 place, const std::vector<SocketAddress>& addresses);
    void interleave_waiting();
    void lookup_failed(u32 place, NetError error, Time now);
    void start_due(Time now);
    void start_next(Time now);
    void end_attempt(AttemptId attempt, NetError error, Time now);
    void win(AttemptId attempt, Time now);
    void abort_running(Time now, NetError error);
    void give_up_if_nothing_left();
    /// Null unless that attempt is running or connected.
    [[nodiscard]] DialReportLine* active_line(AttemptId attempt);
    [[nodiscard]] std::optional<Time> next_start() const;
    [[nodiscard]] bool any_lookup_open() const;
    [[nodiscard]] bool any_in(DialReportLine::State state) const;

    std::vector<Place> places_;
    DialWinner winner_;
    DialLimits limits_;
    Stage stage_ = Stage::idle;
    std::vector<DialReportLine> lines_;
    std::vector<Attempt> attempts_;  ///< beside lines_, same index, which is the AttemptId
    std::deque<std::size_t> waiting_;
    std::size_t addresses_ = 0;
    std::optional<IpFamily> last_family_;
    Time not_before_{};           ///< no new attempt before this
    std::optional<Time> end_at_;  ///< of connecting; empty once passed
    std::deque<Output> outputs_;
};

}  // namespace chat
