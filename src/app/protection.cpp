#include "app/protection.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <sstream>
#include <string_view>

#include "process_protection/environment_variables.hpp"

namespace chat {
namespace {

constexpr const char* for_helpers = "SECURE_P2P_ALLOW_DEBUGGER";

/// key-process, device-process, custody-process: no command of a person is named so.
bool is_helper(std::string_view role) { return role.ends_with("-process"); }

bool is_asked_for(int argc, const char* const* argv) {
    for (int i = 1; i < argc; ++i) {
        const std::string_view argument{argv[i]};
        if (argument == "--") return false;
        if (argument == "--allow-debugger") return true;
    }
    return false;
}

Debugger debugger_for(int argc, const char* const* argv) {
    if (argc > 1 && is_helper(argv[1])) {
        const char* const value = std::getenv(for_helpers);
        return value != nullptr && std::string_view{value} == "1" ? Debugger::allowed : Debugger::refused;
    }
    const bool asked = is_asked_for(argc, argv);
    set_variable(for_helpers, asked ? "1" : "");
    return asked ? Debugger::allowed : Debugger::refused;
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
    out.debugger = debugger_for(argc, argv);
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

NetworkProcessNeeds network_process_needs(const Options& options) {
    NetworkProcessNeeds needs;
    if (options.invite_file.empty()) return needs;
    if (options.command == Command::listen) needs.writable.push_back(place_of(options.invite_file));
    if (options.command == Command::join && options.invite_file != "-")
        needs.readable.push_back(options.invite_file);
    return needs;
}

}  // namespace chat
