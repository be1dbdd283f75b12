#include "platform_hsm_interface/hsm.hpp"

namespace chat {

std::string_view name_of(HsmKind kind) {
    switch (kind) {
        case HsmKind::tpm: return "TPM 2.0";
        case HsmKind::pkcs11: return "PKCS#11 token";
        case HsmKind::cng: return "Windows platform provider";
    }
    return "unknown device";
}

std::string_view describe(HsmError error) {
    switch (error) {
        case HsmError::no_device:
            return "no device answers there (is it plugged in, may this user open it, do --tpm or --token "
                   "say where it is?)";
        case HsmError::bad_location:
            return "this is no place of a device (a TPM: device:/dev/tpmrm0; a token: pkcs11:token=NAME, "
                   "without a PIN)";
        case HsmError::module_unusable: return "the PKCS#11 module can't be loaded";
        case HsmError::no_token: return "no token fits the PKCS#11 URI";
        case HsmError::several_tokens:
            return "several tokens fit the PKCS#11 URI; name one, for example pkcs11:token=NAME";
        case HsmError::pin_needed: return "the device needs a PIN";
        case HsmError::wrong_pin: return "wrong PIN; after a few of them the device locks itself";
        case HsmError::wrong_pin_last_try: return "wrong PIN; one more wrong PIN locks the token";
        case HsmError::no_pin_set: return "the token has no user PIN yet; set one with the maker's tool";
        case HsmError::pin_locked:
            return "too many wrong PINs: the device has locked itself (a TPM for some time, a token until it "
                   "is unblocked)";
        case HsmError::owner_password:
            return "the TPM's owner hierarchy has a password, which this program does not use";
        case HsmError::key_missing: return "the device does not hold the keys of this identity";
        case HsmError::other_device:
            return "this device is not the one that holds the keys of this identity, or it was cleared since";
        case HsmError::removed: return "the device was removed";
        case HsmError::busy: return "the device is busy with others";
        case HsmError::timed_out: return "the device did not answer in time";
        case HsmError::not_supported:
            return "the device can't do what is needed (ECDSA over P-384, and AES wrapping or sealing)";
        case HsmError::refused: return "the device refuses this by its policy";
        case HsmError::damaged_handle: return "the record of the device's keys is damaged";
        case HsmError::damaged_key: return "the wrapped key is damaged or belongs to another identity";
        case HsmError::failed: return "the device reports a failure";
    }
    return "unknown device error";
}

}  // namespace chat
