#include <algorithm>
#include <array>

#include "process_protection/machine_linux.hpp"

namespace chat {
namespace {

using enum FacilityState;

constexpr const char* install_a_module =
    "USB tokens and smart cards: sudo apt install opensc; without hardware: softhsm2";

Facility tpm(const Machine& machine) {
    Facility out{"tpm", "TPM", good, "", ""};
    const auto version = machine.read("/sys/class/tpm/tpm0/tpm_version_major");
    const bool device = machine.exists("/dev/tpmrm0");
    if (!version && !device && !machine.exists("/dev/tpm0")) {
        out.state = missing;
        out.meaning = "none: no identity can be bound to this machine";
        out.hint = "switch it on in the firmware's settings (TPM, PTT or fTPM), if the machine has one";
    } else if (version && *version != "2") {
        out.state = missing;
        out.meaning = "version " + *version + ".x, which is too old; 2.0 is needed";
        out.hint = "many machines can be switched to TPM 2.0 in the firmware's settings";
    } else if (!device) {
        out.state = weak;
        out.meaning = "there, but without the kernel's resource manager (/dev/tpmrm0)";
        out.hint = "Linux 4.12 or later; into a container, let /dev/tpmrm0 in";
    } else if (!machine.readable_and_writable("/dev/tpmrm0")) {
        out.state = weak;
        out.meaning = "TPM 2.0, but you may not use it (/dev/tpmrm0)";
        out.hint = "sudo usermod -aG tss $USER, then log in again";
    } else {
        out.meaning = "TPM 2.0: --identity tpm binds a kept identity to this machine";
    }
    return out;
}

/// The value of `module:` in a file of p11-kit's configuration (pkcs11.conf(5)).
std::string module_in(const std::string& content) {
    for (const std::string& line : split(content, '\n')) {
        const auto words = words_of(line);
        if (words.size() >= 2 && words[0] == "module:") return words[1];
        if (words.size() == 1 && words[0].starts_with("module:")) return words[0].substr(7);
    }
    return {};
}

std::string in_folder(const std::string& folder, const std::string& file) { return folder + "/" + file; }

/// Names of configured modules that hold keys: those of p11-kit itself hold certificates, or only pass on.
std::vector<std::string> token_modules(const Machine& machine) {
    std::vector<std::string> out;
    for (const std::string& folder :
         {std::string{"/usr/share/p11-kit/modules"}, std::string{"/usr/lib/p11-kit/modules"},
          std::string{"/etc/pkcs11/modules"}, machine.home() + "/.config/pkcs11/modules"}) {
        for (const std::string& file : machine.list(folder)) {
            const std::string module = module_in(machine.read(in_folder(folder, file)).value_or(""));
            if (module.empty() || module.find("p11-kit") != std::string::npos) continue;
            const std::string name = file.substr(0, file.find_last_of('.'));
            if (std::ranges::find(out, name) == out.end()) out.push_back(name);
        }
    }
    return out;
}

Facility pkcs11(const Machine& machine) {
    Facility out{"pkcs11", "PKCS#11 modules", good, "", ""};
    const auto modules = token_modules(machine);
    if (modules.empty()) {
        out.state = missing;
        out.meaning = "none is set up with p11-kit: no token or smart card can hold keys";
        out.hint = install_a_module;
        return out;
    }
    for (const std::string& name : modules) out.meaning += (out.meaning.empty() ? "" : ", ") + name;
    out.meaning += ": --identity pkcs11 keeps an identity with the help of a token";
    return out;
}

std::vector<std::string> cpu_flags(const Machine& machine) {
    for (const std::string& line : split(machine.read("/proc/cpuinfo").value_or(""), '\n')) {
        if (line.starts_with("flags") || line.starts_with("Features"))
            return words_of(line.substr(std::min(line.find(':') + 1, line.size())));
    }
    return {};
}

bool has(const std::vector<std::string>& flags, std::string_view name) {
    return std::ranges::find(flags, name) != flags.end();
}

Facility entropy(const Machine& machine, const std::vector<std::string>& flags) {
    Facility out{"entropy", "random numbers", good, "", ""};
    if (!machine.kernel().random_ready) {
        out.state = weak;
        out.meaning = "the kernel's generator is not ready yet: the program will wait for it";
        out.hint = "wait a little after the start of the machine; in a virtual machine give it virtio-rng";
        return out;
    }
    out.meaning = "the kernel's generator is seeded";
    const auto device = machine.read("/sys/class/misc/hw_random/rng_current").value_or("none");
    if (device != "none" && !device.empty()) out.meaning += ", with the hardware generator " + device;
    if (has(flags, "rdrand") || has(flags, "rng")) out.meaning += ", with the processor's own";
    return out;
}

Facility cpu(const std::vector<std::string>& flags) {
    Facility out{"cpu", "processor", good, "", ""};
    if (flags.empty()) return {"cpu", "processor", unknown, "the system does not say what it can do", ""};
    std::string found;
    for (const std::string_view name :
         {"aes", "pclmulqdq", "pmull", "sha_ni", "sha2", "sha512", "avx2", "avx512f", "asimd"})
        if (has(flags, name)) found += (found.empty() ? "" : " ") + std::string{name};
    const bool complete = has(flags, "aes") && (has(flags, "pclmulqdq") || has(flags, "pmull"));
    out.state = complete ? good : weak;
    out.meaning =
        complete ? "cipher instructions: " + found
                 : "no AES instructions: AES-256-GCM is slower, and less sure to take the same time always";
    if (!complete) out.hint = "in a virtual machine: pass on the host's processor (-cpu host)";
    return out;
}

Facility clock(const KernelAnswers& kernel) {
    if (!kernel.clock_synchronised)
        return {"clock", "clock", unknown, "the system does not say whether it is right", ""};
    if (*kernel.clock_synchronised) return {"clock", "clock", good, "kept in step with others", ""};
    return {"clock", "clock", weak,
            "not kept in step with others: invites may seem expired, or live too long",
            "sudo timedatectl set-ntp true"};
}

}  // namespace

void survey_hardware(const Machine& machine, std::vector<Facility>& out) {
    const auto flags = cpu_flags(machine);
    out.push_back(tpm(machine));
    out.push_back(pkcs11(machine));
    out.push_back(entropy(machine, flags));
    out.push_back(cpu(flags));
    out.push_back(clock(machine.kernel()));
}

}  // namespace chat
