#include "app/guided.hpp"

#include "app/hosting.hpp"
#include "shell/terminal/prompt.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

constexpr std::size_t longest_answer = 512;

/// One typed line without white space around it; nothing at the end of input.
std::optional<std::string> ask(Console& console, std::string_view question, int input) {
    console.raw(question);
    std::array<u8, longest_answer> room{};
    const LineRead line = read_line(input, room);
    if (line.ended && line.bytes == 0) return std::nullopt;
    const std::string text{room.begin(), room.begin() + static_cast<std::ptrdiff_t>(line.bytes)};
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return std::string{};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

void show_addresses(Environment& environment, Console& console, const Options& options) {
    console.status(options.stun_servers.empty() ? "no STUN servers are configured"
                                                : "asking STUN servers for the public address");
    AddressFinder finder{environment, console, options};
    environment.loop.post([&] {
        finder.find(options.port, [&](const std::vector<Endpoint>& endpoints) {
            for (const Endpoint& endpoint : endpoints) {
                if (endpoint.kind == EndpointKind::dns) continue;
                console.status("this machine: " + to_text(endpoint.ip) + " (" +
                               std::string{describe(endpoint.ip.reach())} + ")");
            }
            environment.loop.stop();
        });
    });
    environment.loop.run();
}

/// An address, or an invite: whatever was typed.
bool choose_target(Console& console, Options& options, int input) {
    const auto answer =
        ask(console, "Paste the invite, or type HOST:PORT of an open listener, and press Enter:", input);
    if (!answer) return false;
    if (answer->find("P2P1:") == std::string::npos && answer->size() < 100) {
        const auto place = parse_host_port(*answer);
        if (place) {
            options.command = Command::connect;
            options.target = *place;
            return true;
        }
        console.alert("'" + clean_line(bytes_of(*answer)) +
                      "' is neither an invite nor an address: " + std::string{describe(place.error())});
        return false;
    }
    options.command = Command::join;
    options.invite_file.clear();
    options.typed_invite = *answer;
    return true;
}

}  // namespace

Options run_guide(Environment& environment, Console& console, Options options, int input) {
    console.raw("Secure P2P Chat: two people, no server between them. Nothing is written to disk.");
    show_addresses(environment, console, options);
    for (;;) {
        const auto answer =
            ask(console,
                "\n  1  wait for a peer (makes an invite)\n  2  join with an invite or an address\n"
                "  3  ask the STUN servers again\n  4  leave\nYour choice:",
                input);
        if (!answer || *answer == "4") {
            options.command = Command::guided;
            return options;
        }
        if (*answer == "1") {
            options.command = Command::listen;
            return options;
        }
        if (*answer == "2" && choose_target(console, options, input)) return options;
        if (*answer == "3") show_addresses(environment, console, options);
        if (*answer < "1" || *answer > "4") console.alert("please type 1, 2, 3 or 4");
    }
}

}  // namespace chat
