#include "platform_hsm_interface/backends/tpm_templates_linux.hpp"

namespace chat {
namespace {

bool is_strong(TpmParent parent) { return parent == TpmParent::p384_aes256_sha384; }

constexpr TPMA_OBJECT bound_to_this_tpm =
    TPMA_OBJECT_FIXEDTPM | TPMA_OBJECT_FIXEDPARENT | TPMA_OBJECT_USERWITHAUTH;

}  // namespace

TPMI_ALG_HASH hash_of(TpmParent parent) { return is_strong(parent) ? TPM2_ALG_SHA384 : TPM2_ALG_SHA256; }

TPM2B_PUBLIC storage_primary(TpmParent parent, const TpmHandle::Unique& unique) {
    TPM2B_PUBLIC out{};
    TPMT_PUBLIC& area = out.publicArea;
    area.type = TPM2_ALG_ECC;
    area.nameAlg = hash_of(parent);
    // Its own authorization is empty, so there is nothing to guess.
    area.objectAttributes = bound_to_this_tpm | TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_NODA |
                            TPMA_OBJECT_RESTRICTED | TPMA_OBJECT_DECRYPT;
    auto& ecc = area.parameters.eccDetail;
    ecc.symmetric.algorithm = TPM2_ALG_AES;
    ecc.symmetric.keyBits.aes = is_strong(parent) ? 256 : 128;
    ecc.symmetric.mode.aes = TPM2_ALG_CFB;
    ecc.scheme.scheme = TPM2_ALG_NULL;
    ecc.curveID = is_strong(parent) ? TPM2_ECC_NIST_P384 : TPM2_ECC_NIST_P256;
    ecc.kdf.scheme = TPM2_ALG_NULL;
    // As in the TCG's templates the sizes are those of a coordinate.
    const u16 coordinate_size = is_strong(parent) ? 48 : 32;
    area.unique.ecc.x.size = coordinate_size;
    area.unique.ecc.y.size = coordinate_size;
    std::ranges::copy(unique.bytes, area.unique.ecc.x.buffer);
    return out;
}

TPM2B_PUBLIC co_signing_template(TpmParent parent) {
    TPM2B_PUBLIC out{};
    TPMT_PUBLIC& area = out.publicArea;
    area.type = TPM2_ALG_ECC;
    area.nameAlg = hash_of(parent);
    area.objectAttributes = bound_to_this_tpm | TPMA_OBJECT_SENSITIVEDATAORIGIN | TPMA_OBJECT_SIGN_ENCRYPT;
    auto& ecc = area.parameters.eccDetail;
    ecc.symmetric.algorithm = TPM2_ALG_NULL;
    ecc.scheme.scheme = TPM2_ALG_ECDSA;
    ecc.scheme.details.ecdsa.hashAlg = TPM2_ALG_SHA384;
    ecc.curveID = TPM2_ECC_NIST_P384;
    ecc.kdf.scheme = TPM2_ALG_NULL;
    return out;
}

TPM2B_PUBLIC sealed_template(TpmParent parent) {
    TPM2B_PUBLIC out{};
    TPMT_PUBLIC& area = out.publicArea;
    area.type = TPM2_ALG_KEYEDHASH;
    area.nameAlg = hash_of(parent);
    area.objectAttributes = bound_to_this_tpm;
    area.parameters.keyedHashDetail.scheme.scheme = TPM2_ALG_NULL;
    return out;
}

TPMT_SYM_DEF session_cipher(TpmParent parent) {
    TPMT_SYM_DEF out{};
    out.algorithm = TPM2_ALG_AES;
    out.keyBits.aes = is_strong(parent) ? 256 : 128;
    out.mode.aes = TPM2_ALG_CFB;
    return out;
}

}  // namespace chat
