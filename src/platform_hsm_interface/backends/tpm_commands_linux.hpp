#pragma once
/// The commands of a TPM that are used here, each as one bounded call, and the way to talk to it without a listener on the bus
/// learning anything: a primary whose name is known, and a session salted to it that encrypts the parameters.

#include <optional>

#include "platform_hsm_interface/backends/tpm_connection_linux.hpp"
#include "platform_hsm_interface/handle.hpp"

namespace chat {

/// TPM2_GetCapability of one group of properties.
[[nodiscard]] Result<TpmOwned<TPMS_CAPABILITY_DATA>, HsmError> tpm_properties(TpmConnection& tpm, u32 first,
                                                                              u32 count);

/// A storage primary and a session salted to it, both gone when this dies.
class TpmParentSession {
  public:
    struct Created {
        TpmOwned<TPM2B_PUBLIC> public_area;
        TpmOwned<TPM2B_PRIVATE> private_area;
    };

    /// Derives the primary and starts the session. `expected_name` empty: whatever primary this TPM has (first use).
    /// other_device: it has another name.
    [[nodiscard]] static Result<TpmParentSession, HsmError> start(TpmConnection& tpm, TpmParent parent,
                                                                  const TpmHandle::Unique& unique,
                                                                  ByteView expected_name);

    [[nodiscard]] const Bytes& parent_name() const { return name_; }
    /// TPM2_Create under the primary; the sensitive part goes over the bus encrypted.
    [[nodiscard]] Result<Created, HsmError> create(const TPM2B_PUBLIC& type,
                                                   const TPM2B_SENSITIVE_CREATE& sensitive);
    /// TPM2_Load under the primary, then `authorization` is what the object's use is proven by.
    [[nodiscard]] Result<TpmObject, HsmError> load(const TPM2B_PUBLIC& public_area,
                                                   const TPM2B_PRIVATE& private_area,
                                                   const TPM2B_AUTH& authorization);
    [[nodiscard]] Result<TpmOwned<TPM2B_SENSITIVE_DATA>, HsmError> unseal(const TpmObject& object);
    [[nodiscard]] Result<TpmOwned<TPMT_SIGNATURE>, HsmError> sign(const TpmObject& key,
                                                                  const TPM2B_DIGEST& digest);
    /// Fills `out` by as many TPM2_GetRandom as it takes.
    [[nodiscard]] Result<void, HsmError> random(MutableByteView out);

  private:
    TpmParentSession(TpmConnection& tpm, TpmObject primary, TpmObject session, Bytes name)
        : tpm_{&tpm}, primary_{std::move(primary)}, session_{std::move(session)}, name_{std::move(name)} {}

    /// Which way the parameters of the next command are encrypted.
    void encrypt(TPMA_SESSION directions) const;

    TpmConnection* tpm_;
    TpmObject primary_;
    TpmObject session_;
    Bytes name_;
};

}  // namespace chat
