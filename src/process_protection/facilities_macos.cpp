#include <sys/sysctl.h>

#include "process_protection/facilities.hpp"
#include "process_protection/hardening.hpp"

namespace chat {
namespace {

using enum FacilityState;

int system_number(const char* name, int otherwise) {
    int value = 0;
    std::size_t size = sizeof value;
    return ::sysctlbyname(name, &value, &size, nullptr, 0) == 0 ? value : otherwise;
}

Facility locked_memory() {
    if (lockable_memory() >= wanted_locked_memory)
        return {"locked-memory", "locked memory", good, "keys are locked in RAM", ""};
    return {"locked-memory", "locked memory", weak, "too little may be locked in RAM",
            "raise it with ulimit -l"};
}

}  // namespace

std::vector<Facility> survey_facilities() {
    const bool aes =
        system_number("hw.optional.aes", 0) == 1 || system_number("hw.optional.arm.FEAT_AES", 0) == 1;
    return {locked_memory(),
            {"sandbox", "sandbox", missing, "processes are not confined on macOS in this version", ""},
            {"swap", "swap space", good, "encrypted by the system", ""},
            {"tpm", "TPM", missing, "Macs have none; the Keychain is the place for a kept identity",
             "--identity keyring"},
            {"entropy", "random numbers", good, "the system's generator (getentropy)", ""},
            {"cpu", "processor", aes ? good : unknown,
             aes ? "has cipher instructions" : "the system does not say what it can do", ""}};
}

}  // namespace chat
