#include <windows.h>

#include <array>

#include "process_protection/facilities.hpp"

namespace chat {
namespace {

using enum FacilityState;

/// A number in HKEY_LOCAL_MACHINE; `missing_value` where there is none.
DWORD machine_setting(const char* key, const char* name, DWORD missing_value) {
    DWORD value = 0;
    DWORD size = sizeof value;
    const LSTATUS status =
        ::RegGetValueA(HKEY_LOCAL_MACHINE, key, name, RRF_RT_REG_DWORD, nullptr, &value, &size);
    return status == ERROR_SUCCESS ? value : missing_value;
}

/// TPM_DEVICE_INFO and Tbsi_GetDeviceInfo of tbs.h, which not every compiler's headers have; 1 stands for TPM 1.2, 2 for 2.0.
struct TpmDeviceInfo {
    UINT32 structure_version = 1;
    UINT32 version = 0;
    UINT32 interface_type = 0;
    UINT32 implementation = 0;
};

/// 0: there is none.
UINT32 tpm_version() {
    const HMODULE library = ::LoadLibraryExA("tbs.dll", nullptr, LOAD_LIBRARY_SEARCH_SYSTEM32);
    if (library == nullptr) return 0;
    using GetDeviceInfo = UINT32(WINAPI*)(UINT32, void*);
    TpmDeviceInfo info;
    UINT32 version = 0;
    // By way of a void pointer: the two function types have nothing in common.
    const auto get = reinterpret_cast<GetDeviceInfo>(  // NOLINT: how a function is found by name
        reinterpret_cast<void*>(::GetProcAddress(library, "Tbsi_GetDeviceInfo")));
    if (get != nullptr && get(sizeof info, &info) == 0) version = info.version;
    ::FreeLibrary(library);
    return version;
}

Facility tpm() {
    const UINT32 version = tpm_version();
    if (version == 2)
        return {"tpm", "TPM", good, "TPM 2.0: --identity tpm binds a kept identity to this machine", ""};
    if (version == 1) {
        return {"tpm", "TPM", missing, "version 1.2, which is too old; 2.0 is needed",
                "many machines can be switched to TPM 2.0 in the firmware's settings"};
    }
    return {"tpm", "TPM", missing, "none: no identity can be bound to this machine",
            "switch it on in the firmware's settings (TPM, PTT or fTPM), if the machine has one"};
}

Facility swap() {
    constexpr const char* file_system = "SYSTEM\\CurrentControlSet\\Control\\FileSystem";
    if (machine_setting(file_system, "NtfsEncryptPagingFile", 0) == 1)
        return {"swap", "paging file", good, "encrypted with a key that is new at each start", ""};
    return {"swap", "paging file", weak,
            "not encrypted by Windows itself (whether BitLocker covers its drive is not visible here)",
            "fsutil behavior set encryptpagingfile 1, as an administrator, then start Windows again"};
}

Facility hibernation() {
    if (machine_setting("SYSTEM\\CurrentControlSet\\Control\\Power", "HibernateEnabled", 1) == 0)
        return {"hibernation", "hibernation", good, "off: the memory is never written to disk as a whole",
                ""};
    return {"hibernation", "hibernation", weak,
            "possible, also as fast start-up: it writes the whole memory, locked keys included, to disk",
            "powercfg /hibernate off, as an administrator"};
}

Facility crash_dumps() {
    if (machine_setting("SYSTEM\\CurrentControlSet\\Control\\CrashControl", "CrashDumpEnabled", 7) == 0)
        return {"core-dumps", "crash dumps", good,
                "this program leaves none, and Windows writes none of its own", ""};
    return {"core-dumps", "crash dumps", weak,
            "this program's heap is kept out of error reports; a crash of Windows itself may write all "
            "memory to disk",
            "System > Advanced > Startup and Recovery: write debugging information: (none)"};
}

Facility cpu() {
    constexpr DWORD aes_of_arm = 30;  // PF_ARM_V8_CRYPTO_INSTRUCTIONS_AVAILABLE
    const bool avx2 = ::IsProcessorFeaturePresent(40 /* PF_AVX2_INSTRUCTIONS_AVAILABLE */) != 0;
    if (avx2 || ::IsProcessorFeaturePresent(aes_of_arm) != 0)
        return {"cpu", "processor", good, "recent enough to have cipher instructions", ""};
    return {"cpu", "processor", unknown, "whether it has cipher instructions is not visible here", ""};
}

}  // namespace

std::vector<Facility> survey_facilities() {
    return {{"locked-memory", "locked memory", good, "keys are locked in RAM (VirtualLock)", ""},
            {"sandbox", "sandbox", missing,
             "processes are not confined on Windows: keys live in the one process", ""},
            crash_dumps(),
            swap(),
            hibernation(),
            tpm(),
            {"pkcs11", "PKCS#11 modules", unknown, "name one with --token \"pkcs11:module-path=...\"", ""},
            {"entropy", "random numbers", good, "the system's generator (BCryptGenRandom)", ""},
            cpu()};
}

}  // namespace chat
