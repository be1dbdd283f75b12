#pragma once
/// What a listener does with connections that have not yet shown to know a secret (docs/protocol.md 3). Each
/// is held for one time that was drawn when the listener started, then reset. No byte is sent, and neither
/// what was sent nor how, nothing, noise, half a hello, a wrong one, a bad finish, half a close, changes when
/// that happens.
///
/// Bounds: `connections` in all, `per_network` from one IPv4 address or IPv6 /64; when a newcomer doesn't
/// fit, the oldest one without a valid hello (of the same network, where that is what's full) makes room;
/// where all have one, the newcomer is reset. Memory: at most one hello for each connection, so 256 x (1,673
/// + about 200) bytes, less than 0.5 MiB; 1 MiB with the sockets' own state (measured), whoever connects.
///
/// Contract: handle() one input, then poll() until empty.

#include <deque>
#include <map>
#include <optional>
#include <variant>

#include "base/rng.hpp"
#include "base/time.hpp"
#include "p2p_core/deadlines.hpp"
#include "p2p_core/framing.hpp"
#include "p2p_core/net_address.hpp"

namespace chat {

using ConnectionId = u64;

/// What one party holds at least: an IPv4 address or an IPv6 /64.
using NetworkKey = PublicBytes<struct NetworkKeyTag, 9>;
[[nodiscard]] NetworkKey network_of(const IpAddress& address);

struct AdmissionLimits {
    std::size_t connections = 256;
    std::size_t per_network = 64;
    Duration hold_shortest = deadlines::hold_shortest;
    Duration hold_longest = deadlines::hold_longest;
    std::size_t hello_size = 1673;  ///< docs/protocol.md 3
};

class Admission {
  public:
    /// `connection` is the caller's, never used twice.
    struct Accepted {
        ConnectionId connection;
        NetworkKey network;
    };
    struct Received {
        ConnectionId connection;
        ByteView bytes;  ///< borrowed for the call
    };
    /// The hello that HelloComplete handed out opened under a live secret. The connection can't be pushed out
    /// any more, but is still reset at its time unless Established comes first.
    struct HelloValid {
        ConnectionId connection;
    };
    /// Layer 1 stands: the connection leaves this pool.
    struct Established {
        ConnectionId connection;
    };
    /// What came after a valid hello was wrong: held like any other from now on.
    struct Refused {
        ConnectionId connection;
    };
    /// The peer reset it, so there is nothing left to hold. (Its FIN alone is no reason: half a close is held
    /// too.)
    struct Gone {
        ConnectionId connection;
    };
    struct TimePassed {};
    using Input = std::variant<Accepted, Received, HelloValid, Established, Refused, Gone, TimePassed>;

    /// A whole hello, to be tried under every live secret. Say HelloValid, or nothing if none opened it.
    struct HelloComplete {
        ConnectionId connection;
        Bytes hello;
        Bytes rest;  ///< what came behind it in the same read
    };
    /// RST, never FIN.
    struct Reset {
        ConnectionId connection;
    };
    using Output = std::variant<HelloComplete, Reset>;

    /// Draws the hold time; throws RngFailure.
    explicit Admission(Rng& rng, AdmissionLimits limits = {});

    void handle(const Input& input, Time now);
    [[nodiscard]] std::optional<Output> poll();
    /// When TimePassed is due.
    [[nodiscard]] std::optional<Time> deadline() const;

    [[nodiscard]] Duration hold_time() const { return hold_; }
    [[nodiscard]] std::size_t held() const { return held_.size(); }
    /// Bytes of hellos now in memory.
    [[nodiscard]] std::size_t buffered() const;
    /// When that connection is reset unless it is established before; empty when unknown.
    [[nodiscard]] std::optional<Time> reset_time(ConnectionId connection) const;

  private:
    enum class Stage : u8 {
        collecting,  ///< a hello may still come
        judged,      ///< a hello was handed out; without HelloValid what follows is discarded
        valid,       ///< waiting for its finish
        refused,     ///< had a valid hello; discarded all the same
    };
    struct Held {
        NetworkKey network;
        Time reset_at{};
        u64 sequence = 0;  ///< order of acceptance
        Stage stage = Stage::collecting;
        FixedFrameReader hello;
    };

    void apply(const Accepted& input, Time now);
    void apply(const Received& input, Time now);
    void apply(const HelloValid& input, Time now);
    void apply(const Established& input, Time now);
    void apply(const Refused& input, Time now);
    void apply(const Gone& input, Time now);
    void apply(const TimePassed&, Time now);

    /// False: nobody of those who would have to go may be pushed out.
    [[nodiscard]] bool make_room(const NetworkKey& network);
    template <class Predicate>
    [[nodiscard]] bool evict_oldest(Predicate fits);
    void reset(std::map<ConnectionId, Held>::iterator held);
    void forget(std::map<ConnectionId, Held>::iterator held);

    AdmissionLimits limits_;
    Duration hold_;
    std::map<ConnectionId, Held> held_;
    std::map<NetworkKey, std::size_t> by_network_;
    u64 next_sequence_ = 0;
    std::deque<Output> outputs_;
};

}  // namespace chat
