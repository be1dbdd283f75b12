#pragma once
/// Two sessions in a world of their own: virtual clock, seeded randomness, and a network between them that delays, cuts one side
/// before the other, stalls streams and revives them, and lets an attacker who is past TLS damage, repeat and invent frames.
/// It keeps the books: every text exactly once, in order; every damaged frame refused; no (key, nonce) pair used twice.

#include <deque>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "secure_p2p/session/session.hpp"
#include "support/cell_cipher_pair.hpp"
#include "support/ciphertext_trace.hpp"
#include "support/kex_fixtures.hpp"
#include "support/nonce_recorder.hpp"

namespace chat::test {

/// An identity whose holder does not answer any more.
class LostKeys final : public IdentityKeys {
  public:
    explicit LostKeys(const IdentityPublic& identity) : identity_{identity} {}
    [[nodiscard]] const IdentityPublic& public_identity() const override { return identity_; }
    [[nodiscard]] Result<CompositeSignature, KeyError> sign(const IdentityStatement&) override {
        return fail(KeyError::unavailable);
    }
    [[nodiscard]] Result<X25519SharedSecret, KeyError> agree(const X25519PublicKey&) override {
        return fail(KeyError::unavailable);
    }
    [[nodiscard]] Result<MlKem1024SharedSecret, KeyError> decapsulate(const MlKem1024Ciphertext&) override {
        return fail(KeyError::unavailable);
    }

  private:
    IdentityPublic identity_;
};

class SimKeySupply final : public SessionKeySupply {
  public:
    SimKeySupply(Rng& rng, std::vector<std::shared_ptr<IdentityKeys>> identities)
        : rng_{rng}, identities_{std::move(identities)} {}
    [[nodiscard]] CellSigningKey take_cell_signing_key() override;
    [[nodiscard]] std::shared_ptr<IdentityKeys> take_identity() override;
    void break_down() { broken_ = true; }
    [[nodiscard]] const CellVerifierLoader& verifiers() const override { return loader_; }

  private:
    Rng& rng_;
    std::vector<std::shared_ptr<IdentityKeys>> identities_;
    MacCellVerifierLoader loader_;
    bool broken_ = false;
};

struct WorldRules {
    Duration least_delay = std::chrono::milliseconds{1};
    Duration most_delay = std::chrono::milliseconds{120};
    u32 cut_per_mille = 0;     ///< chance that a frame's stream is cut when it is sent
    u32 stall_per_mille = 0;   ///< chance that a stream stops carrying for a while
    u32 damage_per_mille = 0;  ///< chance that one bit of a frame is flipped
    u32 repeat_per_mille = 0;  ///< chance that an earlier frame is delivered again
    Duration rotation_interval{};
    std::optional<u32> cover = std::nullopt;
};

class SessionWorld {
  public:
    SessionWorld(u64 seed, const WorldRules& rules);
    SessionWorld(const SessionWorld&) = delete;
    SessionWorld& operator=(const SessionWorld&) = delete;

    /// The stream of the key exchange stands on both sides.
    void begin();
    void say(Role who, std::string text);
    /// Runs until nothing is due before `until`.
    void run_until(Time until);
    /// Lets time pass in which nobody's program ran.
    void skip(Duration duration) { now_ += duration; }
    /// No more harm from the network; runs until everything said was heard, or `patience` is over.
    [[nodiscard]] bool settle(Duration patience);
    void rotate(Role who) {
        side(who).session->rotate_identity(now_);
        drain(who);
    }
    void lose_identity_keys(Role who) { side(who).supply->break_down(); }
    void quit(Role who);
    void reconnect_by(Role who) { dial(who); }

    /// Cuts the stream when frame number `count` (1, 2, ...) of the whole run, sent by `sender`, is about to be delivered.
    struct CutAt {
        Role sender{};
        u64 count = 0;
    };
    void plan_cuts(std::vector<CutAt> cuts) { planned_cuts_ = std::move(cuts); }

    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] u64 frames_sent(Role who) const { return sides_[index(who)].frames_sent; }
    [[nodiscard]] Session& session(Role who) { return *side(who).session; }
    [[nodiscard]] const std::vector<std::string>& heard(Role who) const { return sides_[index(who)].heard; }
    [[nodiscard]] const std::vector<std::string>& said(Role who) const { return sides_[index(who)].said; }
    [[nodiscard]] u64 damaged() const { return damaged_; }
    [[nodiscard]] u64 refused() const { return refused_; }
    [[nodiscard]] u64 resumptions() const { return resumptions_; }
    [[nodiscard]] u64 rotations_seen(Role who) const { return sides_[index(who)].rotations_seen; }
    [[nodiscard]] const std::optional<SessionEnded>& ended(Role who) const {
        return sides_[index(who)].ended;
    }
    [[nodiscard]] CiphertextTrace& ciphertexts(Role who) { return *side(who).ciphertexts; }
    [[nodiscard]] const NonceRecorder& nonces() const { return nonces_; }
    [[nodiscard]] std::set<std::size_t> frame_sizes() const { return frame_sizes_; }
    void calm() { rules_ = WorldRules{}; }

  private:
    struct Side {
        std::unique_ptr<SeededRng> rng;
        std::unique_ptr<SimKeySupply> supply;
        std::unique_ptr<CiphertextTrace> ciphertexts;
        std::unique_ptr<Session> session;
        std::vector<std::string> said;
        std::vector<std::string> heard;
        std::set<MessageId> sent_ids;
        std::set<MessageId> confirmed_ids;
        std::optional<SessionEnded> ended;
        std::optional<Time> next_dial;
        u64 frames_sent = 0;
        u64 rotations_seen = 0;
    };
    struct Stream {
        TlsExporter exporter;
        std::array<bool, 2> open{true, true};
        std::array<Time, 2> busy_until{};  ///< delivery stays in order within a stream
        Time stalled_until{};
    };
    struct Delivery {
        StreamId stream{};
        Role to{};
        FrameKind kind{};
        Bytes body;
        bool cut = false;  ///< the stream's end reaches this side
    };

    static constexpr std::size_t index(Role role) { return role == Role::a ? 0 : 1; }
    Side& side(Role role) { return sides_[index(role)]; }
    void drain(Role who);
    void handle(Role who, Event event);
    void transmit(Role from, const Session::SendFrame& frame);
    void deliver(Delivery delivery);
    void cut(StreamId stream);
    void dial(Role who);
    void consider_dialling(Role who);
    [[nodiscard]] bool chance(u32 per_mille) { return per_mille > 0 && rng_.below(1000) < per_mille; }
    [[nodiscard]] Duration random_delay();
    [[nodiscard]] std::optional<Time> next_event() const;
    void step(Time when);

    SeededRng rng_;
    WorldRules rules_;
    MacCellVerifierLoader loader_;
    NonceRecorder nonces_;
    std::array<Side, 2> sides_;
    Time now_;
    std::map<StreamId, Stream> streams_;
    std::multimap<Time, Delivery> queue_;
    std::vector<Delivery> past_;
    std::vector<CutAt> planned_cuts_;
    std::set<std::size_t> frame_sizes_;
    StreamId next_stream_ = 1;
    u64 damaged_ = 0;
    u64 refused_ = 0;
    u64 resumptions_ = 0;
};

}  // namespace chat::test
