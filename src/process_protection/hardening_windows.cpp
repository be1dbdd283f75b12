#include <windows.h>

#include "process_protection/hardening.hpp"

namespace chat {
namespace {

template <class Policy>
bool set_policy(PROCESS_MITIGATION_POLICY kind, Policy policy) {
    return ::SetProcessMitigationPolicy(kind, &policy, sizeof policy) != 0;
}

/// No code made at run time, no DLL from the network or of low integrity, no window hooks of others, no corrupted handle.
void set_mitigations() {
    PROCESS_MITIGATION_DYNAMIC_CODE_POLICY code{};
    code.ProhibitDynamicCode = 1;
    set_policy(ProcessDynamicCodePolicy, code);
    PROCESS_MITIGATION_IMAGE_LOAD_POLICY images{};
    images.NoRemoteImages = 1;
    images.NoLowMandatoryLabelImages = 1;
    images.PreferSystem32Images = 1;
    set_policy(ProcessImageLoadPolicy, images);
    PROCESS_MITIGATION_EXTENSION_POINT_DISABLE_POLICY extensions{};
    extensions.DisableExtensionPoints = 1;
    set_policy(ProcessExtensionPointDisablePolicy, extensions);
    PROCESS_MITIGATION_STRICT_HANDLE_CHECK_POLICY handles{};
    handles.RaiseExceptionOnInvalidHandleReference = 1;
    handles.HandleExceptionsPermanentlyEnabled = 1;
    set_policy(ProcessStrictHandleCheckPolicy, handles);
}

/// Neither a report to Windows Error Reporting with the heap in it, nor a box that offers a debugger. WerSetFlags (werapi.h) is asked
/// for by name, since the header of some compilers can't be used.
bool forbid_crash_dumps() {
    ::SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    using SetFlags = HRESULT(WINAPI*)(DWORD);
    const auto set = reinterpret_cast<SetFlags>(  // NOLINT: how a function is found by name
        reinterpret_cast<void*>(::GetProcAddress(::GetModuleHandleA("kernel32.dll"), "WerSetFlags")));
    constexpr DWORD no_heap = 1;
    return set != nullptr && SUCCEEDED(set(no_heap));
}

/// Takes the right to read this process's memory from its own user: an access list that grants only ending and waiting for it.
/// Administrators with the debug privilege pass it by.
bool deny_access_to_own_user() {
    SID_IDENTIFIER_AUTHORITY world = SECURITY_WORLD_SID_AUTHORITY;
    PSID everyone = nullptr;
    if (::AllocateAndInitializeSid(&world, 1, SECURITY_WORLD_RID, 0, 0, 0, 0, 0, 0, 0, &everyone) == 0)
        return false;
    alignas(ACL) unsigned char room[256]{};
    const auto list = reinterpret_cast<PACL>(room);  // NOLINT: the API's layout
    SECURITY_DESCRIPTOR descriptor{};
    const bool done =
        ::InitializeAcl(list, sizeof room, ACL_REVISION) != 0 &&
        ::AddAccessAllowedAce(list, ACL_REVISION,
                              PROCESS_TERMINATE | SYNCHRONIZE | PROCESS_QUERY_LIMITED_INFORMATION,
                              everyone) != 0 &&
        ::InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) != 0 &&
        ::SetSecurityDescriptorDacl(&descriptor, TRUE, list, FALSE) != 0 &&
        ::SetKernelObjectSecurity(::GetCurrentProcess(), DACL_SECURITY_INFORMATION, &descriptor) != 0;
    ::FreeSid(everyone);
    return done;
}

}  // namespace

bool is_traced() {
    if (::IsDebuggerPresent() != 0) return true;
    BOOL remote = FALSE;
    return ::CheckRemoteDebuggerPresent(::GetCurrentProcess(), &remote) != 0 && remote != FALSE;
}

/// The working set grows with what is locked (secret_pages_windows.cpp), so there is no fixed limit.
std::uint64_t lockable_memory() { return unlimited_memory; }

Result<HardeningReport, HardeningError> harden_process(Debugger debugger) {
    HardeningReport report;
    report.traced = is_traced();
    if (report.traced && debugger == Debugger::refused) return fail(HardeningError::traced);
    ::HeapSetInformation(nullptr, HeapEnableTerminationOnCorruption, nullptr, 0);
    ::SetDllDirectoryA("");  // no DLL from the current folder
    set_mitigations();
    report.core_dumps_off = forbid_crash_dumps();
    if (debugger == Debugger::refused) report.unreadable_by_others = deny_access_to_own_user();
    report.no_new_privileges = false;  // there is no such promise
    report.locked_memory = lockable_memory();
    scrub_environment();
    return report;
}

}  // namespace chat
