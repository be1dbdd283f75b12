#pragma once
/// How long each stage may last. Every wait of the program ends at one of these.

#include "base/time.hpp"

namespace chat::deadlines {

using namespace std::chrono_literals;

// Dialling (connector.hpp). RFC 8305 section 8: 250 ms between attempts.
constexpr Duration attempt_stagger = 250ms;
/// An attempt that connected but hasn't shown to be the peer holds back the next one this long: another
/// machine may have the private address that the invite names.
constexpr Duration unconfirmed_stagger = 1500ms;
constexpr Duration name_lookup = 8s;
constexpr Duration connect_attempt = 10s;
constexpr Duration dial_total = 30s;

// A connection after it stands. Layer 1 on the dialler's side outlasts the listener's longest hold time, so
// that a listener that holds is told apart from one that is silent.
constexpr Duration bootstrap = 16s;
constexpr Duration tls_handshake = 10s;
constexpr Duration key_exchange = 10s;
/// Between init and resp on a listener without invite (docs/protocol.md 5.4).
constexpr Duration open_listener_resp = 5s;
constexpr Duration close_acknowledgement = 2s;
/// Bytes that a closed stream still has to send.
constexpr Duration drain_on_close = 2s;

// The listener's hold on connections without a valid hello (docs/protocol.md 3): drawn once in this range.
constexpr Duration hold_shortest = 8s;
constexpr Duration hold_longest = 15s;

// STUN: what a person waits for at the start at most, and how long stragglers are waited for once enough was
// learned.
constexpr Duration stun_survey = 5s;
constexpr Duration stun_stragglers = 300ms;

}  // namespace chat::deadlines
