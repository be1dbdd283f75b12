#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <iostream>

#include "app/demo.hpp"
#include "app/doctor/doctor.hpp"
#include "app/guided.hpp"
#include "app/hosting.hpp"
#include "app/joining.hpp"
#include "app/keys/helper_roles.hpp"
#include "app/keys/identity_command.hpp"
#include "app/protection.hpp"
#include "shell/terminal/prompt.hpp"

namespace chat {
namespace {

ExitCode run(Options options, const Protection& protection, const char* program) {
    spdlog::set_default_logger(spdlog::stderr_logger_mt("secure-p2p"));
    spdlog::set_level(spdlog::level::from_str(options.log_level));
    if (options.command == Command::doctor) return run_doctor(options.json);
    if (options.command == Command::identity) {
        show_warnings(protection);
        return run_identity(options.keys);
    }
    const bool terminal = is_terminal(STDIN_FILENO) && is_terminal(STDOUT_FILENO);
    if (!terminal) options.plain = true;
    const bool colours = !options.plain && std::getenv("NO_COLOR") == nullptr;
    Console console{colours ? Style::coloured : Style::plain};
    if (options.command == Command::demo) return run_demo(console, options, program);

    show_warnings(protection);
    auto keys = hold_keys(options, program);
    if (!keys) {
        std::fprintf(stderr, "secure-p2p: %s\n", keys.error().text.c_str());
        return keys.error().code;
    }
    if (!keys->device_warning.empty()) console.alert("warning: " + keys->device_warning);
    // Threads start with the environment, and Landlock must hold before they do; helper processes start before it.
    const SandboxReport sandbox = confine_network_process(network_process_needs(options, *keys));
    Environment environment{std::move(*keys)};
    environment.sandbox = sandbox;
    if (options.command == Command::guided) {
        options = run_guide(environment, console, std::move(options), STDIN_FILENO);
        if (options.command == Command::guided) return ExitCode::ok;
    }
    std::optional<Invite> invite;
    if (options.command == Command::join) {
        invite = read_invite(console, options, STDIN_FILENO);
        if (!invite) return ExitCode::bad_invite;
    }
    Chat chat{environment, console, options, STDIN_FILENO, STDOUT_FILENO};
    if (!chat.contact_is_known()) return ExitCode::usage;
    Hosting hosting{environment, console, options, chat};
    ExitCode begun = ExitCode::ok;
    if (options.command == Command::listen) begun = hosting.begin();
    if (invite) begun = begin_joining(*invite, environment, console, options, chat);
    if (options.command == Command::connect) begun = begin_connecting(console, options, chat);
    return begun == ExitCode::ok ? chat.run() : begun;
}

}  // namespace
}  // namespace chat

int main(int argc, char** argv) {
    try {
        const auto protection = chat::protect_at_start(argc, argv);
        if (!protection) return static_cast<int>(chat::ExitCode::traced);
        if (const auto status = chat::run_as_helper(argc, argv, protection->report)) return *status;
        auto parsed = chat::parse_options(argc, argv);
        if (const auto* early = std::get_if<chat::EarlyExit>(&parsed)) {
            (early->code == 0 ? std::cout : std::cerr) << early->text << '\n';
            return early->code;
        }
        auto& options = std::get<chat::Options>(parsed);
        return static_cast<int>(chat::run(std::move(options), *protection, argv[0]));
    } catch (const std::exception& error) {
        std::fprintf(stderr, "secure-p2p: %s\n", error.what());
        return static_cast<int>(chat::ExitCode::internal);
    }
}
