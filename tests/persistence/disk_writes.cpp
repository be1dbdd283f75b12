#include "persistence/disk_writes.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace chat::test {
namespace {

using namespace std::string_view_literals;

constexpr std::array opening = {"open"sv, "openat"sv, "openat2"sv};
/// Take a descriptor first, whose path strace shows (-y).
constexpr std::array by_descriptor = {
    "write"sv,  "writev"sv,    "pwrite64"sv,  "pwritev"sv,  "pwritev2"sv, "ftruncate"sv,      "fchmod"sv,
    "fchown"sv, "fsetxattr"sv, "fallocate"sv, "sendfile"sv, "splice"sv,   "copy_file_range"sv};
/// Change something whatever they are given.
constexpr std::array changing = {
    "creat"sv,    "mkdir"sv,   "mkdirat"sv,   "rename"sv,    "renameat"sv,      "renameat2"sv, "link"sv,
    "linkat"sv,   "symlink"sv, "symlinkat"sv, "mknod"sv,     "mknodat"sv,       "truncate"sv,  "unlink"sv,
    "unlinkat"sv, "rmdir"sv,   "chmod"sv,     "fchmodat"sv,  "fchmodat2"sv,     "chown"sv,     "lchown"sv,
    "fchownat"sv, "utime"sv,   "utimes"sv,    "futimesat"sv, "utimensat"sv,     "setxattr"sv,  "lsetxattr"sv,
    "mq_open"sv,  "shmget"sv,  "mount"sv,     "swapon"sv,    "io_uring_setup"sv};

template <std::size_t N>
bool contains(const std::array<std::string_view, N>& names, std::string_view name) {
    return std::ranges::find(names, name) != names.end();
}

/// The name of the call in "1234 openat(AT_FDCWD, ...)"; empty for lines about signals, ends, and resumed calls.
std::string_view call_of(std::string_view line) {
    const std::size_t begin = line.find_first_not_of("0123456789 ");
    if (begin == std::string_view::npos) return {};
    const std::size_t end = line.find('(', begin);
    if (end == std::string_view::npos) return {};
    const std::string_view name = line.substr(begin, end - begin);
    return name.find_first_of(" <+-") == std::string_view::npos ? name : std::string_view{};
}

bool is_no_file(std::string_view path) {
    return path == "/dev/null" || path == "/dev/tty" || path.starts_with("/dev/pts/") ||
           path.starts_with("/dev/pts") || path.starts_with("pipe:") || path.starts_with("socket:") ||
           path.starts_with("UNIX") || path.starts_with("TCP") || path.starts_with("UDP") ||
           path.starts_with("NETLINK") || path.starts_with("anon_inode:") || path.starts_with("/memfd:") ||
           path.starts_with("/secretmem");
}

/// The path in the first descriptor, "3</tmp/x>"; "?" when strace shows none.
std::string_view path_of_descriptor(std::string_view line) {
    const std::size_t begin = line.find('<', line.find('('));
    const std::size_t end = line.find_first_of(">", begin);
    const std::size_t comma = line.find(',', line.find('('));
    if (begin == std::string_view::npos || end == std::string_view::npos || begin > comma) return "?";
    return line.substr(begin + 1, end - begin - 1);
}

std::string_view quoted_path(std::string_view line) {
    const std::size_t begin = line.find('"');
    const std::size_t end = line.find('"', begin + 1);
    if (begin == std::string_view::npos || end == std::string_view::npos) return "?";
    return line.substr(begin + 1, end - begin - 1);
}

bool opens_for_writing(std::string_view line) {
    return std::ranges::any_of(
        std::array{"O_WRONLY"sv, "O_RDWR"sv, "O_CREAT"sv, "O_TRUNC"sv, "O_TMPFILE"sv},
        [line](std::string_view flag) { return line.find(flag) != std::string_view::npos; });
}

bool leaves_something(std::string_view line) {
    const std::string_view call = call_of(line);
    if (contains(changing, call)) return true;
    if (contains(opening, call)) return opens_for_writing(line) && !is_no_file(quoted_path(line));
    if (contains(by_descriptor, call)) return !is_no_file(path_of_descriptor(line));
    return false;
}

}  // namespace

std::vector<std::string> strace_arguments(const std::string& trace_file) {
    std::string calls = "trace=%file";
    for (const std::string_view name : by_descriptor) calls += "," + std::string{name};
    return {"-f",
            "-qq",
            "-y",
            "-s",
            "4096",
            "-e",
            calls + ",mq_open,shmget,swapon,?io_uring_setup,?fchmodat2",
            "-o",
            trace_file};
}

std::vector<std::string> disk_writes(std::istream& trace) {
    std::vector<std::string> out;
    for (std::string line; std::getline(trace, line);)
        if (leaves_something(line)) out.push_back(line);
    return out;
}

}  // namespace chat::test
