#include "memory/memory_image.hpp"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <bitset>
#include <cstring>
#include <memory>
#include <set>
#include <sstream>
#include <stdexcept>

namespace chat::test {
namespace {

constexpr u64 mask = 0x9E3779B97F4A7C15;

u64 masked_load(const u8* at) {
    u64 out = 0;
    std::memcpy(&out, at, sizeof(out));
    return out ^ mask;
}

std::size_t hash(u64 masked) { return static_cast<std::size_t>((masked * 0xD6E8FEB86659FD93) >> 42U); }

struct Mapping {
    u64 begin = 0;
    u64 end = 0;
    bool readable = false;
    std::string line;
};

/// Read by system calls into the stack, so that listing this process's memory changes little of it.
std::vector<Mapping> mappings_of(const std::string& folder) {
    const int maps = ::open((folder + "/maps").c_str(), O_RDONLY | O_CLOEXEC);
    if (maps < 0) throw std::runtime_error{"no right to read " + folder + "/maps"};
    std::string text;
    std::array<char, 4096> chunk{};
    for (ssize_t count = 0; (count = ::read(maps, chunk.data(), chunk.size())) > 0;) {
        text.append(chunk.data(), static_cast<std::size_t>(count));
    }
    ::close(maps);
    std::vector<Mapping> out;
    std::istringstream lines{text};
    for (std::string line; std::getline(lines, line);) {
        Mapping mapping;
        std::istringstream fields{line};
        std::string rights;
        char dash = 0;
        fields >> std::hex >> mapping.begin >> dash >> mapping.end >> rights;
        mapping.readable = rights.starts_with("r");
        mapping.line = line;
        const bool kernels =
            line.find("[vvar") != std::string::npos || line.find("[vsyscall") != std::string::npos;
        if (!kernels) out.push_back(mapping);
    }
    return out;
}

/// Room outside the heap, which is not read itself.
class Room {
  public:
    static constexpr std::size_t size = 1U << 20U;
    Room()
        : bytes_{static_cast<u8*>(
              ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0))} {
        if (bytes_ == MAP_FAILED) throw std::bad_alloc{};
    }
    Room(const Room&) = delete;
    Room& operator=(const Room&) = delete;
    ~Room() { ::munmap(bytes_, size); }
    [[nodiscard]] u8* data() const { return bytes_; }

  private:
    u8* bytes_;
};

}  // namespace

std::size_t for_each_part(int process, const std::function<void(const ImagePart&)>& take) {
    const std::string folder = process == 0 ? "/proc/self" : "/proc/" + std::to_string(process);
    const int memory = ::open((folder + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    if (memory < 0) throw std::runtime_error{"no right to read " + folder + "/mem"};
    const Room room;
    std::size_t total = 0;
    for (const Mapping& mapping : mappings_of(folder)) {
        if (process == 0 && !mapping.readable) continue;
        // Windows must not be missed at the seams.
        for (u64 at = mapping.begin; at < mapping.end; at += Room::size - Needles::wide_window) {
            const std::size_t wanted = std::min<u64>(mapping.end - at, Room::size);
            u8* const here = reinterpret_cast<u8*>(at);  // NOLINT: an address of this process
            if (process == 0 && here <= room.data() && room.data() < here + wanted) continue;
            std::size_t count = 0;
            if (process == 0 && mapping.line.find("secretmem") != std::string::npos) {
                std::memcpy(room.data(), here, wanted);
                count = wanted;
            } else {
                const ssize_t got = ::pread(memory, room.data(), wanted, static_cast<off_t>(at));
                count = got > 0 ? static_cast<std::size_t>(got) : 0;
            }
            take({mapping.line, at, {room.data(), count}});
            total += count;
        }
    }
    ::close(memory);
    return total;
}

void Needles::add(const std::string& what, ByteView bytes) {
    if (bytes.size() < window) throw std::invalid_argument{"a needle of " + what + " is too short"};
    names_.push_back(what);
    for (std::size_t at = 0; at + window <= bytes.size(); ++at) {
        const ByteView part = bytes.subspan(at, window);
        if (std::set<u8>{part.begin(), part.end()}.size() < 8) continue;
        add_window(part);
    }
}

void Needles::add_text(const std::string& what, std::string_view text) {
    add(what, bytes_of(text));
    Bytes wide;
    for (const char character : text) {
        wide.push_back(static_cast<u8>(character));
        wide.insert(wide.end(), 3, 0);
    }
    names_.push_back(what + " (UTF-32)");
    for (std::size_t at = 0; at + wide_window <= wide.size(); at += 4)
        add_window(ByteView{wide}.subspan(at, wide_window));
    std::ranges::fill(wide, u8{0});
}

bool Needles::Window::is_at(ByteView bytes) const {
    if (bytes.size() < size) return false;
    for (std::size_t at = 0; at < size; at += sizeof(u64)) {
        if (masked_load(&bytes[at]) != words.at(at / sizeof(u64))) return false;
    }
    return true;
}

void Needles::add_window(ByteView bytes) {
    Window window_of;
    window_of.size = bytes.size();
    window_of.needle = static_cast<u32>(names_.size() - 1);
    for (std::size_t at = 0; at < bytes.size(); at += sizeof(u64)) {
        window_of.words.at(at / sizeof(u64)) = masked_load(&bytes[at]);
    }
    windows_.push_back(window_of);
}

std::vector<Needles::Finding> Needles::search(int process) const {
    std::ranges::sort(windows_, {}, &Window::first);
    const auto filter = std::make_unique<Filter>();
    for (const Window& each : windows_) filter->set(hash(each.first()));
    std::vector<Finding> findings;
    const std::size_t total =
        for_each_part(process, [&](const ImagePart& part) { search(part, *filter, findings); });
    if (total < 1'000'000) throw std::runtime_error{"that is no image of a process"};
    return findings;
}

void Needles::search(const ImagePart& part, const Filter& filter, std::vector<Finding>& findings) const {
    std::set<u32> found;
    for (std::size_t at = 0; at + window <= part.bytes.size(); ++at) {
        const u64 first = masked_load(&part.bytes[at]);
        if (!filter.test(hash(first))) continue;
        const ByteView rest = part.bytes.subspan(at);
        auto each = std::ranges::lower_bound(windows_, first, {}, &Window::first);
        for (; each != windows_.end() && each->first() == first; ++each) {
            if (!each->is_at(rest) || !found.insert(each->needle).second) continue;
            findings.push_back({names_[each->needle], part.place, part.begin + at});
        }
    }
}

std::string to_text(const std::vector<Needles::Finding>& findings) {
    std::ostringstream out;
    for (const auto& each : findings) {
        out << "  " << each.what << " at 0x" << std::hex << each.address << " in " << each.place << '\n';
    }
    return out.str();
}

}  // namespace chat::test
