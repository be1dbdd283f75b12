#pragma once
/// From how many events of a kind on the person is warned, and the session ended. What somebody on the network can cause without
/// having passed layers 1 and 2 never ends a session: that would let anybody end it.

#include <array>
#include <string_view>

#include "secure_p2p/events.hpp"

namespace chat {

/// Who can cause events of a kind.
enum class Origin : u8 {
    network,  ///< anybody who can reach or change the traffic
    peer,     ///< only whoever passed layers 1 and 2 of this session
    machine,  ///< this machine or its person
};
[[nodiscard]] std::string_view describe(Origin origin);

/// Numbers are events within the window; 0: never.
struct SecurityRule {
    SecurityEventKind kind;
    Origin origin;
    u32 warn_from;
    u32 end_from;
    std::string_view reason;  ///< what the numbers rest on; shown with a warning
};

inline constexpr Duration security_window = std::chrono::seconds{60};

/// One rule for each kind, in the order of the enumerators.
inline constexpr std::array<SecurityRule, security_event_kinds> security_rules{{
    {SecurityEventKind::hello_refused, Origin::network, 30, 0,
     "scanners knock now and then; this many a minute is somebody who tries"},
    {SecurityEventKind::hello_replayed, Origin::network, 1, 0,
     "somebody recorded a connection and plays it again"},
    {SecurityEventKind::handshake_refused, Origin::network, 3, 0,
     "one can be an accident of the network; more look like somebody in between, or without the invite"},
    {SecurityEventKind::spent_invite, Origin::network, 0, 0, "each one is told by itself"},
    {SecurityEventKind::record_refused, Origin::network, 1, 0,
     "TCP hides the network's accidents: somebody changed the traffic, and layer 2 noticed"},
    {SecurityEventKind::connection_reset, Origin::network, 6, 0,
     "a bad network, or somebody who cuts the connection; nothing is lost"},
    {SecurityEventKind::resume_frame_refused, Origin::peer, 4, 0,
     "resumptions that cross cause some; the session stays as it is"},
    {SecurityEventKind::cell_refused, Origin::peer, 1, 64,
     "layer 2 lets no accident through: whoever sends it holds the keys of layers 1 and 2, not those of 3 "
     "and 4"},
    {SecurityEventKind::replay, Origin::peer, 1, 64,
     "an honest program never sends a cell twice in a stream"},
    {SecurityEventKind::gap, Origin::peer, 1, 16,
     "cells come in strict order; each gap costs a resumption, and an honest program leaves none"},
    {SecurityEventKind::malformed_content, Origin::peer, 1, 64,
     "it was sealed with the session's keys: the other program is another version, or not honest"},
    {SecurityEventKind::acknowledged_too_much, Origin::peer, 1, 16,
     "an honest program can't know of cells never sent"},
    {SecurityEventKind::frame_refused, Origin::peer, 1, 16, "an honest program sends no such frame"},
    {SecurityEventKind::flood, Origin::peer, 1, 16, "an honest program keeps to the window"},
    {SecurityEventKind::endorsement_refused, Origin::peer, 1, 4,
     "the device's co-signature is sent once and verifies, or the other side is not what it says"},
    {SecurityEventKind::contact_changed, Origin::peer, 0, 0,
     "each one is told by itself, and must be accepted"},
    {SecurityEventKind::clock_jump, Origin::machine, 1, 0,
     "invites expire by the clock; whoever sets it can keep an old one alive"},
    {SecurityEventKind::suspended, Origin::machine, 0, 0,
     "the machine slept; keys in its memory slept with it"},
    {SecurityEventKind::entropy_alarm, Origin::machine, 1, 1,
     "without randomness every key made from now on could be guessed"},
    {SecurityEventKind::hardware_entropy_alarm, Origin::machine, 1, 0,
     "the device's randomness only adds to the system's, which goes on"},
    {SecurityEventKind::tracer_attached, Origin::machine, 1, 1,
     "whoever traces this process reads every key and text in it"},
    {SecurityEventKind::tracer_allowed, Origin::machine, 1, 0,
     "--allow-debugger: whoever traces this process reads every key and text in it"},
    {SecurityEventKind::canary_broken, Origin::machine, 1, 1,
     "memory around a key was overwritten: something else than this program's rules decides there now"},
}};

[[nodiscard]] constexpr const SecurityRule& rule_of(SecurityEventKind kind) {
    return security_rules.at(static_cast<std::size_t>(kind));
}

[[nodiscard]] constexpr bool is_sound(const std::array<SecurityRule, security_event_kinds>& rules) {
    for (std::size_t i = 0; i < rules.size(); ++i) {
        if (static_cast<std::size_t>(rules[i].kind) != i) return false;
        if (rules[i].origin == Origin::network && rules[i].end_from != 0) return false;
        if (rules[i].end_from != 0 && rules[i].warn_from > rules[i].end_from) return false;
    }
    return true;
}
static_assert(is_sound(security_rules));

}  // namespace chat
