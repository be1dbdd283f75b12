#pragma once
/// One connection to a TPM, with a deadline for each command, and owners of what is loaded into it.

#include <tss2/tss2_esys.h>

#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "platform_hsm_interface/backends/tpm_transport_linux.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// What a response code means for whoever asked. TPM 2.0 part 2, 6.6; TSS 2.0 overview, 3.
[[nodiscard]] HsmError tpm_error(TSS2_RC code);
/// The TPM does not know an algorithm, curve or size that it was asked for.
[[nodiscard]] bool is_unknown_parameter(TSS2_RC code);

class TpmConnection {
  public:
    /// A TPM makes an elliptic key in seconds at worst; one that has not answered by then is lost.
    static constexpr std::chrono::seconds deadline{30};

    /// no_device, busy or bad_location.
    [[nodiscard]] static Result<std::unique_ptr<TpmConnection>, HsmError> open(const std::string& tcti);
    TpmConnection(const TpmConnection&) = delete;
    TpmConnection& operator=(const TpmConnection&) = delete;
    ~TpmConnection();

    [[nodiscard]] ESYS_CONTEXT* esys() const { return esys_; }
    /// The transport failed or the TPM did not answer: only to be closed.
    [[nodiscard]] bool lost() const { return lost_; }

    /// Sends a command by `start` (an Esys_..._Async) and calls `finish` (its ..._Finish) until there is an answer or the time is
    /// up. Without an answer in time: TSS2_TCTI_RC_TRY_AGAIN.
    template <class Start, class Finish>
    [[nodiscard]] TSS2_RC run(Start start, Finish finish) {
        if (lost_) return TSS2_TCTI_RC_NO_CONNECTION;
        TSS2_RC code = start();
        if (code != TSS2_RC_SUCCESS) return noted(code);
        const auto end = std::chrono::steady_clock::now() + deadline;
        do {
            code = finish();
        } while (is_try_again(code) && std::chrono::steady_clock::now() < end);
        return noted(code);
    }

    /// Overwrites copies of a secret that the stack keeps of its last command.
    void wipe_copies(ByteView secret) const;

  private:
    TpmConnection(TpmTransportPtr transport, ESYS_CONTEXT* esys)
        : transport_{std::move(transport)}, esys_{esys} {}

    [[nodiscard]] static bool is_try_again(TSS2_RC code);
    TSS2_RC noted(TSS2_RC code);

    TpmTransportPtr transport_;
    ESYS_CONTEXT* esys_;
    bool lost_ = false;
};

/// A key or session inside the TPM, flushed when the owner dies. The connection must outlive it.
class TpmObject {
  public:
    TpmObject(TpmConnection& tpm, ESYS_TR object) : tpm_{&tpm}, object_{object} {}
    TpmObject(const TpmObject&) = delete;
    TpmObject& operator=(const TpmObject&) = delete;
    TpmObject(TpmObject&& other) noexcept
        : tpm_{other.tpm_}, object_{std::exchange(other.object_, ESYS_TR_NONE)} {}
    TpmObject& operator=(TpmObject&&) = delete;
    ~TpmObject();

    [[nodiscard]] ESYS_TR get() const { return object_; }

  private:
    TpmConnection* tpm_;
    ESYS_TR object_;
};

/// Memory that ESAPI allocated: wiped, then freed.
struct TpmFree {
    template <class T>
    void operator()(T* memory) const noexcept {
        guarded_memory::wipe({reinterpret_cast<u8*>(memory), sizeof(T)});  // NOLINT: bytes of a plain struct
        Esys_Free(memory);
    }
};
template <class T>
using TpmOwned = std::unique_ptr<T, TpmFree>;

}  // namespace chat
