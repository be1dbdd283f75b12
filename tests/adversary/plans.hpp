#pragma once
/// What the attacker does to single messages of the first stream; everything else passes.

#include "adversary/attacker.hpp"

namespace chat::test {

/// Which message is meant.
struct Target {
    Way way{};
    Part part{};
    unsigned number = 1;
    [[nodiscard]] bool hit_by(const Unit& unit) const {
        return unit.stream == 1 && unit.is(way, part, number);
    }
};

/// `deed` with the target in place of passing it on.
inline Attacker::Plan instead_of(Target target, std::function<void(const Unit&, Wire&)> deed) {
    return [target, deed = std::move(deed)](const Unit& unit, Wire& wire) {
        if (target.hit_by(unit)) return deed(unit, wire);
        wire.send(unit.way, unit.bytes);
    };
}

/// Changes one bit; `where` counts from the end when it is negative.
inline Attacker::Plan flip(Target target, long where, u8 bit = 0) {
    return instead_of(target, [where, bit](const Unit& unit, Wire& wire) {
        Bytes bytes = unit.bytes;
        const auto size = static_cast<long>(bytes.size());
        bytes.at(static_cast<std::size_t>(where < 0 ? size + where : where)) ^= static_cast<u8>(1U << bit);
        wire.send(unit.way, bytes);
    });
}

inline Attacker::Plan drop(Target target) {
    return instead_of(target, [](const Unit&, Wire&) {});
}
inline Attacker::Plan cut_at(Target target) {
    return instead_of(target, [](const Unit&, Wire& wire) { wire.cut(); });
}
inline Attacker::Plan send_twice(Target target) {
    return instead_of(target, [](const Unit& unit, Wire& wire) {
        wire.send(unit.way, unit.bytes);
        wire.send(unit.way, unit.bytes);
    });
}
/// Back to where it came from, and not on.
inline Attacker::Plan reflect(Target target) {
    return instead_of(target, [](const Unit& unit, Wire& wire) { wire.send(back(unit.way), unit.bytes); });
}
inline Attacker::Plan replace(Target target, Bytes bytes) {
    return instead_of(
        target, [bytes = std::move(bytes)](const Unit& unit, Wire& wire) { wire.send(unit.way, bytes); });
}
inline Attacker::Plan delay(Target target, std::chrono::milliseconds time) {
    return instead_of(target, [time](const Unit& unit, Wire& wire) {
        std::this_thread::sleep_for(time);
        wire.send(unit.way, unit.bytes);
    });
}
/// The target behind the message that comes after it in the same direction.
inline Attacker::Plan swap_with_next(Target target) {
    auto held = std::make_shared<Bytes>();
    return [target, held](const Unit& unit, Wire& wire) {
        if (target.hit_by(unit)) {
            *held = unit.bytes;
            return;
        }
        wire.send(unit.way, unit.bytes);
        if (unit.stream == 1 && unit.way == target.way && !held->empty()) {
            wire.send(unit.way, *held);
            held->clear();
        }
    };
}

}  // namespace chat::test
