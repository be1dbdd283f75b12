#include "adversary/attacker.hpp"

#include <array>

namespace chat::test {
namespace {

constexpr int look_every_ms = 20;  // whether to stop

}  // namespace

Wire::Wire(RawSocket guest, RawSocket host, unsigned stream)
    : guest_{std::move(guest)},
      host_{std::move(host)},
      readers_{UnitReader{stream, Way::to_host}, UnitReader{stream, Way::to_guest}} {}

void Wire::send(Way way, ByteView bytes) {
    if (cut_) return;
    std::size_t done = 0;
    while (done < bytes.size()) {
        const ssize_t count = ::send(to(way).fd(), bytes.data() + done, bytes.size() - done, MSG_NOSIGNAL);
        if (count <= 0) return;
        done += static_cast<std::size_t>(count);
    }
}

void Wire::cut() {
    if (cut_) return;
    cut_ = true;
    guest_.reset();
    host_.reset();
}

Attacker::Attacker(u16 host_port, Plan plan)
    : listener_{RawSocket::listening_on(loopback_v4())},
      port_{listener_.local().port},
      host_port_{host_port},
      plan_{std::move(plan)},
      thread_{[this] { run(); }} {}

Attacker::~Attacker() {
    stopping_ = true;
    thread_.join();
}

void Attacker::calm_down() {
    const std::lock_guard lock{mutex_};
    plan_ = [](const Unit& unit, Wire& wire) { wire.send(unit.way, unit.bytes); };
}

std::vector<Unit> Attacker::recorded() const {
    const std::lock_guard lock{mutex_};
    return recorded_;
}

void Attacker::accept() {
    RawSocket guest = listener_.accepted();
    try {
        wires_.push_back(std::make_unique<Wire>(
            std::move(guest), RawSocket::connected_to(loopback_v4(host_port_)), ++streams_));
    } catch (const std::runtime_error&) {  // the host is gone: so is the guest
    }
}

void Attacker::run() {
    while (!stopping_) {
        std::vector<pollfd> waits{{listener_.fd(), POLLIN, 0}};
        for (const auto& wire : wires_) {
            for (const Way way : {Way::to_host, Way::to_guest}) {
                const bool over = wire->ended_.at(static_cast<std::size_t>(way));
                waits.push_back({over ? -1 : wire->from(way).fd(), POLLIN, 0});
            }
        }
        ::poll(waits.data(), waits.size(), look_every_ms);
        for (std::size_t i = 0; i < wires_.size(); ++i) {
            for (const Way way : {Way::to_host, Way::to_guest}) {
                const short events = waits[1 + 2 * i + static_cast<std::size_t>(way)].revents;
                if (events != 0 && !wires_[i]->cut_) serve(*wires_[i], way);
            }
        }
        std::erase_if(wires_,
                      [](const auto& wire) { return wire->cut_ || (wire->ended_[0] && wire->ended_[1]); });
        if (waits[0].revents != 0) accept();
    }
}

void Attacker::serve(Wire& wire, Way way) {
    std::array<u8, 65536> buffer;  // NOLINT: filled by recv
    const ssize_t size = ::recv(wire.from(way).fd(), buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (size < 0 && (errno == EAGAIN || errno == EINTR)) return;
    if (size <= 0) {
        if (size < 0) {
            wire.cut();
        } else {
            wire.ended_.at(static_cast<std::size_t>(way)) = true;
            ::shutdown(wire.to(way).fd(), SHUT_WR);
        }
        return;
    }
    UnitReader& reader = wire.readers_.at(static_cast<std::size_t>(way));
    reader.feed(ByteView{buffer}.first(static_cast<std::size_t>(size)));
    while (auto unit = reader.next()) {
        Plan plan;
        {
            const std::lock_guard lock{mutex_};
            recorded_.push_back(*unit);
            plan = plan_;
        }
        plan(*unit, wire);
        if (wire.is_cut()) return;
    }
    return;
}

}  // namespace chat::test
