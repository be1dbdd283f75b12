#pragma once
/// What the person asked for, from the configuration file and the command line, which wins.

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "app/keys/key_options.hpp"
#include "base/secret.hpp"
#include "p2p_core/host_port.hpp"
#include "p2p_core/net_address.hpp"

namespace chat {

enum class Command { guided, listen, join, connect, demo, doctor, identity };

struct Options {
    Command command = Command::guided;

    // who and how
    std::string nick;
    bool plain = false;
    std::string log_level = "warn";
    std::chrono::seconds resume_for{3600};
    std::chrono::seconds rotate_every{3600};
    std::optional<unsigned> cover;
    bool deniable = false;
    bool allow_debugger = false;
    bool allow_hibernation = false;
    std::chrono::seconds drain_for{30};

    // listening
    std::vector<IpAddress> bind;
    std::uint16_t port = 0;
    std::vector<HostPort> advertise;
    std::vector<HostPort> stun_servers;
    std::chrono::seconds invite_lifetime{24 * 3600};
    bool reusable = false;
    bool open = false;
    std::string invite_file;

    // joining
    std::string invite;         ///< given as an argument; wiped after use
    SecretBuffer typed_invite;  ///< pasted in the guided start
    std::optional<HostPort> via;
    std::optional<HostPort> target;
    bool summary = false;

    bool json = false;  ///< doctor
    KeyOptions keys;
};

/// The program is done before it began: help or version was asked for (0), or something was wrong (2). `text` says it.
struct EarlyExit {
    int code = 0;
    std::string text;
};

/// Reads the file named by --config, or config.toml in the XDG configuration folder if there is one, then the arguments. An
/// invite among the arguments is taken over and overwritten in `argv`, so that it no longer shows in the list of processes.
[[nodiscard]] std::variant<Options, EarlyExit> parse_options(int argc, char** argv);

}  // namespace chat
