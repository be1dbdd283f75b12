#include <algorithm>
#include <charconv>

#include "process_protection/machine_linux.hpp"

namespace chat {
namespace {

using enum FacilityState;

enum class SwapKind { encrypted, in_memory, plain };

/// The folder of a block device in /sys; empty when there is none.
std::string name_in_sys(const Machine& machine, const std::string& device) {
    const std::string name = device.substr(device.find_last_of('/') + 1);
    if (machine.exists("/sys/class/block/" + name)) return "/sys/class/block/" + name;
    // /dev/mapper/NAME: the device-mapper block whose name it is.
    for (const std::string& block : machine.list("/sys/class/block")) {
        if (machine.read("/sys/class/block/" + block + "/dm/name") == name)
            return "/sys/class/block/" + block;
    }
    return {};
}

/// dm-crypt names its devices CRYPT-...; LVM and the like stand on others, which are looked at in turn.
bool is_encrypted(const Machine& machine, const std::string& block, int depth = 0) {
    constexpr int deepest = 8;
    if (block.empty() || depth > deepest) return false;
    const auto uuid = machine.read(block + "/dm/uuid");
    if (uuid && uuid->starts_with("CRYPT-")) return true;
    const auto below = machine.list(block + "/slaves");
    return !below.empty() && std::ranges::all_of(below, [&](const std::string& name) {
        return is_encrypted(machine, "/sys/class/block/" + name, depth + 1);
    });
}

/// The block device that holds a file, by the mount whose path is its longest beginning (proc(5), mountinfo).
std::string block_of_file(const Machine& machine, const std::string& file) {
    std::string best;
    std::string number;
    for (const std::string& line : split(machine.read("/proc/self/mountinfo").value_or(""), '\n')) {
        const auto fields = words_of(line);
        if (fields.size() < 5) continue;
        const std::string& place = fields[4];
        const bool within = place == "/" || file == place || file.starts_with(place + "/");
        if (within && place.size() >= best.size()) {
            best = place;
            number = fields[2];
        }
    }
    for (const std::string& block : machine.list("/sys/class/block")) {
        if (machine.read("/sys/class/block/" + block + "/dev") == number) return "/sys/class/block/" + block;
    }
    return {};
}

SwapKind kind_of(const Machine& machine, const std::string& place, const std::string& type) {
    if (type == "file")
        return is_encrypted(machine, block_of_file(machine, place)) ? SwapKind::encrypted : SwapKind::plain;
    const std::string block = name_in_sys(machine, place);
    if (block.find("/zram") != std::string::npos) {
        const auto backing = machine.read(block + "/backing_dev").value_or("none");
        return backing == "none" ? SwapKind::in_memory : SwapKind::plain;
    }
    return is_encrypted(machine, block) ? SwapKind::encrypted : SwapKind::plain;
}

Facility swap(const Machine& machine) {
    Facility out{"swap", "swap space", good, "", ""};
    const auto table = machine.read("/proc/swaps");
    if (!table) return {"swap", "swap space", unknown, "the system does not say whether it swaps", ""};
    std::string plain;
    std::size_t count = 0;
    const auto lines = split(*table, '\n');
    for (std::size_t i = 1; i < lines.size(); ++i) {
        const auto fields = words_of(lines[i]);
        if (fields.size() < 2) continue;
        ++count;
        if (kind_of(machine, fields[0], fields[1]) == SwapKind::plain)
            plain += (plain.empty() ? "" : ", ") + fields[0];
    }
    if (count == 0) {
        out.meaning = "none: nothing of the memory is written to disk";
    } else if (plain.empty()) {
        out.meaning = "encrypted, or compressed in memory";
    } else {
        out.state = weak;
        out.meaning = "not encrypted as far as visible: " + plain +
                      "; keys are locked out of it, texts on the screen and your terminal are not";
        out.hint =
            "encrypt it (dm-crypt with a random key: man crypttab, option swap), or use zram, or sudo "
            "swapoff -a";
    }
    return out;
}

Facility hibernation(const Machine& machine, bool swap_is_safe) {
    Facility out{"hibernation", "hibernation", good, "", ""};
    const auto states = machine.read("/sys/power/state");
    const auto disk = machine.read("/sys/power/disk");
    const bool possible = states && disk && disk->find("[disabled]") == std::string::npos &&
                          states->find("disk") != std::string::npos;
    if (!possible) {
        out.meaning = "off: the memory is never written to disk as a whole";
    } else if (swap_is_safe) {
        out.meaning = "possible; the memory, keys included, would go to the encrypted swap space";
    } else {
        out.state = weak;
        out.meaning = "possible: it writes the whole memory, locked keys included, to disk, where it stays";
        out.hint =
            "sudo systemctl mask hibernate.target hybrid-sleep.target suspend-then-hibernate.target; or boot "
            "with "
            "nohibernate";
    }
    return out;
}

}  // namespace

void survey_storage(const Machine& machine, std::vector<Facility>& out) {
    out.push_back(swap(machine));
    const bool safe = out.back().state == good && out.back().meaning.starts_with("encrypted");
    out.push_back(hibernation(machine, safe));
}

}  // namespace chat
