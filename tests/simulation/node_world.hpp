#pragma once
/// Two nodes, every layer real, over streams of bytes that the test can delay, cut, change and watch. One write of a node is one
/// chunk; chunks of one direction arrive in order.

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "double_ratchet/falcon_cell_signer.hpp"
#include "secure_p2p/node/node.hpp"
#include "support/ciphertext_trace.hpp"
#include "support/kex_fixtures.hpp"

namespace chat::test {

/// Stored FALCON pairs, so that no handshake waits for key generation; certificates are made anew.
class NodeKeySupply final : public KeySupply {
  public:
    NodeKeySupply(Rng& rng, StoredPair efk, std::vector<StoredPair> next_identities)
        : rng_{rng}, efk_{efk}, next_identities_{std::move(next_identities)} {}
    [[nodiscard]] EphemeralSigningPair take_ephemeral_pair() override { return stored_signing_pair(efk_); }
    [[nodiscard]] ChannelCertificate take_certificate() override;
    [[nodiscard]] CellSigningKey take_cell_signing_key() override;
    [[nodiscard]] std::shared_ptr<IdentityKeys> take_identity() override;
    [[nodiscard]] const CellVerifierLoader& verifiers() const override { return loader_; }

  private:
    Rng& rng_;
    StoredPair efk_;
    std::vector<StoredPair> next_identities_;
    FalconCellVerifierLoader loader_;
};

/// Passes on to another Rng until it is broken; then it fails for good.
class BreakableRng final : public Rng {
  public:
    explicit BreakableRng(u64 seed) : source_{seed} {}
    void fill(MutableByteView out) override {
        if (broken_) throw RngFailure{"made to fail by the test"};
        source_.fill(out);
    }
    void break_down() { broken_ = true; }

  private:
    SeededRng source_;
    bool broken_ = false;
};

class NodeWorld {
  public:
    enum class Way : u8 { invite, open };

    explicit NodeWorld(u64 seed, Way way = Way::invite, NodeOptions options = {});
    NodeWorld(const NodeWorld&) = delete;
    NodeWorld& operator=(const NodeWorld&) = delete;

    /// The guest begins to dial.
    void begin();
    void run_for(Duration duration);
    /// Runs until `done` or for `limit`; whether it was done.
    bool run_until(const std::function<bool()>& done, Duration limit);
    void say(Role who, const std::string& text);
    /// Calls something of a node and takes what it has to send.
    void act(Role who, const std::function<void(Node&, Time)>& action);

    [[nodiscard]] Node& node(Role who) { return *people_.at(index(who)).node; }
    [[nodiscard]] const std::vector<std::string>& heard(Role who) const {
        return people_.at(index(who)).heard;
    }
    [[nodiscard]] const std::vector<Event>& events(Role who) const { return people_.at(index(who)).events; }
    [[nodiscard]] CiphertextTrace& ciphertexts(Role who) { return *people_.at(index(who)).ciphertexts; }
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] u64 chunks_sent(Role who) const { return people_.at(index(who)).chunks; }
    [[nodiscard]] u64 dials() const { return next_stream_ - 1; }
    [[nodiscard]] bool online() { return is_online(Role::a) && is_online(Role::b); }
    [[nodiscard]] PresharedSecret invite_secret() const { return secret_.clone(); }

    template <class E>
    [[nodiscard]] std::size_t count(Role who) const {
        std::size_t out = 0;
        for (const Event& event : events(who)) out += std::holds_alternative<E>(event) ? 1U : 0U;
        return out;
    }
    template <class E>
    [[nodiscard]] const E* last(Role who) const {
        const E* out = nullptr;
        for (const Event& event : events(who)) {
            if (const auto* found = std::get_if<E>(&event)) out = found;
        }
        return out;
    }

    /// What the network does to one chunk, the `number`-th of `sender` (1, 2, ...), in place.
    enum class Fate : u8 { deliver, drop, cut };
    using Meddler = std::function<Fate(Role sender, u64 number, StreamId stream, Bytes& chunk)>;
    void meddle(Meddler meddler) { meddler_ = std::move(meddler); }
    /// Puts bytes into a stream as if `to`'s peer had sent them.
    void inject(StreamId stream, Role to, Bytes bytes);
    void cut(StreamId stream);
    /// A stream to the host that no node of this world opened, for inject().
    [[nodiscard]] StreamId open_as_stranger();
    /// What the host sent on it.
    [[nodiscard]] std::size_t bytes_to_stranger(StreamId stream) const { return to_strangers_.at(stream); }
    /// The dialled stream that opened last.
    [[nodiscard]] StreamId newest_stream() const { return next_stream_ - 1; }
    void set_wall_clock_back(std::chrono::seconds by) { wall_offset_ -= by; }
    void refuse_dials(bool refuse) { refuse_dials_ = refuse; }
    void break_randomness(Role who) { people_.at(index(who)).rng->break_down(); }

    /// A second guest with the same invite, played to its end against this world's host.
    class Latecomer {
      public:
        explicit Latecomer(NodeWorld& world);
        [[nodiscard]] std::optional<EndReason> outcome() const { return outcome_; }

      private:
        std::optional<EndReason> outcome_;
    };

    /// A second guest with the same invite, of whom nothing comes after layer 1.
    class Staller {
      public:
        explicit Staller(NodeWorld& world);
    };

  private:
    struct Person {
        std::unique_ptr<BreakableRng> rng;
        std::unique_ptr<NodeKeySupply> supply;
        std::unique_ptr<CiphertextTrace> ciphertexts;
        std::unique_ptr<Node> node;
        std::vector<std::string> heard;
        std::vector<Event> events;
        u64 chunks = 0;
    };
    struct Delivery {
        StreamId stream{};
        Role to{};
        Bytes bytes;
        bool end = false;
    };
    static constexpr std::size_t index(Role role) { return role == Role::a ? 0 : 1; }
    [[nodiscard]] bool is_online(Role who) { return node(who).status().link == LinkState::online; }
    void drain(Role who);
    void transmit(Role from, Transmit transmit);
    void close(Role from, StreamId stream);
    void open_stream(u32 ticket);
    void hear(Role who, Event event);
    [[nodiscard]] std::optional<Time> next_event() const;
    void step(Time when);

    SeededRng rng_;
    TlsContext tls_;
    PresharedSecret secret_;
    Way way_;
    std::array<Person, 2> people_;
    Time now_;
    std::map<StreamId, std::array<bool, 2>> open_;  ///< by side
    std::multimap<Time, Delivery> queue_;
    std::multimap<Time, u32> dials_;
    std::multimap<Time, u32> failed_dials_;
    std::map<StreamId, u32>
        undecided_;  ///< dialled streams that have not shown to lead to the peer, and their tickets
    Meddler meddler_;
    std::map<StreamId, std::size_t> to_strangers_;
    std::function<void(const Bytes&)> stranger_hears_;
    StreamId next_stream_ = 1;
    bool refuse_dials_ = false;
    std::chrono::seconds wall_offset_{};
};

}  // namespace chat::test
