#pragma once
/// Talks to a TPM beside the project's own code, to look at what it holds and to bring it into states.

#include <tss2/tss2_esys.h>
#include <tss2/tss2_tctildr.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace chat::test {

class RawTpm {
  public:
    explicit RawTpm(const std::string& tcti) {
        require(Tss2_TctiLdr_Initialize(tcti.c_str(), &transport_), "no transport");
        require(Esys_Initialize(&esys_, transport_, nullptr), "no ESAPI");
    }
    RawTpm(const RawTpm&) = delete;
    RawTpm& operator=(const RawTpm&) = delete;
    ~RawTpm() {
        Esys_Finalize(&esys_);
        Tss2_TctiLdr_Finalize(&transport_);
    }

    static void require(TSS2_RC code, const std::string& what) {
        if (code != TSS2_RC_SUCCESS) throw std::runtime_error{what + ": " + std::to_string(code)};
    }

    /// Handles from `first` on (TPM2_PERSISTENT_FIRST, TPM2_TRANSIENT_FIRST, TPM2_LOADED_SESSION_FIRST).
    std::vector<TPM2_HANDLE> handles(TPM2_HANDLE first) {
        TPMS_CAPABILITY_DATA* data = nullptr;
        require(Esys_GetCapability(esys_, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE, TPM2_CAP_HANDLES, first,
                                   64, nullptr, &data),
                "no handles");
        const auto& list = data->data.handles;
        std::vector<TPM2_HANDLE> out{list.handle, list.handle + list.count};
        Esys_Free(data);
        return out;
    }

    void set_owner_password(const std::string& text) {
        TPM2B_AUTH auth{};
        auth.size = static_cast<UINT16>(text.size());
        text.copy(reinterpret_cast<char*>(auth.buffer), text.size());
        require(Esys_HierarchyChangeAuth(esys_, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                         ESYS_TR_NONE, &auth),
                "no owner password");
    }

    /// The owner hierarchy is off until the TPM restarts.
    void disable_owner() {
        require(Esys_HierarchyControl(esys_, ESYS_TR_RH_PLATFORM, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                      ESYS_TR_NONE, TPM2_RH_OWNER, TPM2_NO),
                "hierarchy stays on");
    }

    /// A new owner seed: all keys of the old one are lost.
    void clear() {
        require(Esys_Clear(esys_, ESYS_TR_RH_LOCKOUT, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE),
                "not cleared");
    }

    void reset_lockout() {
        require(Esys_DictionaryAttackLockReset(esys_, ESYS_TR_RH_LOCKOUT, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                               ESYS_TR_NONE),
                "lockout stays");
    }

    /// Loads objects until no more fit, and leaves them there.
    std::size_t fill_with_objects() {
        TPM2B_SENSITIVE_CREATE nothing{};
        TPM2B_PUBLIC type{};
        type.publicArea.type = TPM2_ALG_KEYEDHASH;
        type.publicArea.nameAlg = TPM2_ALG_SHA256;
        type.publicArea.objectAttributes = TPMA_OBJECT_USERWITHAUTH | TPMA_OBJECT_SENSITIVEDATAORIGIN |
                                           TPMA_OBJECT_SIGN_ENCRYPT | TPMA_OBJECT_FIXEDTPM |
                                           TPMA_OBJECT_FIXEDPARENT;
        auto& scheme = type.publicArea.parameters.keyedHashDetail.scheme;
        scheme.scheme = TPM2_ALG_HMAC;
        scheme.details.hmac.hashAlg = TPM2_ALG_SHA256;
        TPM2B_DATA outside{};
        TPML_PCR_SELECTION pcrs{};
        std::size_t count = 0;
        for (; count < 100; ++count) {
            ESYS_TR object = ESYS_TR_NONE;
            if (Esys_CreatePrimary(esys_, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE, ESYS_TR_NONE,
                                   &nothing, &type, &outside, &pcrs, &object, nullptr, nullptr, nullptr,
                                   nullptr) != TSS2_RC_SUCCESS) {
                break;
            }
        }
        return count;
    }

  private:
    TSS2_TCTI_CONTEXT* transport_ = nullptr;
    ESYS_CONTEXT* esys_ = nullptr;
};

}  // namespace chat::test
