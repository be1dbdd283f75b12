/// Messages from elsewhere in place of the right ones: of an earlier stream, of another pair, or made for a
/// weaker protocol (docs/protocol.md 12).

#include <gtest/gtest.h>

#include "adversary/plans.hpp"
#include "adversary/scenario.hpp"
#include "support/raw_tls_peer.hpp"

namespace chat::test {
namespace {

const Expected delivered{std::nullopt, {"* connected"}, {"* connected"}};
const Expected resumed{
    std::nullopt, {"connection resumed, nothing was lost"}, {"connection resumed, nothing was lost"}};
const Expected unanswered{exit_unreachable, {"connected, but it isn't the peer who answers there"}, {}};
const Expected refused{
    exit_refused, {"session ended: the handshake failed: TLS: "}, {"a handshake failed in layer "}};

Attacker::Plan pass_all() {
    return [](const Unit& unit, Wire& wire) { wire.send(unit.way, unit.bytes); };
}

/// Everything that another pair said to each other, from the hello to the last cell.
std::vector<Unit> another_pairs_session() {
    Scene scene{pass_all()};
    std::vector<Unit> out;
    with_transcripts(scene, [&] {
        TestProcess& guest = scene.invite_guest();
        scene.talk(guest);
        scene.part(guest);
        out = scene.attacker().recorded();
    });
    return out;
}

Bytes bytes_of_target(const std::vector<Unit>& units, Target target) {
    for (const Unit& unit : units) {
        if (target.hit_by(unit)) return unit.bytes;
    }
    throw std::runtime_error{"nothing of that kind was recorded"};
}

/// All that a guest said, sent once more on a connection of its own. Whether a single byte came back before
/// the reset.
bool is_answered(u16 port, const std::vector<Unit>& units) {
    const RawSocket socket = RawSocket::connected_to(loopback_v4(port));
    for (const Unit& unit : units) {
        if (unit.way == Way::to_host && unit.stream == 1) socket.send(unit.bytes);
    }
    pollfd wait{socket.fd(), POLLIN, 0};
    require_that(::poll(&wait, 1, 20'000) == 1, "the host holds a replayed stream for ever");
    return socket.look() != "RST";
}

std::vector<NamedScenario> replayed_stream() {
    return {{"the same listener, in the session",
             [] {
                 Scene scene{pass_all()};
                 with_transcripts(scene, [&] {
                     TestProcess& guest = scene.invite_guest();
                     scene.talk(guest);
                     require_that(!is_answered(scene.host_port(), scene.attacker().recorded()),
                                  "a byte came back");
                     scene.host().wait_for("hello", scene.deadline());
                     scene.talk(guest);
                     scene.part(guest);
                 });
             }},
            {"a reusable invite",
             [] {
                 Scene scene{pass_all(), {"--reusable"}};
                 with_transcripts(scene, [&] {
                     TestProcess& guest = scene.invite_guest();
                     scene.talk(guest);
                     guest.end_input();
                     require_that(guest.wait_exit(scene.deadline()) == exit_ok,
                                  "the guest did not leave well");
                     scene.host().wait_for("waiting for the next guest", scene.deadline());
                     require_that(!is_answered(scene.host_port(), scene.attacker().recorded()),
                                  "a byte came back");
                     scene.host().wait_for("reason=\"an old hello was sent again", scene.deadline());
                 });
             }},
            {"a new listener", [] {
                 const auto units = another_pairs_session();
                 Scene scene{pass_all()};
                 with_transcripts(scene, [&] {
                     require_that(!is_answered(scene.host_port(), units), "a byte came back");
                     scene.host().wait_for("reason=\"the certificate exchange could not be opened",
                                           scene.deadline());
                     TestProcess& guest = scene.invite_guest();
                     scene.talk(guest);
                     scene.part(guest);
                 });
             }}};
}

std::vector<NamedScenario> spliced() {
    const auto units = another_pairs_session();
    const auto splice = [&](const std::string& name, Target target, const Expected& expected) {
        return NamedScenario{
            name, [=, bytes = bytes_of_target(units, target)] { attack(replace(target, bytes), expected); }};
    };
    return {splice("hello", {Way::to_host, Part::hello}, unanswered),
            splice("reply", {Way::to_guest, Part::reply}, unanswered),
            splice("finish", {Way::to_host, Part::finish}, delivered),
            splice("ClientHello", {Way::to_host, Part::client_hello}, refused),
            splice("ServerHello", {Way::to_guest, Part::server_hello}, refused),
            splice("server's certificate", {Way::to_guest, Part::server_flight, 3}, refused),
            splice("client's certificate", {Way::to_host, Part::client_flight, 1}, refused),
            splice("bundle", {Way::to_host, Part::bundle}, refused),
            splice("init", {Way::to_guest, Part::init}, refused),
            splice("resp", {Way::to_host, Part::resp}, delivered),
            splice("cell to the host", {Way::to_host, Part::cell, 2}, resumed),
            splice("cell to the guest", {Way::to_guest, Part::cell, 2}, resumed)};
}

/// The KEM's part of a key share or of layer 1's frames, from another session into this one.
std::vector<NamedScenario> swapped_part() {
    const auto units = another_pairs_session();
    const auto swap = [&](const std::string& name, Target target, std::size_t from, std::size_t size,
                          const Expected& expected) {
        const Bytes theirs = bytes_of_target(units, target);
        return NamedScenario{name, [=] {
                                 attack(instead_of(target,
                                                   [=](const Unit& unit, Wire& wire) {
                                                       Bytes bytes = unit.bytes;
                                                       std::copy_n(theirs.begin() + static_cast<long>(from),
                                                                   size,
                                                                   bytes.begin() + static_cast<long>(from));
                                                       wire.send(unit.way, bytes);
                                                   }),
                                        expected);
                             }};
    };
    return {swap("reply, ML-KEM ciphertext", {Way::to_guest, Part::reply}, 24 + 32, 1568, unanswered),
            swap("reply, certificate", {Way::to_guest, Part::reply}, 24 + 1600, 8208, unanswered),
            swap("hello, ML-KEM key", {Way::to_host, Part::hello}, 24 + 33, 1568, unanswered),
            swap("ClientHello, key share", {Way::to_host, Part::client_hello}, 400, 1300, refused),
            swap("ServerHello, key share", {Way::to_guest, Part::server_hello}, 200, 1500, refused)};
}

Bytes weak_client_hello(int version, const std::string& groups) {
    RawTlsConfig config;
    config.min_version = config.max_version = version;
    config.groups = groups;
    if (version == TLS1_2_VERSION) config.signature_algorithms = "ed25519:ECDSA+SHA256";
    RawTlsPeer peer{StreamSide::dialler, config};
    return peer.take_output();
}

std::vector<NamedScenario> downgraded() {
    constexpr Target client_hello{Way::to_host, Part::client_hello};
    const auto host_says = [](const std::string& reason) {
        return Expected{exit_refused,
                        {"session ended: the handshake failed: TLS: the peer "},
                        {"a handshake failed in layer 2, TLS 1.3: " + reason}};
    };
    return {{"TLS 1.2",
             [=] {
                 attack(replace(client_hello, weak_client_hello(TLS1_2_VERSION, "X25519:P-256")),
                        host_says("TLS: the peer does not speak TLS 1.3"));
             }},
            {"X25519 alone",
             [=] {
                 attack(replace(client_hello, weak_client_hello(TLS1_3_VERSION, "X25519")),
                        host_says("TLS: the peer does not agree keys by SecP384r1MLKEM1024"));
             }},
            {"ML-KEM-768",
             [=] {
                 attack(replace(client_hello, weak_client_hello(TLS1_3_VERSION, "X25519MLKEM768")),
                        host_says("TLS: the peer does not agree keys by SecP384r1MLKEM1024"));
             }},
            {"ServerHello of TLS 1.2", [] {
                 // The legacy form: no extensions, so version 3.3 is what it agrees to.
                 Bytes hello = {22, 3, 3, 0, 42, 2, 0, 0, 38, 3, 3};
                 hello.resize(hello.size() + 32, 7);
                 append(hello, Bytes{0, 0x13, 0x02, 0});
                 attack(replace({Way::to_guest, Part::server_hello}, hello), refused);
             }}};
}

TEST(AttackerBetweenProcesses, MessagesFromElsewhereAreRefused) {
    run_all({
        {"replayed stream", replayed_stream()},
        {"spliced", spliced()},
        {"swapped part", swapped_part()},
        {"downgraded", downgraded()},
    });
}

}  // namespace
}  // namespace chat::test
