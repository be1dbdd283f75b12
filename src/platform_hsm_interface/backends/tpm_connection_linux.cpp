#include "platform_hsm_interface/backends/tpm_connection_linux.hpp"

#include <malloc.h>

#include <algorithm>
#include <cstdlib>

namespace chat {
namespace {

constexpr std::string_view default_tcti = "device:/dev/tpmrm0";
/// How long one look for an answer waits, in milliseconds.
constexpr int poll_interval = 200;

/// Without the numbers of parameter, handle or session that a format-one code carries.
TSS2_RC bare(TSS2_RC code) {
    constexpr TSS2_RC format_one = 0x80;
    constexpr TSS2_RC its_error = 0xbf;
    const TSS2_RC of_tpm = code & 0xffffU;
    return (of_tpm & format_one) != 0 ? of_tpm & its_error : of_tpm;
}

bool is_of_tpm(TSS2_RC code) {
    const TSS2_RC layer = code & TSS2_RC_LAYER_MASK;
    return layer == TSS2_TPM_RC_LAYER || layer == TSS2_RESMGR_TPM_RC_LAYER || layer == TSS2_RESMGR_RC_LAYER;
}

HsmError transport_error(TSS2_RC code) {
    switch (code & 0xffffU) {
        case TSS2_BASE_RC_TRY_AGAIN: return HsmError::timed_out;
        case TSS2_BASE_RC_IO_ERROR:
        case TSS2_BASE_RC_NO_CONNECTION:
        case TSS2_BASE_RC_NOT_PERMITTED: return HsmError::removed;
        default: return HsmError::failed;
    }
}

}  // namespace

HsmError tpm_error(TSS2_RC code) {
    if (!is_of_tpm(code)) return transport_error(code);
    switch (bare(code)) {
        case TPM2_RC_AUTH_FAIL: return HsmError::wrong_pin;
        // Without dictionary attack protection: of all that is used here, the owner hierarchy only.
        case TPM2_RC_BAD_AUTH: return HsmError::owner_password;
        case TPM2_RC_LOCKOUT: return HsmError::pin_locked;
        case TPM2_RC_INTEGRITY: return HsmError::damaged_key;
        case TPM2_RC_OBJECT_MEMORY:
        case TPM2_RC_SESSION_MEMORY:
        case TPM2_RC_MEMORY:
        case TPM2_RC_SESSION_HANDLES:
        case TPM2_RC_OBJECT_HANDLES:
        case TPM2_RC_RETRY:
        case TPM2_RC_YIELDED:
        case TPM2_RC_TESTING: return HsmError::busy;
        case TPM2_RC_DISABLED:
        case TPM2_RC_HIERARCHY:
        case TPM2_RC_AUTH_UNAVAILABLE:
        case TPM2_RC_POLICY_FAIL: return HsmError::refused;
        case TPM2_RC_COMMAND_CODE: return HsmError::not_supported;
        default: return is_unknown_parameter(code) ? HsmError::not_supported : HsmError::failed;
    }
}

bool is_unknown_parameter(TSS2_RC code) {
    if (!is_of_tpm(code)) return false;
    switch (bare(code)) {
        case TPM2_RC_CURVE:
        case TPM2_RC_ASYMMETRIC:
        case TPM2_RC_SYMMETRIC:
        case TPM2_RC_HASH:
        case TPM2_RC_KEY_SIZE:
        case TPM2_RC_SCHEME:
        case TPM2_RC_TYPE:
        case TPM2_RC_VALUE: return true;
        default: return false;
    }
}

Result<std::unique_ptr<TpmConnection>, HsmError> TpmConnection::open(const std::string& tcti) {
    auto transport = open_tpm_transport(tcti.empty() ? default_tcti : tcti);
    if (!transport) return fail(transport.error());
    // The stack writes to standard error what it thinks of an answer; at its finer levels it writes what goes over the bus.
    ::setenv("TSS2_LOG", "all+none", 1);
    ESYS_CONTEXT* esys = nullptr;
    if (Esys_Initialize(&esys, tcti_of(**transport), nullptr) != TSS2_RC_SUCCESS)
        return fail(HsmError::no_device);
    std::unique_ptr<TpmConnection> out{new TpmConnection{std::move(*transport), esys}};
    if (Esys_SetTimeout(esys, poll_interval) != TSS2_RC_SUCCESS) return fail(HsmError::no_device);
    return out;
}

TpmConnection::~TpmConnection() { Esys_Finalize(&esys_); }

bool TpmConnection::is_try_again(TSS2_RC code) {
    return !is_of_tpm(code) && (code & 0xffffU) == TSS2_BASE_RC_TRY_AGAIN;
}

TSS2_RC TpmConnection::noted(TSS2_RC code) {
    // ESAPI is in no defined state after an error of its own or of the transport.
    if (code != TSS2_RC_SUCCESS && !is_of_tpm(code)) lost_ = true;
    return code;
}

void TpmConnection::wipe_copies(ByteView secret) const {
    if (secret.empty()) return;
    const MutableByteView context{reinterpret_cast<u8*>(esys_), malloc_usable_size(esys_)};  // NOLINT
    auto at = context.begin();
    while ((at = std::search(at, context.end(), secret.begin(), secret.end())) != context.end()) {
        guarded_memory::wipe({&*at, secret.size()});
    }
}

TpmObject::~TpmObject() {
    if (object_ == ESYS_TR_NONE) return;
    ESYS_CONTEXT* const esys = tpm_->esys();
    // The stack keeps an authorization value beside the object and would free it unwiped.
    const TPM2B_AUTH nothing{};
    (void)Esys_TR_SetAuth(esys, object_, &nothing);
    (void)tpm_->run([&] { return Esys_FlushContext_Async(esys, object_); },
                    [&] { return Esys_FlushContext_Finish(esys); });
}

}  // namespace chat
