#pragma once
/// The active attacker: a TCP proxy on loopback between a guest and the host, on a thread of its own. It
/// holds no key; what it does to each message is its plan.

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "adversary/wire_unit.hpp"
#include "support/raw_socket.hpp"

namespace chat::test {

/// One proxied connection, in the hands of a plan.
class Wire {
  public:
    Wire(RawSocket guest, RawSocket host, unsigned stream);

    /// Sends bytes as if they had come from the other side.
    void send(Way way, ByteView bytes);
    /// Resets both sides.
    void cut();
    [[nodiscard]] bool is_cut() const { return cut_; }

  private:
    friend class Attacker;
    [[nodiscard]] const RawSocket& from(Way way) const { return way == Way::to_host ? guest_ : host_; }
    [[nodiscard]] const RawSocket& to(Way way) const { return way == Way::to_host ? host_ : guest_; }

    RawSocket guest_;
    RawSocket host_;
    std::array<UnitReader, 2> readers_;
    std::array<bool, 2> ended_{};
    bool cut_ = false;
};

class Attacker {
  public:
    /// Called on the attacker's thread for each unit; sends on what it wants sent. May sleep: everything is
    /// late then.
    using Plan = std::function<void(const Unit&, Wire&)>;

    /// Dials `host_port` for each guest that comes.
    Attacker(u16 host_port, Plan plan);
    Attacker(const Attacker&) = delete;
    Attacker& operator=(const Attacker&) = delete;
    ~Attacker();

    [[nodiscard]] u16 port() const { return port_; }
    /// From now on passes everything on.
    void calm_down();
    /// Every unit so far as it came.
    [[nodiscard]] std::vector<Unit> recorded() const;

  private:
    void run();
    void accept();
    void serve(Wire& wire, Way way);

    RawSocket listener_;
    u16 port_;
    u16 host_port_;
    mutable std::mutex mutex_;
    Plan plan_;
    std::vector<Unit> recorded_;
    std::vector<std::unique_ptr<Wire>> wires_;
    unsigned streams_ = 0;
    std::atomic<bool> stopping_ = false;
    std::thread thread_;
};

}  // namespace chat::test
