#include "app/guided.hpp"

#include "app/hosting.hpp"
#include "app/joining.hpp"
#include "shell/terminal/prompt.hpp"

namespace chat {
namespace {

constexpr std::size_t longest_answer = 512;
/// A DNS name and a port.
constexpr std::size_t longest_place = 253 + 6;

std::string trimmed(ByteView bytes) {
    const std::string text{bytes.begin(), bytes.end()};
    const auto begin = text.find_first_not_of(" \t\r\n");
    if (begin == std::string::npos) return {};
    return text.substr(begin, text.find_last_not_of(" \t\r\n") - begin + 1);
}

/// One typed line without white space around it; nothing at the end of input.
std::optional<std::string> ask(Console& console, std::string_view question, int input) {
    console.raw(question);
    std::array<u8, longest_answer> room{};
    const LineRead line = read_line(input, room);
    if (line.ended && line.bytes == 0) return std::nullopt;
    return trimmed(ByteView{room}.first(line.bytes));
}

void show_addresses(Environment& environment, Console& console, const Options& options) {
    console.status(options.stun_servers.empty() ? "no STUN servers are configured"
                                                : "asking STUN servers for the public address");
    AddressFinder finder{environment, console, options};
    environment.loop.post([&] {
        finder.find(options.port, [&](const std::vector<Endpoint>&) {
            for (const Endpoint& endpoint : finder.local(options.port)) {
                console.status("this machine: " + to_text(endpoint.ip) + " (" +
                               std::string{describe(endpoint.ip.reach())} + ")");
            }
            environment.loop.stop();
        });
    });
    environment.loop.run();
}

/// An address, or an invite: whatever was pasted. False when it is neither.
bool choose_target(Console& console, Options& options, int input) {
    console.raw("Paste the invite, or type HOST:PORT of an open listener, and press Enter:");
    SecretBuffer pasted = read_pasted(input);
    const auto invite = decode_invite(pasted.expose());
    if (invite) {
        options.command = Command::join;
        options.typed_invite = std::move(pasted);
        return true;
    }
    const std::string text = trimmed(pasted.expose());
    if (invite.error() != InviteError::not_an_invite || text.size() > longest_place) {
        console.alert(describe(invite.error()));
        return false;
    }
    const auto place = parse_host_port(text);
    if (!place) {
        console.alert("this is neither an invite nor an address: " + std::string{describe(place.error())});
        return false;
    }
    options.command = Command::connect;
    options.target = *place;
    return true;
}

}  // namespace

Options run_guide(Environment& environment, Console& console, Options options, int input) {
    console.raw(std::string{"Secure P2P Chat: two people, no server between them. Nothing "} +
                (environment.identity.kept ? "that is said " : "") + "is written to disk.");
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
        if (*answer == "2") {
            if (choose_target(console, options, input)) return options;
        } else if (*answer == "3") {
            show_addresses(environment, console, options);
        } else {
            console.alert("please type 1, 2, 3 or 4");
        }
    }
}

}  // namespace chat
