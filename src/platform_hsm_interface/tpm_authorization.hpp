#pragma once
/// From a PIN of any length to what a TPM takes as an authorization value.

#include "base/bytes.hpp"

namespace chat {

/// HKDF-SHA512 of the PIN, as long as `out` (20 to 32 bytes, the size of a hash). Its last byte is not zero: a TPM drops zeros at the
/// end. The PIN is not made harder to guess by this; what limits guessing is the TPM's dictionary attack protection.
void derive_tpm_authorization(ByteView pin, MutableByteView out);

}  // namespace chat
