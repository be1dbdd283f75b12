#include "app/joining.hpp"

#include <cstdio>

#include "shell/private_file.hpp"
#include "shell/terminal/prompt.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

/// More lines of a wrapped invite come at once or not at all.
constexpr std::chrono::milliseconds wait_for_more{300};

Result<Invite, InviteError> decode_and_wipe(std::string& text) {
    auto invite = decode_invite(bytes_of(text));
    guarded_memory::wipe({reinterpret_cast<u8*>(text.data()), text.size()});  // NOLINT: bytes of the text
    return invite;
}

std::optional<HostPort> place_of(const Endpoint& endpoint) {
    switch (endpoint.kind) {
        case EndpointKind::ipv4:
        case EndpointKind::ipv6: return host_port(SocketAddress{endpoint.ip, endpoint.port});
        case EndpointKind::dns: return HostPort{std::nullopt, endpoint.name, {}, endpoint.port};
        case EndpointKind::onion:
        case EndpointKind::turn: return std::nullopt;
    }
    return std::nullopt;
}

std::vector<HostPort> places_of(const Invite& invite, const Options& options, Console& console) {
    if (options.via) return {*options.via};
    std::vector<HostPort> out;
    for (const Endpoint& endpoint : invite.endpoints) {
        if (auto place = place_of(endpoint)) {
            out.push_back(std::move(*place));
        } else {
            console.status("left out " + clean_line(bytes_of(to_text(endpoint))) +
                           ": this version can't dial such an address");
        }
    }
    return out;
}

Result<Invite, InviteError> decode(Options& options, Console& console, int input) {
    if (!options.invite.empty()) {
        console.status(
            "hint: an invite is a secret, and arguments show in the list of processes and in the shell's "
            "history; "
            "leave it out and paste it when asked, or use --invite-file");
        return decode_and_wipe(options.invite);
    }
    if (!options.typed_invite.empty()) return decode_invite(options.typed_invite.expose());
    if (!options.plain) console.raw("Paste the invite and press Enter:");
    return decode_invite(read_pasted(input).expose());
}

}  // namespace

SecretBuffer read_pasted(int input) {
    SecretBuffer text{max_invite_text};
    std::size_t length = 0;
    for (;;) {
        const auto line = read_line(input, text.expose_mutable().subspan(length));
        length += line.bytes;
        const ByteView so_far = text.expose().first(length);
        const bool complete = decode_invite(so_far).has_value();
        if (complete || line.ended || length == text.size() || !more_is_waiting(input, wait_for_more))
            return SecretBuffer::copy_of(so_far);
    }
}

std::optional<Invite> read_invite(Console& console, Options& options, int input) {
    Result<Invite, InviteError> invite = fail(InviteError::not_an_invite);
    const bool from_file =
        options.invite.empty() && !options.invite_file.empty() && options.invite_file != "-";
    if (from_file) {
        const auto content = read_private_file(options.invite_file, max_invite_text);
        if (!content) {
            console.alert("invite file: " + std::string{describe(content.error())});
            return std::nullopt;
        }
        invite = decode_invite(content->expose());
    } else {
        invite = decode(options, console, input);
    }
    if (invite) return std::move(*invite);
    console.alert(describe(invite.error()));
    return std::nullopt;
}

ExitCode begin_joining(const Invite& invite, Environment& environment, Console& console,
                       const Options& options, Chat& chat) {
    const std::array own{chat.runner().fingerprint()};
    if (is_own(invite, own)) {
        console.alert("this is your own invite: give it to the other side, who joins with it");
        return ExitCode::bad_invite;
    }
    if (is_expired(invite, environment.loop.wall_now())) {
        console.alert("by this machine's clock the invite has expired; trying all the same");
    }
    auto places = places_of(invite, options, console);
    if (places.empty()) {
        console.alert("the invite names no address that can be dialled; use --via HOST:PORT");
        return ExitCode::unreachable;
    }
    for (const HostPort& place : places) console.status("dialling " + to_text(place));
    chat.runner().join(invite.secret.clone(), invite.host, std::move(places));
    return ExitCode::ok;
}

ExitCode begin_connecting(Console& console, const Options& options, Chat& chat) {
    std::vector<HostPort> places;
    if (options.target) places.push_back(*options.target);
    for (const std::string& text : options.target ? std::vector<std::string>{} : chat.contact_places()) {
        if (auto place = parse_host_port(text)) places.push_back(std::move(*place));
    }
    if (places.empty()) {
        console.alert("it is not known where this contact was last: say HOST:PORT");
        return ExitCode::unreachable;
    }
    console.alert(
        options.keys.contact.empty()
            ? "connecting without an invite: the other side is unverified until you compared the words"
            : "connecting without an invite, to " + clean_line(bytes_of(options.keys.contact)) +
                  " alone: whoever else answers is not heard");
    for (const HostPort& place : places) console.status("dialling " + to_text(place));
    chat.runner().connect_open(std::move(places));
    return ExitCode::ok;
}

}  // namespace chat
