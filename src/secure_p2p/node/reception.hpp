#pragma once
/// The listener's door: which secrets are live and for whom, and what becomes of a connection until it has shown to know one
/// (docs/protocol.md 2 and 3).

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <variant>

#include "ca_services/hello_gate.hpp"
#include "hybrid_kex/identity_keys.hpp"
#include "p2p_core/admission.hpp"
#include "p2p_core/invite.hpp"
#include "secure_p2p/ciphertext_log.hpp"
#include "secure_p2p/events.hpp"
#include "secure_p2p/stream_id.hpp"

namespace chat {

class Reception {
  public:
    /// A hello opened under a live secret and may be answered.
    struct Visitor {
        StreamId stream{};
        OpenedHello hello;
        Bytes rest;  ///< what came behind the hello
    };
    /// A holder of a secret is told why not; the connection stays held afterwards.
    struct Answer {
        StreamId stream{};
        Bytes reply;
    };
    struct Reset {
        StreamId stream{};
    };
    using Output = std::variant<Visitor, Answer, Reset, Event>;

    /// An invite that is live.
    struct Offer {
        std::shared_ptr<IdentityKeys> identity;  ///< the one that the invite names
        InviteUse use{};
        std::optional<WallTime> expiry;  ///< none on the open way
    };

    /// Both outlive the reception.
    Reception(Rng& rng, CiphertextLog& log);

    [[nodiscard]] Result<SecretId, GateError> offer_invite(const PresharedSecret& secret, Offer offer);
    [[nodiscard]] Result<SecretId, GateError> offer_open(std::shared_ptr<IdentityKeys> identity);
    [[nodiscard]] Result<SecretId, GateError> offer_resume(const PresharedSecret& secret, Role own_role);
    void withdraw_resume(SecretId id) { gate_.remove(id); }

    [[nodiscard]] const Offer* offer(SecretId id) const;
    /// Somebody can still come.
    [[nodiscard]] bool has_offers() const { return !offers_.empty(); }
    /// A session was agreed under this offer: a single-use invite is spent.
    void agreed(SecretId id, Time now);

    /// Whether a guest can be taken now; otherwise live invites answer "busy".
    enum class Vacancy : u8 { free, taken };

    void accepted(StreamId stream, const NetworkKey& network, Time now);
    void receive(StreamId stream, ByteView bytes, Vacancy vacancy, Time now);
    void established(StreamId stream, Time now);
    void refused(StreamId stream, Time now);
    void gone(StreamId stream, Time now);
    void tick(Time now, WallTime wall);

    [[nodiscard]] std::optional<Output> poll();
    [[nodiscard]] std::optional<Time> next_deadline() const { return admission_.deadline(); }
    [[nodiscard]] std::size_t held() const { return admission_.held(); }

  private:
    void drain_admission(Vacancy vacancy, Time now);
    void judge(Admission::HelloComplete complete, Vacancy vacancy, Time now);
    void tell(StreamId stream, OpenedHello hello, BootstrapStatus status, Time now);

    Rng& rng_;
    CiphertextLog& log_;
    HelloGate gate_;
    Admission admission_;
    std::map<u64, Offer> offers_;
    bool told_of_closed_ = false;  ///< once is enough: its holder can go on trying
    std::deque<Output> outputs_;
};

}  // namespace chat
