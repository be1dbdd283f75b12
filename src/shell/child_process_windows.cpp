#include <fcntl.h>
#include <io.h>
#include <windows.h>

#include <array>
#include <map>
#include <system_error>

#include "shell/child_process.hpp"

namespace chat {
namespace {

void close_once(int& descriptor) {
    if (descriptor >= 0) ::_close(descriptor);
    descriptor = -1;
}

[[noreturn]] void raise(const std::string& what) {
    throw std::system_error{static_cast<int>(::GetLastError()), std::system_category(), what};
}

/// A process handle has 32 significant bits on 64-bit Windows, too ("Interprocess Communication Between 32-bit and 64-bit
/// Applications"), so it fits the header's int.
HANDLE handle_of(int process) { return ::LongToHandle(process); }

/// One end for the child, inherited; the other as a descriptor of the C library.
struct Pipe {
    HANDLE theirs = nullptr;
    int ours = -1;
};

Pipe make_pipe(bool child_reads) {
    SECURITY_ATTRIBUTES inherited{sizeof inherited, nullptr, TRUE};
    HANDLE reading = nullptr;
    HANDLE writing = nullptr;
    if (::CreatePipe(&reading, &writing, &inherited, 0) == 0) raise("pipe");
    const HANDLE own = child_reads ? writing : reading;
    ::SetHandleInformation(own, HANDLE_FLAG_INHERIT, 0);
    const int descriptor =
        ::_open_osfhandle(reinterpret_cast<intptr_t>(own), _O_BINARY | _O_NOINHERIT);  // NOLINT
    return {child_reads ? reading : writing, descriptor};
}

/// The rules by which the other side's C library takes a command line apart ("Parsing C command-line arguments").
std::string quoted(const std::string& word) {
    std::string out = "\"";
    std::size_t backslashes = 0;
    for (const char c : word) {
        if (c == '\\') {
            ++backslashes;
            continue;
        }
        out.append(c == '"' ? 2 * backslashes + 1 : backslashes, '\\');
        backslashes = 0;
        out += c;
    }
    out.append(2 * backslashes, '\\');
    return out + "\"";
}

/// "NAME=value" one after the other, sorted, each ended by a zero, and one zero more. Those of `more` win.
std::string environment_block(const std::vector<std::string>& more) {
    std::map<std::string, std::string> variables;
    for (const std::string& each : more) variables.emplace(each.substr(0, each.find('=')), each);
    char* const own = ::GetEnvironmentStringsA();
    for (const char* each = own; each != nullptr && *each != '\0';) {
        const std::string entry{each};
        variables.emplace(entry.substr(0, entry.find('=', 1)), entry);
        each += entry.size() + 1;
    }
    ::FreeEnvironmentStringsA(own);
    std::string out;
    for (const auto& [name, entry] : variables) out += entry + '\0';
    return out + '\0';
}

}  // namespace

ChildProcess::ChildProcess(const std::string& program, const std::vector<std::string>& arguments,
                           const Setup& setup) {
    const Pipe in = make_pipe(true);
    const Pipe out = make_pipe(false);
    const Pipe error =
        setup.errors == ErrorOutput::piped ? make_pipe(false) : Pipe{::GetStdHandle(STD_ERROR_HANDLE), -1};
    input_ = in.ours;
    output_ = out.ours;
    errors_ = error.ours;
    std::string command = quoted(program);
    for (const std::string& word : arguments) command += " " + quoted(word);
    std::string block = environment_block(setup.environment);
    STARTUPINFOA startup{};
    startup.cb = sizeof startup;
    startup.dwFlags = STARTF_USESTDHANDLES;
    startup.hStdInput = in.theirs;
    startup.hStdOutput = out.theirs;
    startup.hStdError = error.theirs;
    PROCESS_INFORMATION made{};
    const bool started = ::CreateProcessA(program.c_str(), command.data(), nullptr, nullptr, TRUE, 0,
                                          block.data(), nullptr, &startup, &made) != 0;
    const DWORD failure = ::GetLastError();
    ::CloseHandle(in.theirs);
    ::CloseHandle(out.theirs);
    if (error.ours >= 0) ::CloseHandle(error.theirs);
    if (!started) {
        close_once(input_);
        close_once(output_);
        close_once(errors_);
        ::SetLastError(failure);
        raise(program);
    }
    ::CloseHandle(made.hThread);
    process_ = static_cast<int>(::HandleToLong(made.hProcess));
}

ChildProcess::~ChildProcess() {
    close_once(input_);
    if (process_ != -1) {
        ::TerminateProcess(handle_of(process_), 1);
        wait();
    }
    close_once(output_);
    close_once(errors_);
}

bool ChildProcess::write_line(std::string_view line) {
    std::string text{line};
    text += '\n';
    std::size_t done = 0;
    while (done < text.size()) {
        const int count = ::_write(input_, text.data() + done, static_cast<unsigned>(text.size() - done));
        if (count <= 0) return false;
        done += static_cast<std::size_t>(count);
    }
    return true;
}

void ChildProcess::close_input() { close_once(input_); }

void ChildProcess::close_output() { close_once(output_); }

int ChildProcess::wait() {
    DWORD status = 0;
    ::WaitForSingleObject(handle_of(process_), INFINITE);
    ::GetExitCodeProcess(handle_of(process_), &status);
    ::CloseHandle(handle_of(process_));
    process_ = -1;
    return static_cast<int>(status);
}

}  // namespace chat
