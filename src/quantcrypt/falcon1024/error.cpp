#include "quantcrypt/falcon1024/error.hpp"

namespace chat::falcon1024 {

std::string_view describe(FalconError error) {
    switch (error) {
        case FalconError::bad_public_key_length: return "a FALCON-1024 public key has 1793 bytes";
        case FalconError::bad_public_key_header: return "this is not the start of a FALCON-1024 public key";
        case FalconError::public_key_out_of_range:
            return "the FALCON public key has a coefficient that is not below q";
        case FalconError::bad_secret_key_length: return "a FALCON-1024 secret key has 2305 bytes";
        case FalconError::bad_secret_key_header: return "this is not the start of a FALCON-1024 secret key";
        case FalconError::secret_key_out_of_range: return "the FALCON secret key has a forbidden coefficient";
        case FalconError::secret_key_not_a_basis:
            return "the parts of the FALCON secret key do not fit together";
        case FalconError::secret_key_too_long:
            return "the FALCON secret key is too long a basis to sign with";
        case FalconError::bad_signature_length: return "the FALCON signature has an impossible length";
        case FalconError::bad_signature_header: return "this is not the start of a FALCON-1024 signature";
        case FalconError::signature_minus_zero: return "the FALCON signature writes a zero as minus zero";
        case FalconError::signature_out_of_range: return "the FALCON signature has a coefficient over 2047";
        case FalconError::signature_truncated: return "the FALCON signature ends too early";
        case FalconError::signature_trailing_data: return "the FALCON signature goes on after its end";
        case FalconError::signature_not_valid:
            return "the FALCON signature was not made by this key for this message";
    }
    return "unknown FALCON error";
}

}  // namespace chat::falcon1024
