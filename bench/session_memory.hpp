#pragma once
/// Nodes in memory, without sockets, for what can be counted exactly: round trips, and memory of a session. And the memory of the real
/// program with a session in it.

#include <sys/types.h>
#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>

#include "session_harness.hpp"
#include "shell/child_process.hpp"

namespace chat::bench {

/// Makes everything on the spot.
class SpotSupply final : public KeySupply {
  public:
    explicit SpotSupply(Rng& rng) : rng_{rng} {}
    [[nodiscard]] EphemeralSigningPair take_ephemeral_pair() override {
        return make_ephemeral_signing_pair(rng_);
    }
    [[nodiscard]] ChannelCertificate take_certificate() override {
        return make_channel_certificate(rng_, WallTime{std::chrono::seconds{1'800'000'000}});
    }
    [[nodiscard]] CellSigningKey take_cell_signing_key() override {
        EphemeralSigningPair pair = take_ephemeral_pair();
        return {std::move(pair.seed),
                std::make_unique<FalconCellSigner>(std::move(pair.signing_key), pair.public_key)};
    }
    [[nodiscard]] std::shared_ptr<IdentityKeys> take_identity() override { return nullptr; }
    [[nodiscard]] const CellVerifierLoader& verifiers() const override { return loader_; }

  private:
    Rng& rng_;
    FalconCellVerifierLoader loader_;
};

/// What both nodes of all pairs share.
struct Commons {
    TestedSystemRng rng;
    TlsContext tls;
    SpotSupply supply{rng};
    std::shared_ptr<IdentityKeys> identity_of_host = SoftwareIdentityKeys::generate(rng);
    std::shared_ptr<IdentityKeys> identity_of_guest = SoftwareIdentityKeys::generate(rng);
};

/// A session of two nodes: what one side has sent arrives half a round trip later, all at once. Each says a text as soon as it may.
class NodePair {
  public:
    explicit NodePair(Commons& commons)
        : host_{{}, commons.rng, commons.supply, commons.tls, commons.identity_of_host},
          guest_{{}, commons.rng, commons.supply, commons.tls, commons.identity_of_guest} {
        const PresharedSecret secret = commons.rng.secret<PresharedSecret>();
        const WallTime expiry{std::chrono::seconds{1'900'000'000}};
        if (!host_.offer_invite(secret, expiry, InviteUse::single)) throw std::runtime_error{"no invite"};
        guest_.join(secret.clone(), host_.fingerprint(), now_);
        run();
    }

    /// From the first SYN until the guest had the host's first text, in halves of a round trip.
    [[nodiscard]] int half_trips_until_guest_heard() const { return guest_heard_; }
    /// The same the other way round.
    [[nodiscard]] int half_trips_until_host_heard() const { return host_heard_; }

  private:
    static constexpr StreamId stream = 1;

    void run() {
        constexpr int too_many = 40;
        Bytes to_host;
        Bytes to_guest;
        drain(guest_, to_host);
        while ((guest_heard_ == 0 || host_heard_ == 0) && halves_ < too_many) {
            ++halves_;
            const Bytes arrives_at_host = std::exchange(to_host, {});
            const Bytes arrives_at_guest = std::exchange(to_guest, {});
            if (!arrives_at_host.empty()) host_.receive(stream, arrives_at_host, now_);
            if (!arrives_at_guest.empty()) guest_.receive(stream, arrives_at_guest, now_);
            drain(guest_, to_host);
            drain(host_, to_guest);
        }
        if (halves_ == too_many) throw std::runtime_error{"the two nodes do not meet"};
    }
    void drain(Node& node, Bytes& sent) {
        while (auto output = node.poll()) {
            if (const auto* bytes = std::get_if<Transmit>(&*output)) {
                append(sent, bytes->bytes);
            } else if (const auto* dial = std::get_if<Dial>(&*output)) {
                connect(dial->ticket);
            } else if (const auto* event = std::get_if<Event>(&*output)) {
                hear(node, *event);
            }
        }
    }
    /// TCP's own round trip: SYN there, SYN and ACK back. Data goes with what answers that.
    void connect(u32 ticket) {
        halves_ += 2;
        host_.stream_accepted(stream, network_of(IpAddress::v4({127, 0, 0, 1})), now_);
        guest_.stream_dialled(ticket, stream, now_);
    }
    void hear(Node& node, const Event& event) {
        if (std::holds_alternative<Connected>(event) && !node.send_text(bytes_of("hello"), now_))
            throw std::runtime_error{"not sent"};
        if (std::holds_alternative<TextReceived>(event))
            (&node == &host_ ? host_heard_ : guest_heard_) = halves_;
    }

    Time now_{std::chrono::hours{1}};
    int halves_ = 0;
    int host_heard_ = 0;
    int guest_heard_ = 0;
    Node host_;
    Node guest_;
};

/// A field of /proc/.../status in bytes, such as VmRSS or VmHWM (the peak of the former).
inline double status_field(const std::string& process, std::string_view field) {
    std::ifstream status{"/proc/" + process + "/status"};
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(field) && line.at(field.size()) == ':')
            return 1024 * std::stod(line.substr(field.size() + 1));
    }
    throw std::runtime_error{"no field " + std::string{field} + " for process " + process};
}

/// Peak of resident memory of each child of this process.
inline std::vector<double> peaks_of_children() {
    std::vector<double> out;
    for (const auto& entry : std::filesystem::directory_iterator{"/proc"}) {
        const std::string name = entry.path().filename();
        std::ifstream stat{entry.path() / "stat"};
        std::string content;
        if (!std::isdigit(static_cast<unsigned char>(name.front())) || !std::getline(stat, content)) continue;
        pid_t parent = 0;
        if (std::sscanf(content.c_str() + content.rfind(')'), ") %*c %d", &parent) == 1 && parent == getpid())
            out.push_back(status_field(name, "VmHWM"));
    }
    return out;
}

/// The program at work: a host and a guest that exchange some texts.
class TwoPrograms {
  public:
    explicit TwoPrograms(const std::string& program)
        : host_{program, {"listen", "--plain", "--no-stun", "--bind", "127.0.0.1"}},
          guest_{program, {"join", "--plain", "--no-stun", "--invite-file", "-"}} {
        constexpr std::string_view invite = "* invite ";
        guest_.write_line(std::string_view{wait_for(host_, invite)}.substr(invite.size()));
        wait_for(host_, "* connected");
        wait_for(guest_, "* connected");
        for (int i = 0; i < 50; ++i) {
            guest_.write_line("a line of some words, as people write them");
            wait_for(host_, "<");
            host_.write_line("and its answer");
            wait_for(guest_, "<");
        }
    }
    [[nodiscard]] double largest_peak() const { return std::ranges::max(peaks_of_children()); }

  private:
    /// The next line that begins so; lines before it are dropped.
    static std::string wait_for(const ChildProcess& child, std::string_view beginning) {
        std::string line;
        for (char next = 0; ::read(child.output(), &next, 1) == 1;) {
            if (next != '\n') {
                line += next;
            } else if (line.starts_with(beginning)) {
                return line;
            } else {
                line.clear();
            }
        }
        throw std::runtime_error{"the program ended before it said " + std::string{beginning}};
    }

    ChildProcess host_;
    ChildProcess guest_;
};

}  // namespace chat::bench
