#include "platform_hsm_interface/backends/tpm_commands_linux.hpp"

#include "platform_hsm_interface/backends/tpm_templates_linux.hpp"

namespace chat {
namespace {

constexpr TPM2B_DATA no_outside_info{};
constexpr TPML_PCR_SELECTION no_pcrs{};

Result<TpmObject, HsmError> create_primary(TpmConnection& tpm, const TPM2B_PUBLIC& type) {
    ESYS_CONTEXT* const esys = tpm.esys();
    const TPM2B_SENSITIVE_CREATE nothing{};
    ESYS_TR primary = ESYS_TR_NONE;
    const TSS2_RC code = tpm.run(
        [&] {
            return Esys_CreatePrimary_Async(esys, ESYS_TR_RH_OWNER, ESYS_TR_PASSWORD, ESYS_TR_NONE,
                                            ESYS_TR_NONE, &nothing, &type, &no_outside_info, &no_pcrs);
        },
        [&] { return Esys_CreatePrimary_Finish(esys, &primary, nullptr, nullptr, nullptr, nullptr); });
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    return TpmObject{tpm, primary};
}

Result<TpmObject, HsmError> start_session(TpmConnection& tpm, const TpmObject& primary, TpmParent parent) {
    ESYS_CONTEXT* const esys = tpm.esys();
    const TPMT_SYM_DEF cipher = session_cipher(parent);
    ESYS_TR session = ESYS_TR_NONE;
    const TSS2_RC code = tpm.run(
        [&] {
            return Esys_StartAuthSession_Async(esys, primary.get(), ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                               ESYS_TR_NONE, nullptr, TPM2_SE_HMAC, &cipher, hash_of(parent));
        },
        [&] { return Esys_StartAuthSession_Finish(esys, &session); });
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    return TpmObject{tpm, session};
}

Result<Bytes, HsmError> name_of_object(TpmConnection& tpm, const TpmObject& object) {
    TPM2B_NAME* name = nullptr;
    if (Esys_TR_GetName(tpm.esys(), object.get(), &name) != TSS2_RC_SUCCESS) return fail(HsmError::failed);
    const TpmOwned<TPM2B_NAME> owned{name};
    return Bytes{name->name, name->name + name->size};
}

}  // namespace

Result<TpmOwned<TPMS_CAPABILITY_DATA>, HsmError> tpm_properties(TpmConnection& tpm, u32 first, u32 count) {
    ESYS_CONTEXT* const esys = tpm.esys();
    TPMS_CAPABILITY_DATA* data = nullptr;
    const TSS2_RC code = tpm.run(
        [&] {
            return Esys_GetCapability_Async(esys, ESYS_TR_NONE, ESYS_TR_NONE, ESYS_TR_NONE,
                                            TPM2_CAP_TPM_PROPERTIES, first, count);
        },
        [&] { return Esys_GetCapability_Finish(esys, nullptr, &data); });
    TpmOwned<TPMS_CAPABILITY_DATA> owned{data};
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    return owned;
}

Result<TpmParentSession, HsmError> TpmParentSession::start(TpmConnection& tpm, TpmParent parent,
                                                           const TpmHandle::Unique& unique,
                                                           ByteView expected_name) {
    auto primary = create_primary(tpm, storage_primary(parent, unique));
    if (!primary) return fail(primary.error());
    auto name = name_of_object(tpm, *primary);
    if (!name) return fail(name.error());
    // Before the salt of the session is encrypted to it: nobody between here and the TPM can put a key of their own there.
    if (!expected_name.empty() && !std::ranges::equal(*name, expected_name))
        return fail(HsmError::other_device);
    auto session = start_session(tpm, *primary, parent);
    if (!session) return fail(session.error());
    return TpmParentSession{tpm, std::move(*primary), std::move(*session), std::move(*name)};
}

void TpmParentSession::encrypt(TPMA_SESSION directions) const {
    constexpr TPMA_SESSION both = TPMA_SESSION_ENCRYPT | TPMA_SESSION_DECRYPT;
    (void)Esys_TRSess_SetAttributes(tpm_->esys(), session_.get(), directions | TPMA_SESSION_CONTINUESESSION,
                                    both | TPMA_SESSION_CONTINUESESSION);
}

Result<TpmParentSession::Created, HsmError> TpmParentSession::create(
    const TPM2B_PUBLIC& type, const TPM2B_SENSITIVE_CREATE& sensitive) {
    ESYS_CONTEXT* const esys = tpm_->esys();
    encrypt(TPMA_SESSION_DECRYPT | TPMA_SESSION_ENCRYPT);
    TPM2B_PRIVATE* private_area = nullptr;
    TPM2B_PUBLIC* public_area = nullptr;
    const TSS2_RC code = tpm_->run(
        [&] {
            return Esys_Create_Async(esys, primary_.get(), session_.get(), ESYS_TR_NONE, ESYS_TR_NONE,
                                     &sensitive, &type, &no_outside_info, &no_pcrs);
        },
        [&] { return Esys_Create_Finish(esys, &private_area, &public_area, nullptr, nullptr, nullptr); });
    Created out{TpmOwned<TPM2B_PUBLIC>{public_area}, TpmOwned<TPM2B_PRIVATE>{private_area}};
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    return out;
}

Result<TpmObject, HsmError> TpmParentSession::load(const TPM2B_PUBLIC& public_area,
                                                   const TPM2B_PRIVATE& private_area,
                                                   const TPM2B_AUTH& authorization) {
    ESYS_CONTEXT* const esys = tpm_->esys();
    encrypt(0);
    ESYS_TR object = ESYS_TR_NONE;
    const TSS2_RC code = tpm_->run(
        [&] {
            return Esys_Load_Async(esys, primary_.get(), session_.get(), ESYS_TR_NONE, ESYS_TR_NONE,
                                   &private_area, &public_area);
        },
        [&] { return Esys_Load_Finish(esys, &object); });
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    TpmObject loaded{*tpm_, object};
    if (Esys_TR_SetAuth(esys, object, &authorization) != TSS2_RC_SUCCESS) return fail(HsmError::failed);
    return loaded;
}

Result<TpmOwned<TPM2B_SENSITIVE_DATA>, HsmError> TpmParentSession::unseal(const TpmObject& object) {
    ESYS_CONTEXT* const esys = tpm_->esys();
    encrypt(TPMA_SESSION_ENCRYPT);
    TPM2B_SENSITIVE_DATA* data = nullptr;
    const TSS2_RC code = tpm_->run(
        [&] { return Esys_Unseal_Async(esys, object.get(), session_.get(), ESYS_TR_NONE, ESYS_TR_NONE); },
        [&] { return Esys_Unseal_Finish(esys, &data); });
    TpmOwned<TPM2B_SENSITIVE_DATA> owned{data};
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    return owned;
}

Result<TpmOwned<TPMT_SIGNATURE>, HsmError> TpmParentSession::sign(const TpmObject& key,
                                                                  const TPM2B_DIGEST& digest) {
    ESYS_CONTEXT* const esys = tpm_->esys();
    encrypt(0);
    TPMT_SIG_SCHEME of_the_key{};
    of_the_key.scheme = TPM2_ALG_NULL;
    TPMT_TK_HASHCHECK not_hashed_by_the_tpm{};
    not_hashed_by_the_tpm.tag = TPM2_ST_HASHCHECK;
    not_hashed_by_the_tpm.hierarchy = TPM2_RH_NULL;
    TPMT_SIGNATURE* signature = nullptr;
    const TSS2_RC code = tpm_->run(
        [&] {
            return Esys_Sign_Async(esys, key.get(), session_.get(), ESYS_TR_NONE, ESYS_TR_NONE, &digest,
                                   &of_the_key, &not_hashed_by_the_tpm);
        },
        [&] { return Esys_Sign_Finish(esys, &signature); });
    TpmOwned<TPMT_SIGNATURE> owned{signature};
    if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
    return owned;
}

Result<void, HsmError> TpmParentSession::random(MutableByteView out) {
    constexpr std::size_t one_answer = 32;  // the least that a digest of a TPM's largest hash holds
    ESYS_CONTEXT* const esys = tpm_->esys();
    encrypt(TPMA_SESSION_ENCRYPT);
    while (!out.empty()) {
        const auto wanted = static_cast<u16>(std::min(out.size(), one_answer));
        TPM2B_DIGEST* bytes = nullptr;
        const TSS2_RC code = tpm_->run(
            [&] { return Esys_GetRandom_Async(esys, session_.get(), ESYS_TR_NONE, ESYS_TR_NONE, wanted); },
            [&] { return Esys_GetRandom_Finish(esys, &bytes); });
        const TpmOwned<TPM2B_DIGEST> owned{bytes};
        if (code != TSS2_RC_SUCCESS) return fail(tpm_error(code));
        // The TPM may give less than it was asked for, but none at all would never end.
        if (bytes->size == 0 || bytes->size > wanted) return fail(HsmError::failed);
        std::copy_n(bytes->buffer, bytes->size, out.begin());
        out = out.subspan(bytes->size);
    }
    return {};
}

}  // namespace chat
