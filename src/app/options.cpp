#include "app/options.hpp"

#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "app/toml_config.hpp"
#include "app/version.hpp"
#include "base/guarded_memory.hpp"
#include "base/utf8.hpp"
#include "secure_p2p/options.hpp"
#include "secure_p2p/session/greeting.hpp"

namespace chat {
namespace {

/// Asked when the person names no others; nothing but their answer is used, and nothing of the chat goes there.
const std::vector<std::string> default_stun_servers = {"stun.nextcloud.com:3478", "stun.sipgate.net:3478"};

struct Raw {
    std::vector<std::string> bind;
    std::vector<std::string> advertise;
    std::vector<std::string> stun;
    int port = 0;
    bool no_stun = false;
    std::string via;
    std::string target;
    std::string resume_for = "1h";
    std::string rotate_every = "1h";
    std::string expires = "24h";
    std::string drain_for = "30s";
    unsigned cover = 0;
};

std::chrono::seconds parse_duration(const std::string& name, const std::string& text) {
    std::size_t used = 0;
    unsigned long amount = 0;
    try {
        amount = std::stoul(text, &used);
    } catch (const std::exception&) {
        used = 0;
    }
    const std::string unit = text.substr(used);
    const bool known =
        used > 0 && amount <= 1'000'000 && (unit == "s" || unit == "m" || unit == "h" || unit == "d");
    if (!known)
        throw CLI::ValidationError{name,
                                   "'" + text + "' is no duration; write for example 90s, 10m, 1h or 1d"};
    const std::chrono::seconds one{unit == "s" ? 1 : unit == "m" ? 60 : unit == "h" ? 3600 : 86400};
    return one * static_cast<long>(amount);
}

HostPort parse_place(const std::string& name, const std::string& text, PortRule rule = PortRule::required,
                     u16 port = 0) {
    const auto place = parse_host_port(text, rule, port);
    if (!place) throw CLI::ValidationError{name, "'" + text + "': " + std::string{describe(place.error())}};
    return *place;
}

void add_identity_options(CLI::App& app, Options& options, Raw& raw) {
    app.add_option("--nick", options.nick, "name that the other side sees (at most 64 bytes)")
        ->option_text("NAME");
    app.add_flag("--plain", options.plain,
                 "scriptable form: one event a line, no colours; chosen by itself without a terminal");
    app.add_option("--log-level", options.log_level,
                   "trace, debug, info, warn, error or off; logs go to standard error")
        ->check(CLI::IsMember({"trace", "debug", "info", "warn", "error", "off"}))
        ->option_text("LEVEL");
    app.add_option("--resume-for", raw.resume_for,
                   "how long a lost connection is resumed (default: 1h, at most 1d)")
        ->option_text("TIME");
    app.add_option("--rotate-every", raw.rotate_every,
                   "how often the ephemeral identity and certificates rotate (default: 1h); 0s: never")
        ->option_text("TIME");
    app.add_option("--cover", raw.cover, "send this many cells a second, whatever is said (1 to 1000)")
        ->check(CLI::Range(1, 1000))
        ->option_text("N");
    app.add_flag("--deniable", options.deniable,
                 "publish old signing keys inside the channel: later nobody can prove who wrote a line. It "
                 "does not hide that "
                 "you took part, nor cover a session that was cut");
    app.add_option(
           "--drain-for", raw.drain_for,
           "at the end of input, how long to wait for the other side to receive the next line (default: 30s)")
        ->option_text("TIME");
}

void add_network_options(CLI::App& app, Options& options, Raw& raw) {
    app.add_option("--bind", raw.bind, "listen on this address only (repeatable)")
        ->option_text("ADDRESS")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--port", raw.port, "listen on this port (0: any free one)")
        ->check(CLI::Range(0, 65535))
        ->option_text("N");
    app.add_option("--advertise", raw.advertise,
                   "put this address into the invite, for a forwarded port (repeatable)")
        ->option_text("HOST:PORT")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_option("--stun", raw.stun, "ask this STUN server (repeatable; default: two public ones)")
        ->option_text("HOST[:PORT]")
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    app.add_flag("--no-stun", raw.no_stun, "ask no STUN server");
    app.add_option("--expires", raw.expires, "lifetime of an invite (default: 24h)")->option_text("TIME");
    app.add_flag("--reusable", options.reusable, "an invite for several guests, one after the other");
}

void finish(Options& options, const Raw& raw) {
    for (const auto& text : raw.bind) {
        const auto ip = parse_ip(text);
        if (!ip) throw CLI::ValidationError{"--bind", "'" + text + "' is no IP address"};
        options.bind.push_back(*ip);
    }
    for (const auto& text : raw.advertise) options.advertise.push_back(parse_place("--advertise", text));
    const auto& stun = raw.stun.empty() ? default_stun_servers : raw.stun;
    if (!raw.no_stun) {
        for (const auto& text : stun)
            options.stun_servers.push_back(parse_place("--stun", text, PortRule::optional, 3478));
    }
    if (!raw.via.empty()) options.via = parse_place("--via", raw.via);
    if (!raw.target.empty()) options.target = parse_place("HOST:PORT", raw.target);
    options.resume_for = parse_duration("--resume-for", raw.resume_for);
    options.rotate_every = parse_duration("--rotate-every", raw.rotate_every);
    options.invite_lifetime = parse_duration("--expires", raw.expires);
    options.drain_for = parse_duration("--drain-for", raw.drain_for);
    options.port = static_cast<u16>(raw.port);
    if (raw.cover != 0) options.cover = raw.cover;
    if (options.resume_for > std::chrono::hours{24}) throw CLI::ValidationError{"--resume-for", "at most 1d"};
    if (options.invite_lifetime < std::chrono::minutes{1})
        throw CLI::ValidationError{"--expires", "at least 1m"};
    if (options.nick.size() > max_name || !is_utf8(bytes_of(options.nick))) {
        throw CLI::ValidationError{"--nick", "at most 64 bytes of UTF-8"};
    }
}

std::string default_config_file() {
    const char* const base = std::getenv("XDG_CONFIG_HOME");
    const char* const home = std::getenv("HOME");
    if (base != nullptr && *base != '\0') return std::string{base} + "/secure-p2p/config.toml";
    return home == nullptr ? std::string{} : std::string{home} + "/.config/secure-p2p/config.toml";
}

bool may_be_an_invite(std::string_view argument) {
    constexpr std::size_t longer_than_any_other = 100;
    if (argument.size() > longer_than_any_other) return true;
    std::string upper{argument};
    std::ranges::transform(upper, upper.begin(),
                           [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; });
    return upper.find("P2P1") != std::string::npos;
}

/// The arguments in the order in which CLI11 takes them (last first). What may be an invite is overwritten in `argv`.
std::vector<std::string> take_arguments(int argc, char** argv) {
    std::vector<std::string> out;
    for (int i = argc - 1; i > 0; --i) {
        const std::string_view argument{argv[i]};
        out.emplace_back(argument);
        if (may_be_an_invite(argument)) {
            guarded_memory::wipe(
                {reinterpret_cast<u8*>(argv[i]), argument.size()});  // NOLINT: bytes of the text
        }
    }
    return out;
}

/// One line without line breaks, and without what may be an invite: it goes to a screen, or to a log.
std::string one_line(const std::string& text) {
    constexpr std::string_view parser_says = "INI was not able to parse ";
    std::istringstream words{text.starts_with(parser_says) ? "the configuration file has an unknown name: " +
                                                                 text.substr(parser_says.size())
                                                           : text};
    std::string out;
    for (std::string word; words >> word;) {
        out += out.empty() ? "" : " ";
        out += may_be_an_invite(word) ? "(an invite)" : word;
    }
    return out;
}

void add_configuration(CLI::App& app) {
    app.option_defaults()->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
    app.set_version_flag("--version", version_text());
    app.allow_config_extras(CLI::config_extras_mode::error);
    app.config_formatter(std::make_shared<TomlConfig>());
    const std::string config = default_config_file();
    const bool exists = !config.empty() && std::filesystem::exists(config);
    app.set_config("--config", exists ? config : "", "TOML file with any of these options", false)
        ->option_text("FILE");
    app.fallthrough();
    app.require_subcommand(0, 1);
}

struct Commands {
    CLI::App* listen;
    CLI::App* join;
    CLI::App* connect;
    CLI::App* demo;
    CLI::App* doctor;
    CLI::App* identity = nullptr;
};

/// All but `identity`, which comes with its options.
Commands add_commands(CLI::App& app, Options& options, Raw& raw) {
    auto* listen = app.add_subcommand("listen", "wait for a guest and print an invite");
    listen->add_flag("--open", options.open,
                     "take guests without an invite, unverified (the other side uses connect)");
    listen->add_option("--invite-file", options.invite_file, "write the invite to this file, too (mode 0600)")
        ->option_text("FILE");
    auto* join = app.add_subcommand("join", "join with an invite; asks for it unless it is given");
    join->add_option("invite", options.invite, "the invite; better typed or piped than given here");
    join->add_option("--invite-file", options.invite_file,
                     "read the invite from this file (-: standard input)")
        ->option_text("FILE");
    join->add_option("--via", raw.via, "dial there instead of the invite's addresses")
        ->option_text("HOST:PORT");
    auto* connect = app.add_subcommand("connect", "connect without an invite, unverified");
    connect->add_option(
        "address", raw.target,
        "HOST:PORT of a listener started with --open; with --contact: where that one was last");
    auto* demo = app.add_subcommand("demo", "two peers on this machine, shown side by side");
    auto* doctor =
        app.add_subcommand("doctor", "what this machine offers to protect your keys, and how to close gaps");
    doctor->add_flag("--json", options.json, "as one JSON object")->disable_flag_override();
    return {listen, join, connect, demo, doctor};
}

/// Looked for before the options are read (protection.hpp); a configuration file would be too late.
void add_protection_options(CLI::App& app, Options& options) {
    app.add_flag("--allow-debugger", options.allow_debugger,
                 "go on while a debugger or tracer watches, and let programs of the same user attach one")
        ->configurable(false)
        ->disable_flag_override();
    app.add_flag(
           "--allow-hibernation", options.allow_hibernation,
           "keep keys in ordinary locked memory: what they lie in else stops this machine from hibernating")
        ->configurable(false)
        ->disable_flag_override();
}

Command command_of(const Commands& commands) {
    if (commands.listen->parsed()) return Command::listen;
    if (commands.join->parsed()) return Command::join;
    if (commands.connect->parsed()) return Command::connect;
    if (commands.demo->parsed()) return Command::demo;
    if (commands.doctor->parsed()) return Command::doctor;
    if (commands.identity->parsed()) return Command::identity;
    return Command::guided;
}

EarlyExit early_exit(const CLI::App& app, const CLI::ParseError& error) {
    if (error.get_exit_code() != 0) {
        return {2, "secure-p2p: " + one_line(error.what()) + " (see secure-p2p --help)"};
    }
    std::ostringstream out;
    app.exit(error, out, out);
    std::string text = out.str();
    text.erase(text.find_last_not_of('\n') + 1);
    return {0, text};
}

}  // namespace

std::variant<Options, EarlyExit> parse_options(int argc, char** argv) {
    CLI::App app{
        "Secure P2P Chat: two people, no server between them, four layers of hybrid post-quantum "
        "cryptography.\n"
        "Without a command it guides you.",
        "secure-p2p"};
    Options options;
    Raw raw;
    add_configuration(app);
    add_identity_options(app, options, raw);
    add_network_options(app, options, raw);
    Commands commands = add_commands(app, options, raw);
    add_protection_options(app, options);
    commands.identity = add_key_options(app, options.keys);
    app.add_flag("--summary", options.summary, "say at the end what went over the wire");
    for (auto* command : {commands.listen, commands.join, commands.connect, commands.demo}) {
        command->footer("\nThe options that `secure-p2p --help` shows hold for every command.");
    }

    try {
        app.parse(take_arguments(argc, argv));
        finish(options, raw);
        finish(options.keys, *commands.identity);
        options.command = command_of(commands);
        if (options.command == Command::connect && !options.target && options.keys.contact.empty()) {
            throw CLI::ValidationError{"connect",
                                       "say HOST:PORT, or --contact NAME for where that one was last"};
        }
    } catch (const CLI::ParseError& error) {
        return early_exit(app, error);
    }
    return options;
}

}  // namespace chat
