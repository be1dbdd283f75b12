#include "cli/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <utility>

namespace chat::test {
namespace {

ChildProcess::Setup setup_with(std::vector<std::string> environment) {
    const auto names_configuration = [](const std::string& each) {
        return each.starts_with("XDG_CONFIG_HOME=");
    };
    if (std::ranges::none_of(environment, names_configuration)) {
        environment.emplace_back("XDG_CONFIG_HOME=/nonexistent");
    }
    return {ChildProcess::ErrorOutput::piped, std::move(environment)};
}

/// What is there; nothing at the end.
std::optional<std::string> read_available(int descriptor) {
    std::array<char, 65536> room{};
    const ssize_t count = ::read(descriptor, room.data(), room.size());
    if (count < 0 && errno == EINTR) return std::string{};
    if (count <= 0) return std::nullopt;
    return std::string{room.data(), static_cast<std::size_t>(count)};
}

}  // namespace

Program::Program(std::vector<std::string> arguments, std::vector<std::string> environment)
    : process_{SECURE_P2P, arguments, setup_with(std::move(environment))} {
    ::signal(SIGPIPE, SIG_IGN);
}

Program::Program(const std::string& path, std::vector<std::string> arguments)
    : process_{path, arguments, setup_with({})} {
    ::signal(SIGPIPE, SIG_IGN);
}

Program::~Program() {
    // A test may have stopped it.
    if (process_.id() > 0) ::kill(process_.id(), SIGCONT);
}

bool Program::read_some(Clock::time_point until) {
    if (!output_open_ && !errors_open_) return false;
    std::array<pollfd, 2> watched = {pollfd{output_open_ ? process_.output() : -1, POLLIN, 0},
                                     pollfd{errors_open_ ? process_.errors() : -1, POLLIN, 0}};
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - Clock::now()).count();
    const int ready = ::poll(watched.data(), watched.size(), static_cast<int>(std::max<long>(left, 0)));
    if (ready < 0 && errno == EINTR) return true;
    if (ready <= 0) return false;
    if (watched[0].revents != 0) {
        const auto text = read_available(process_.output());
        output_open_ = text.has_value();
        if (text) pending_ += *text;
        split_lines();
    }
    if (watched[1].revents != 0) {
        const auto text = read_available(process_.errors());
        errors_open_ = text.has_value();
        if (text) error_text_ += *text;
    }
    return true;
}

void Program::split_lines() {
    for (std::size_t end = pending_.find('\n'); end != std::string::npos; end = pending_.find('\n')) {
        lines_.push_back(pending_.substr(0, end));
        pending_.erase(0, end + 1);
    }
    if (!output_open_ && !pending_.empty()) lines_.push_back(std::exchange(pending_, {}));
}

std::string Program::wait_for(std::string_view text, Seconds limit) {
    const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
    for (;;) {
        while (next_line_ < lines_.size()) {
            const std::string& line = lines_[next_line_++];
            if (line.find(text) != std::string::npos) return line;
        }
        if (!read_some(until)) {
            throw std::runtime_error{"waited in vain for '" + std::string{text} + "'; what came:\n" +
                                     transcript()};
        }
    }
}

void Program::say(std::string_view line) {
    if (!process_.write_line(line)) throw std::runtime_error{"it reads no more; what came:\n" + transcript()};
}

void Program::signal(int number) { ::kill(process_.id(), number); }

int Program::wait(Seconds limit) {
    const auto until = Clock::now() + std::chrono::duration_cast<Clock::duration>(limit);
    while ((output_open_ && process_.output() >= 0) || errors_open_) {
        if (process_.output() < 0) output_open_ = false;
        if (!read_some(until))
            throw std::runtime_error{"it did not end in time; what came:\n" + transcript()};
    }
    return process_.wait();
}

int Program::wait_after_end_of_input(Seconds limit) {
    end_input();
    return wait(limit);
}

std::size_t Program::count(std::string_view text) const {
    return static_cast<std::size_t>(std::ranges::count_if(
        lines_, [&](const std::string& line) { return line.find(text) != std::string::npos; }));
}

std::string Program::transcript() const {
    std::string out;
    for (const std::string& line : lines_) out += "  | " + line + "\n";
    return out + "  standard error: " + error_text_;
}

Outcome run(std::vector<std::string> arguments, std::string_view input,
            std::vector<std::string> environment) {
    Program program{std::move(arguments), std::move(environment)};
    if (!input.empty()) program.offer(input);
    Outcome out;
    out.status = program.wait_after_end_of_input();
    for (const std::string& line : program.lines()) out.output += line + "\n";
    out.errors = program.errors();
    return out;
}

std::vector<std::string> listen_on(std::string_view address, std::vector<std::string> more) {
    std::vector<std::string> out = {"listen", "--no-stun", "--bind", std::string{address}, "--nick", "Bob"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

std::string invite_of(Program& listener) {
    constexpr std::string_view before = "* invite ";
    return listener.wait_for("* invite P2P1:").substr(before.size());
}

std::string port_of(Program& listener) {
    const std::string line = listener.wait_for("* listening on ");
    return line.substr(line.rfind(':') + 1);
}

std::vector<std::string> join_from_input(std::vector<std::string> more) {
    std::vector<std::string> out = {"join", "--nick", "Alice", "--invite-file", "-"};
    out.insert(out.end(), more.begin(), more.end());
    return out;
}

Pair::Pair(std::vector<std::string> host_options, std::vector<std::string> guest_options,
           std::string_view address)
    : host{listen_on(address, std::move(host_options))},
      invite{invite_of(host)},
      guest{join_from_input(std::move(guest_options))} {
    guest.say(invite);
    guest.wait_for("* connected");
    host.wait_for("* connected");
}

}  // namespace chat::test
