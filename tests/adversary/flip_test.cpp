/// A bit is changed in one message of one stage (docs/protocol.md 12): refused for the right reason, or
/// mended by another try; and the pair still gets its session.

#include <gtest/gtest.h>

#include "adversary/plans.hpp"
#include "adversary/scenario.hpp"

namespace chat::test {
namespace {

constexpr Target hello{Way::to_host, Part::hello};
constexpr Target reply{Way::to_guest, Part::reply};
constexpr Target finish{Way::to_host, Part::finish};
constexpr Target client_hello{Way::to_host, Part::client_hello};
constexpr Target server_hello{Way::to_guest, Part::server_hello};

const std::string not_the_peer = "connected, but it isn't the peer who answers there";
const std::string damaged = "TLS: a record was damaged on its way";
const std::string refused = "TLS: the peer refused the connection";

/// Layer 1 tells a stranger nothing, so the guest learns only that nobody answered as the peer would.
const Expected unanswered{exit_unreachable,
                          {not_the_peer, "session ended: no address of the other side could be reached"},
                          {"reason=\"the certificate exchange could not be opened"}};
const Expected refused_in_tls{exit_refused,
                              {"session ended: the handshake failed: TLS: "},
                              {"a handshake failed in layer 2, TLS 1.3: TLS: "}};
const Expected mended_by_another_try{
    std::nullopt, {"* connected"}, {"reason=\"the certificate exchange could not be opened", "* connected"}};
const Expected resumed{
    std::nullopt, {"connection resumed, nothing was lost"}, {"connection resumed, nothing was lost"}};

Expected refused_in_exchange(const std::string& guest, const std::string& host) {
    return {exit_refused,
            {"session ended: the handshake failed: " + guest},
            {"a handshake failed in layer 3", host}};
}

void add(std::vector<NamedScenario>& all, const std::string& name, Target target,
         const std::vector<long>& places, const Expected& expected) {
    for (const long place : places) {
        all.push_back({name + ", byte " + std::to_string(place),
                       [=] { attack(flip(target, place, static_cast<u8>(place & 7)), expected); }});
    }
}

std::vector<NamedScenario> flipped_in_layer_1() {
    std::vector<NamedScenario> all;
    add(all, "hello", hello, {0, 23, 24, 30, 600, -1}, unanswered);
    add(all, "reply", reply, {0, 24, 60, 1700, 5000, -1},
        {exit_unreachable,
         {not_the_peer},
         {"reason=\"the connection ended during the certificate exchange"}});
    add(all, "finish", finish, {0, 4000, -1}, mended_by_another_try);
    return all;
}

std::vector<NamedScenario> flipped_in_tls() {
    std::vector<NamedScenario> all;
    add(all, "ClientHello", client_hello, {0, 5, 20, 300, 1200, -1}, refused_in_tls);
    // No TLS to the host's eyes, which ends the stream: the guest dials again.
    add(all, "ClientHello's version", client_hello, {1},
        {std::nullopt, {"* connected"}, {"a handshake failed in layer 2"}});
    add(all, "ServerHello", server_hello, {0, 1, 5, 20, 300, 1200, -1}, refused_in_tls);
    for (unsigned number = 1; number <= 5; ++number) {
        add(all, "server flight " + std::to_string(number), {Way::to_guest, Part::server_flight, number},
            {0, 5, 20, -1},
            {exit_refused,
             {"session ended: the handshake failed: TLS: "},
             {"a handshake failed in layer 2"}});
    }
    for (unsigned number = 1; number <= 3; ++number) {
        add(all, "client flight " + std::to_string(number), {Way::to_host, Part::client_flight, number},
            {0, 5, 20, -1},
            {exit_refused,
             {"session ended: the handshake failed: " + refused},
             {"a handshake failed in layer 2"}});
    }
    return all;
}

std::vector<NamedScenario> flipped_in_key_exchange() {
    std::vector<NamedScenario> all;
    add(all, "bundle", {Way::to_host, Part::bundle}, {5, 3000, 8000, -1},
        refused_in_exchange(refused, damaged));
    add(all, "init", {Way::to_guest, Part::init}, {5, 3000, 12000, -1},
        refused_in_exchange(damaged, refused));
    // A has the session already, B has not: A dials anew with the invite, which is still good.
    add(all, "resp", {Way::to_host, Part::resp}, {5, 3000, -1},
        {std::nullopt, {"* connected"}, {damaged, "* connected"}});
    return all;
}

std::vector<NamedScenario> flipped_in_cells() {
    std::vector<NamedScenario> all;
    for (const Way way : {Way::to_host, Way::to_guest}) {
        const std::string name = way == Way::to_host ? "cell to the host " : "cell to the guest ";
        for (unsigned number = 1; number <= 3; ++number) {
            add(all, name + std::to_string(number), {way, Part::cell, number}, {5, 3000, -1}, resumed);
        }
    }
    return all;
}

TEST(AttackerBetweenProcesses, AFlippedBitAnywhereIsRefusedOrMended) {
    run_all({
        {"flipped in layer 1", flipped_in_layer_1()},
        {"flipped in tls", flipped_in_tls()},
        {"flipped in key exchange", flipped_in_key_exchange()},
        {"flipped in cells", flipped_in_cells()},
    });
}

}  // namespace
}  // namespace chat::test
