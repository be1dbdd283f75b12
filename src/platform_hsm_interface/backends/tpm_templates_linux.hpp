#pragma once
/// The public templates of every object that is made in a TPM (TPM 2.0 part 2, 12.2).

#include <tss2/tss2_tpm2_types.h>

#include "platform_hsm_interface/handle.hpp"

namespace chat {

/// A restricted decryption key: what the TPM encrypts and authenticates the other objects with. `unique` separates identities.
[[nodiscard]] TPM2B_PUBLIC storage_primary(TpmParent parent, const TpmHandle::Unique& unique);
/// ECDSA over P-384 with SHA-384, made in the TPM, under dictionary attack protection.
[[nodiscard]] TPM2B_PUBLIC co_signing_template(TpmParent parent);
/// Sealed data, under dictionary attack protection.
[[nodiscard]] TPM2B_PUBLIC sealed_template(TpmParent parent);
/// The cipher of the parameters on the bus.
[[nodiscard]] TPMT_SYM_DEF session_cipher(TpmParent parent);
[[nodiscard]] TPMI_ALG_HASH hash_of(TpmParent parent);

}  // namespace chat
