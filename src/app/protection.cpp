#include "app/protection.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "base/secret_pages.hpp"
#include "process_protection/environment_variables.hpp"

namespace chat {
namespace {

/// What has to be known before anything else: the option, and the variable by which helpers learn of it.
struct EarlyOption {
    std::string_view option;
    const char* variable;
};
constexpr EarlyOption allow_debugger{"--allow-debugger", "SECURE_P2P_ALLOW_DEBUGGER"};
constexpr EarlyOption allow_hibernation{"--allow-hibernation", "SECURE_P2P_ALLOW_HIBERNATION"};

/// key-process, device-process, custody-process: no command of a person is named so.
bool is_helper(std::string_view role) { return role.ends_with("-process"); }

bool is_among(std::string_view option, int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument{argv[i]};
        if (argument == "--") return false;
        if (argument == option) return true;
    }
    return false;
}

bool is_asked_for(const EarlyOption& early, int argc, const char* const* argv) {
    if (argc > 1 && is_helper(argv[1])) {
        const char* const value = std::getenv(early.variable);
        return value != nullptr && std::string_view{value} == "1";
    }
    const bool asked = is_among(early.option, argc, argv);
    set_variable(early.variable, asked ? "1" : "");
    return asked;
}

/// The file itself when it is there, else the folder in which it will be made.
std::string place_of(const std::string& file) {
    std::error_code error;
    if (std::filesystem::exists(std::filesystem::symlink_status(file, error))) return file;
    const auto folder = std::filesystem::path{file}.parent_path();
    return folder.empty() ? "." : folder.string();
}

}  // namespace

std::optional<Protection> protect_at_start(int argc, const char* const* argv) {
    Protection out;
    out.debugger = is_asked_for(allow_debugger, argc, argv) ? Debugger::allowed : Debugger::refused;
    if (is_asked_for(allow_hibernation, argc, argv)) secret_pages::use_ordinary_pages();
    const auto report = harden_process(out.debugger);
    if (!report) {
        std::fprintf(stderr, "secure-p2p: %s\n", std::string{describe(report.error())}.c_str());
        return std::nullopt;
    }
    out.report = *report;
    return out;
}

void show_warnings(const Protection& protection) {
    std::istringstream lines{warnings(protection.report, protection.debugger)};
    for (std::string line; std::getline(lines, line);)
        std::fprintf(stderr, "secure-p2p: warning: %s\n", line.c_str());
}

NetworkProcessNeeds network_process_needs(const Options& options, const HeldKeys& keys) {
    NetworkProcessNeeds needs;
    if (keys.contact_store) needs.writable.push_back(keys.contact_store->identity().folder().path());
    if (options.invite_file.empty()) return needs;
    if (options.command == Command::listen) needs.writable.push_back(place_of(options.invite_file));
    if (options.command == Command::join && options.invite_file != "-")
        needs.readable.push_back(options.invite_file);
    return needs;
}

}  // namespace chat
