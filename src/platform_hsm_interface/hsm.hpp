#pragma once
/// A device that makes and keeps keys: a TPM 2.0, a PKCS#11 token, or Windows' platform provider. Each implementation
/// is one file in backends/; what each guarantees stands in docs/hardware.md.
///
/// Two keys make one identity's part in the device: one wraps the 32-byte vault key, one (ECDSA over P-384 with SHA-384) co-signs.
/// Both are made in the device and never leave it. The handle that make_keys() returns names them; it is public and worthless
/// without the device.

#include <memory>
#include <string>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"
#include "crypto/ecdsa_p384.hpp"

namespace chat {

/// Encrypts the vault of a kept identity.
using VaultKey = Secret<struct VaultKeyTag, 32>;

enum class HsmKind : u8 { tpm = 1, pkcs11 = 2, cng = 3 };
/// "TPM 2.0", "PKCS#11 token", "Windows platform provider".
[[nodiscard]] std::string_view name_of(HsmKind kind);

struct HsmLocation {
    static constexpr std::size_t max_place = 512;  ///< bytes, printable ASCII
    HsmKind kind = HsmKind::tpm;
    /// tpm: a TCTI string ("device:/dev/tpmrm0" or "swtpm:path=..."); pkcs11: an RFC 7512 URI, whose module-path is honoured; cng:
    /// nothing. Empty: the default.
    std::string place;
};

/// Text of the device, made printable ASCII, without the padding of its fixed fields; at most 64 bytes each.
struct HsmInfo {
    HsmKind kind = HsmKind::tpm;
    std::string manufacturer;
    std::string model;
    std::string label;
};

enum class HsmError : u8 {
    no_device,        ///< nothing answers at the place
    bad_location,     ///< the place is no TCTI string or no PKCS#11 URI
    module_unusable,  ///< the PKCS#11 module is missing or does not start
    no_token,         ///< no token in any slot fits the URI
    several_tokens,   ///< more than one does
    pin_needed,       ///< the keys have a PIN and none was given
    wrong_pin,
    wrong_pin_last_try,  ///< the next wrong one locks the token
    no_pin_set,          ///< nobody has given the token a user PIN yet
    pin_locked,  ///< too many wrong PINs: the token's PIN is locked, or the TPM's dictionary attack lockout is on
    owner_password,  ///< the TPM's owner hierarchy has a password
    key_missing,     ///< the token holds the keys of this handle no more
    other_device,    ///< the handle was made by another device, or by this one before it was cleared
    removed,         ///< the device went away; it may come back
    busy,            ///< its sessions or its memory are taken by others
    timed_out,       ///< no answer in time
    not_supported,   ///< it lacks P-384, or a way to wrap
    refused,         ///< its policy forbids the operation
    damaged_handle,  ///< no handle of this kind of device
    damaged_key,     ///< the wrapped vault key was changed, or belongs to another handle
    failed,          ///< anything else that the device reports
};
/// One line for the user.
[[nodiscard]] std::string_view describe(HsmError error);

/// Calls block until the device answers: a TPM for at most 30 s a command; a PKCS#11 module can't be interrupted, so
/// whoever must not block uses a process of its own (secure_key_manager/isolation/device/device_process.hpp). An error leaves
/// the object usable: a device that comes back works again. Not for several threads at once.
class Hsm {
  public:
    static constexpr std::size_t max_handle_size = 4096;
    static constexpr std::size_t max_wrapped_size = 4096;

    Hsm() = default;
    Hsm(const Hsm&) = delete;
    Hsm& operator=(const Hsm&) = delete;
    virtual ~Hsm() = default;

    [[nodiscard]] virtual HsmInfo info() const = 0;
    /// Bytes of the device's generator. Needs no PIN on the devices known.
    [[nodiscard]] virtual Result<void, HsmError> random(MutableByteView out) = 0;

    /// Makes both keys in the device under the PIN that it was opened with. `name` ([a-z0-9_-]{1,32}) is the identity's, for the
    /// person who lists a token's objects. The handle is at most max_handle_size bytes.
    [[nodiscard]] virtual Result<Bytes, HsmError> make_keys(std::string_view name) = 0;
    /// At most max_wrapped_size bytes; public, too.
    [[nodiscard]] virtual Result<Bytes, HsmError> wrap(ByteView handle, const VaultKey& key) = 0;
    [[nodiscard]] virtual Result<VaultKey, HsmError> unwrap(ByteView handle, ByteView wrapped) = 0;
    [[nodiscard]] virtual Result<EcdsaP384PublicKey, HsmError> co_signing_key(ByteView handle) = 0;
    /// Verified under co_signing_key() before it is returned, so that a device that faults gives nothing away.
    [[nodiscard]] virtual Result<EcdsaP384Signature, HsmError> co_sign(ByteView handle, ByteView message) = 0;
    /// Deletes what the device holds of these keys; nothing there is no error.
    [[nodiscard]] virtual Result<void, HsmError> destroy_keys(ByteView handle) = 0;
};

/// Opens a device of this platform. `pin` may be empty: then only random(), info() and keys made without a PIN work.
/// not_supported for a kind that this platform has not. `handle`: of the keys that will be used, if there are some; a token that is not
/// theirs is not told the PIN, which would count as a wrong one there: other_device.
[[nodiscard]] Result<std::unique_ptr<Hsm>, HsmError> open_hsm(const HsmLocation& location, SecretBuffer pin,
                                                              ByteView handle = {});

}  // namespace chat
