/// Messages are dropped, doubled, reordered, reflected, cut off and delayed (docs/protocol.md 12).

#include <gtest/gtest.h>

#include "adversary/plans.hpp"
#include "adversary/scenario.hpp"

namespace chat::test {
namespace {

using namespace std::chrono_literals;

const Expected delivered{std::nullopt, {"* connected"}, {"* connected"}};
const Expected resumed{
    std::nullopt, {"connection resumed, nothing was lost"}, {"connection resumed, nothing was lost"}};
const Expected unanswered{
    exit_unreachable, {"session ended: no address of the other side could be reached"}, {}};
const Expected refused{
    exit_refused, {"session ended: the handshake failed: TLS: "}, {"a handshake failed in layer "}};

constexpr Target hello{Way::to_host, Part::hello};
constexpr Target reply{Way::to_guest, Part::reply};
constexpr Target finish{Way::to_host, Part::finish};
constexpr Target client_hello{Way::to_host, Part::client_hello};
constexpr Target server_hello{Way::to_guest, Part::server_hello};
constexpr Target server_flight_3{Way::to_guest, Part::server_flight, 3};
constexpr Target client_flight_2{Way::to_host, Part::client_flight, 2};
constexpr Target bundle{Way::to_host, Part::bundle};
constexpr Target init{Way::to_guest, Part::init};
constexpr Target resp{Way::to_host, Part::resp};
Target cell(Way way, unsigned number) { return {way, Part::cell, number}; }

std::vector<NamedScenario> dropped() {
    return {{"hello", [] { attack(drop(hello), unanswered); }},
            {"reply", [] { attack(drop(reply), unanswered); }},
            {"finish", [] { attack(drop(finish), delivered); }},
            {"ClientHello", [] { attack(drop(client_hello), delivered); }},
            {"ServerHello", [] { attack(drop(server_hello), refused); }},
            {"server's certificate", [] { attack(drop(server_flight_3), refused); }},
            {"client's signature", [] { attack(drop(client_flight_2), refused); }},
            {"bundle", [] { attack(drop(bundle), delivered); }},
            {"init", [] { attack(drop(init), delivered); }},
            {"resp", [] { attack(drop(resp), delivered); }},
            {"cell to the host", [] { attack(drop(cell(Way::to_host, 2)), resumed); }},
            {"cell to the guest", [] { attack(drop(cell(Way::to_guest, 2)), resumed); }}};
}

std::vector<NamedScenario> doubled() {
    return {{"hello", [] { attack(send_twice(hello), delivered); }},
            {"reply", [] { attack(send_twice(reply), refused); }},
            {"finish", [] { attack(send_twice(finish), delivered); }},
            {"ClientHello", [] { attack(send_twice(client_hello), refused); }},
            {"ServerHello", [] { attack(send_twice(server_hello), refused); }},
            {"bundle", [] { attack(send_twice(bundle), refused); }},
            {"init", [] { attack(send_twice(init), delivered); }},
            {"resp", [] { attack(send_twice(resp), delivered); }},
            {"first cell to the host", [] { attack(send_twice(cell(Way::to_host, 1)), resumed); }},
            {"cell to the host", [] { attack(send_twice(cell(Way::to_host, 3)), resumed); }},
            {"cell to the guest", [] { attack(send_twice(cell(Way::to_guest, 2)), resumed); }}};
}

std::vector<NamedScenario> reordered() {
    return {{"finish", [] { attack(swap_with_next(finish), delivered); }},
            {"server's certificate", [] { attack(swap_with_next(server_flight_3), refused); }},
            {"client's signature", [] { attack(swap_with_next(client_flight_2), refused); }},
            {"resp", [] { attack(swap_with_next(resp), delivered); }},
            {"cells to the host", [] { attack(swap_with_next(cell(Way::to_host, 1)), resumed); }},
            {"cells to the guest", [] { attack(swap_with_next(cell(Way::to_guest, 1)), resumed); }}};
}

std::vector<NamedScenario> reflected() {
    return {{"hello", [] { attack(reflect(hello), unanswered); }},
            {"reply", [] { attack(reflect(reply), unanswered); }},
            {"ClientHello", [] { attack(reflect(client_hello), refused); }},
            {"ServerHello", [] { attack(reflect(server_hello), refused); }},
            {"bundle", [] { attack(reflect(bundle), refused); }},
            {"init", [] { attack(reflect(init), refused); }},
            {"resp", [] { attack(reflect(resp), delivered); }},
            {"cell to the host", [] { attack(reflect(cell(Way::to_host, 2)), resumed); }},
            {"cell to the guest", [] { attack(reflect(cell(Way::to_guest, 2)), resumed); }}};
}

std::vector<NamedScenario> cut() {
    std::vector<NamedScenario> all;
    for (const Target& target :
         {hello, reply, finish, client_hello, server_hello, client_flight_2, bundle, init, resp})
        all.push_back({"part " + std::to_string(static_cast<int>(target.part)),
                       [target] { attack(cut_at(target), delivered); }});
    for (const unsigned number : {1U, 2U}) {
        for (const Way way : {Way::to_host, Way::to_guest}) {
            all.push_back(
                {"cell " + std::to_string(number), [=] { attack(cut_at(cell(way, number)), delivered); }});
        }
    }
    return all;
}

std::vector<NamedScenario> delayed_within_the_deadline() {
    return {{"hello", [] { attack(delay(hello, 3s), delivered); }},
            {"reply", [] { attack(delay(reply, 3s), delivered); }},
            {"server's certificate", [] { attack(delay(server_flight_3, 3s), delivered); }},
            {"init", [] { attack(delay(init, 3s), delivered); }},
            {"cell", [] { attack(delay(cell(Way::to_host, 1), 3s), delivered); }}};
}

std::vector<NamedScenario> delayed_beyond_the_deadline() {
    return {{"hello", [] { attack(delay(hello, 17s), unanswered); }},
            {"reply", [] { attack(delay(reply, 17s), unanswered); }},
            {"server's certificate", [] { attack(delay(server_flight_3, 11s), delivered); }},
            {"init", [] { attack(delay(init, 11s), delivered); }}};
}

TEST(AttackerBetweenProcesses, MessagesDroppedDoubledReorderedReflectedCutOffOrDelayedHarmNothing) {
    run_all({
        {"delayed beyond the deadline", delayed_beyond_the_deadline()},
        {"dropped", dropped()},
        {"reordered", reordered()},
        {"reflected", reflected()},
        {"doubled", doubled()},
        {"cut", cut()},
        {"delayed within the deadline", delayed_within_the_deadline()},
    });
}

}  // namespace
}  // namespace chat::test
