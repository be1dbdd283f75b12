// windows.h first: the others need its types.
#include <windows.h>
// clang-format off
#include <io.h>
// clang-format on

#include <array>
#include <functional>

#include "shell/terminal/passphrase_input.hpp"

namespace chat {
namespace {

using Answer = Result<SecretBuffer, PassphraseError>;

/// One line without its end; `read` gives the next byte.
Answer take_line(const std::function<bool(u8&)>& read) {
    SecretBuffer room{max_typed_passphrase + 1};
    std::size_t filled = 0;
    bool whole = false;
    u8 byte = 0;
    const WipeOnExit wipe{{&byte, 1}};
    while (filled < room.size() && read(byte)) {
        whole = byte == '\n';
        if (whole) break;
        room.expose_mutable()[filled++] = byte;
    }
    if (filled > max_typed_passphrase) return fail(PassphraseError::too_long);
    if (!whole && filled == 0) return fail(PassphraseError::ended);
    if (filled > 0 && room.expose()[filled - 1] == '\r') --filled;
    return SecretBuffer::copy_of(room.expose().first(filled));
}

Answer read_descriptor(int descriptor) {
    if (::_get_osfhandle(descriptor) == -1) return fail(PassphraseError::not_readable);
    return take_line([&](u8& byte) { return ::_read(descriptor, &byte, 1) == 1; });
}

Answer read_handle(HANDLE handle) {
    return take_line([&](u8& byte) {
        DWORD count = 0;
        return ::ReadFile(handle, &byte, 1, &count, nullptr) != FALSE && count == 1;
    });
}

class Handle {
  public:
    explicit Handle(HANDLE handle) : handle_{handle} {}
    Handle(const Handle&) = delete;
    Handle& operator=(const Handle&) = delete;
    ~Handle() { close(); }
    [[nodiscard]] HANDLE get() const { return handle_; }
    [[nodiscard]] bool valid() const { return handle_ != INVALID_HANDLE_VALUE && handle_ != nullptr; }
    void close() {
        if (valid()) ::CloseHandle(handle_);
        handle_ = INVALID_HANDLE_VALUE;
    }

  private:
    HANDLE handle_;
};

// For the handler of Ctrl-C, which comes on a thread of its own and then ends the process.
HANDLE silent_console = INVALID_HANDLE_VALUE;  // NOLINT: a handler reaches nothing else
DWORD mode_before = 0;                         // NOLINT: likewise
BOOL WINAPI on_end(DWORD) {
    ::SetConsoleMode(silent_console, mode_before);
    return FALSE;
}

Answer ask_at_console(std::string_view prompt) {
    const Handle in{::CreateFileW(L"CONIN$", GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                                  nullptr, OPEN_EXISTING, 0, nullptr)};
    const Handle out{
        ::CreateFileW(L"CONOUT$", GENERIC_WRITE, FILE_SHARE_WRITE, nullptr, OPEN_EXISTING, 0, nullptr)};
    if (!in.valid() || !out.valid() || ::GetConsoleMode(in.get(), &mode_before) == FALSE) {
        return fail(PassphraseError::no_terminal);
    }
    silent_console = in.get();
    ::SetConsoleCtrlHandler(on_end, TRUE);
    ::SetConsoleMode(in.get(),
                     (mode_before | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT) & ~DWORD{ENABLE_ECHO_INPUT});
    DWORD written = 0;
    ::WriteFile(out.get(), prompt.data(), static_cast<DWORD>(prompt.size()), &written, nullptr);
    std::array<wchar_t, max_typed_passphrase + 2> typed{};
    const WipeOnExit wipe{{reinterpret_cast<u8*>(typed.data()), sizeof typed}};  // NOLINT: its bytes
    DWORD count = 0;
    const bool read =
        ::ReadConsoleW(in.get(), typed.data(), static_cast<DWORD>(typed.size()), &count, nullptr) != FALSE;
    ::SetConsoleMode(in.get(), mode_before);
    ::SetConsoleCtrlHandler(on_end, FALSE);
    ::WriteFile(out.get(), "\r\n", 2, &written, nullptr);
    if (!read || count == 0) return fail(PassphraseError::ended);
    if (typed[count - 1] != L'\n') return fail(PassphraseError::too_long);
    while (count > 0 && (typed[count - 1] == L'\n' || typed[count - 1] == L'\r')) --count;
    if (count == 0) return SecretBuffer{};
    const auto length = static_cast<int>(count);
    const int size = ::WideCharToMultiByte(CP_UTF8, 0, typed.data(), length, nullptr, 0, nullptr, nullptr);
    if (size <= 0 || static_cast<std::size_t>(size) > max_typed_passphrase)
        return fail(PassphraseError::too_long);
    SecretBuffer answer{static_cast<std::size_t>(size)};
    ::WideCharToMultiByte(CP_UTF8, 0, typed.data(), length,
                          reinterpret_cast<char*>(answer.expose_mutable().data()),  // NOLINT: its bytes
                          size, nullptr, nullptr);
    return answer;
}

std::wstring wide(std::string_view text) {
    const int size =
        ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), nullptr, 0);
    std::wstring out(static_cast<std::size_t>(size), L'\0');
    ::MultiByteToWideChar(CP_UTF8, 0, text.data(), static_cast<int>(text.size()), out.data(), size);
    return out;
}

/// The prompts are the program's own: no quote and no backslash is in them.
Answer ask_program(const std::string& program, std::string_view prompt) {
    SECURITY_ATTRIBUTES inherited{sizeof(SECURITY_ATTRIBUTES), nullptr, TRUE};
    HANDLE read_end = nullptr;
    HANDLE write_end = nullptr;
    if (::CreatePipe(&read_end, &write_end, &inherited, 0) == FALSE)
        return fail(PassphraseError::askpass_failed);
    const Handle from_program{read_end};
    Handle to_program{write_end};
    ::SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, 0);
    STARTUPINFOW start{};
    start.cb = sizeof start;
    start.dwFlags = STARTF_USESTDHANDLES;
    start.hStdInput = ::GetStdHandle(STD_INPUT_HANDLE);
    start.hStdOutput = write_end;
    start.hStdError = ::GetStdHandle(STD_ERROR_HANDLE);
    PROCESS_INFORMATION process{};
    std::wstring command = L"\"" + wide(program) + L"\" \"" + wide(prompt) + L"\"";
    if (::CreateProcessW(nullptr, command.data(), nullptr, nullptr, TRUE, 0, nullptr, nullptr, &start,
                         &process) == FALSE) {
        return fail(PassphraseError::askpass_failed);
    }
    const Handle child{process.hProcess};
    const Handle thread{process.hThread};
    to_program.close();
    Answer line = read_handle(from_program.get());
    ::WaitForSingleObject(child.get(), INFINITE);
    DWORD status = 1;
    if (::GetExitCodeProcess(child.get(), &status) == FALSE || status != 0) {
        return fail(PassphraseError::askpass_failed);
    }
    return line;
}

}  // namespace

Result<SecretBuffer, PassphraseError> ask_passphrase(const PassphraseSource& source,
                                                     std::string_view prompt) {
    if (source.descriptor) return read_descriptor(*source.descriptor);
    if (!source.askpass.empty()) return ask_program(source.askpass, prompt);
    return ask_at_console(prompt);
}

}  // namespace chat
