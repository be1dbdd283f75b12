#include "app/hosting.hpp"

#include <algorithm>

#include "p2p_core/address_selection.hpp"
#include "shell/net/local_addresses.hpp"
#include "shell/private_file.hpp"
#include "shell/terminal/qr_code.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

constexpr std::size_t terminal_columns = 80;

void add_once(std::vector<Endpoint>& endpoints, Endpoint endpoint) {
    if (std::ranges::find(endpoints, endpoint) == endpoints.end()) endpoints.push_back(std::move(endpoint));
}

Endpoint endpoint_of(const HostPort& place) {
    return place.ip ? Endpoint::address({*place.ip, place.port}) : Endpoint::dns(place.name, place.port);
}

std::string lifetime_text(std::chrono::seconds lifetime) {
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(lifetime).count();
    return minutes % 60 == 0 ? std::to_string(minutes / 60) + " h" : std::to_string(minutes) + " min";
}

}  // namespace

AddressFinder::AddressFinder(Environment& environment, Console& console, const Options& options)
    : environment_{environment}, console_{console}, options_{options} {}

std::vector<Endpoint> AddressFinder::local(u16 port) const {
    std::vector<IpAddress> found = options_.bind;
    if (found.empty()) {
        if (const auto addresses = local_addresses()) found = *addresses;
    }
    std::vector<Endpoint> out;
    for (const IpAddress& ip : select_addresses(found)) out.push_back(Endpoint::address({ip, port}));
    return out;
}

void AddressFinder::find(u16 port, Found found) {
    if (options_.stun_servers.empty()) return finished({}, port, found);
    StunSurveyOptions survey;
    survey.servers = options_.stun_servers;
    client_ = std::make_unique<StunClient>(
        environment_.loop, environment_.resolver, environment_.rng, std::move(survey), port,
        StunClient::Events{
            .on_progress = {},
            .on_finished = [this, port, found = std::move(found)](const StunSurveyResult& result) {
                finished(result, port, found);
            }});
}

void AddressFinder::finished(const StunSurveyResult& result, u16 port, const Found& found) {
    std::vector<Endpoint> endpoints;
    for (const HostPort& place : options_.advertise) add_once(endpoints, endpoint_of(place));
    for (IpFamily family : {IpFamily::v6, IpFamily::v4}) {
        for (const IpAddress& ip : result.public_addresses(family)) {
            const auto tcp = result.public_tcp(family);
            const u16 public_port = tcp && tcp->ip == ip ? tcp->port : port;
            const std::string place = port == 0 ? to_text(ip) : to_text(SocketAddress{ip, public_port});
            console_.status("public address, as STUN servers see it: " + place + " (" +
                            std::string{describe(result.mapping(family, StunTransport::udp))} + ")");
            add_once(endpoints, Endpoint::address({ip, public_port}));
        }
    }
    if (!options_.stun_servers.empty() && !result.any_answer()) {
        console_.status("no STUN server answered: only addresses of this machine are known");
    }
    for (Endpoint& endpoint : local(port)) add_once(endpoints, std::move(endpoint));
    found(std::move(endpoints));
}

Hosting::Hosting(Environment& environment, Console& console, const Options& options, Chat& chat)
    : environment_{environment},
      console_{console},
      options_{options},
      chat_{chat},
      addresses_{environment, console, options} {}

ExitCode Hosting::begin() {
    ListenOptions listen;
    listen.bind = options_.bind;
    listen.port = options_.port;
    if (const auto listening = chat_.runner().listen(listen); !listening) {
        console_.alert(describe(listening.error()));
        return ExitCode::cannot_listen;
    }
    for (const SocketAddress& bound : chat_.runner().listener()->bound())
        console_.status("listening on " + to_text(bound));
    if (options_.open) {
        static_cast<void>(chat_.runner().offer_open());
        console_.alert(
            "open to everybody who reaches this port: whoever comes is unverified until you compared the "
            "words");
    }
    addresses_.find(chat_.runner().listener()->port(), [this](std::vector<Endpoint> endpoints) {
        if (!options_.open) return make_invite(std::move(endpoints));
        for (const Endpoint& endpoint : endpoints)
            console_.status("the other side can use: connect " + to_text(endpoint));
    });
    return ExitCode::ok;
}

void Hosting::make_invite(std::vector<Endpoint> endpoints) {
    Invite invite;
    invite.use = options_.reusable ? InviteUse::reusable : InviteUse::single;
    invite.expiry = expiry_after(environment_.loop.wall_now(), options_.invite_lifetime);
    std::erase_if(endpoints, [](const Endpoint& endpoint) { return !is_valid(endpoint); });
    if (endpoints.size() > Invite::max_endpoints) endpoints.resize(Invite::max_endpoints);
    invite.endpoints = std::move(endpoints);
    invite.host = chat_.runner().fingerprint();
    invite.secret = environment_.rng.secret<PresharedSecret>();
    const auto text = encode(invite);
    const WallTime expiry{std::chrono::minutes{invite.expiry}};
    if (!text || !chat_.runner().offer_invite(invite.secret, expiry, invite.use)) {
        return console_.alert("the invite could not be made");
    }
    for (const Endpoint& endpoint : invite.endpoints) {
        console_.status("the invite tells this address: " + clean_line(bytes_of(to_text(endpoint))));
    }
    print_invite(*text);
    if (options_.invite_file.empty()) return;
    const auto written = write_private_file(options_.invite_file, text->expose());
    if (!written)
        console_.alert("the invite could not be written to the file: " +
                       std::string{describe(written.error())});
}

void Hosting::print_invite(const SecretBuffer& text) {
    const ByteView bytes = text.expose();
    if (!options_.plain) {
        if (const auto code = qr_code(bytes, terminal_columns)) console_.raw(*code);
    }
    console_.status("send this invite over a channel you trust; it is good for " +
                    std::string{options_.reusable ? "several guests" : "one guest"} + " within " +
                    lifetime_text(options_.invite_lifetime) + ":");
    console_.status("invite " + std::string{bytes.begin(), bytes.end()});
    console_.status("waiting for the guest");
}

}  // namespace chat
