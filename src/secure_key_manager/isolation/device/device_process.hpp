#pragma once
/// The process that talks to a TPM or a token while a chat goes on: a module that is slow, hangs or crashes takes nothing with it. It
/// opens the device, gives up network and programs, and then gives random bytes and co-signs endorsements (device_protocol.hpp).
///
/// It holds the PIN, as long as it lives, so that a token that was out and in again works; no key of the identity, and no vault key.

#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "secure_key_manager/isolation/device/device_protocol.hpp"
#include "secure_key_manager/isolation/service/service_process.hpp"

namespace chat {

/// argv[1].
inline constexpr const char* device_process_role = "device-process";

/// Its exit status.
enum class DeviceProcessExit : int {
    ended = 0,          ///< the channel's end, or after a device that did not open
    failed = 1,         ///< memory or the system failed it
    not_a_service = 2,  ///< a person started it
    bad_request = 3,    ///< a request that is none of the protocol
};

/// The whole life of the device process once it is hardened: serves on descriptor 3.
[[nodiscard]] DeviceProcessExit run_device_process();
/// Ends the process without exit handlers: those of a module may hang.
[[noreturn]] void leave_device_process(DeviceProcessExit status);

/// Why there is no device, one line for the user.
struct DeviceFailure {
    std::optional<HsmError> error;  ///< none: the process itself failed
    std::string text;
};

/// This program's end: one request at a time, asked with ask_..., answered by take_answer() once descriptor() is readable. What goes
/// wrong with the process is final; what the device refuses is not.
class DeviceProcess {
  public:
    using Patience = ServiceChannel::Patience;
    struct Limits {
        Patience opening{60'000};  ///< two commands of a TPM that is slow
        Patience call{40'000};  ///< more than one command of a TPM may take (platform_hsm_interface/hsm.hpp)
    };
    /// What the device gave, or refused with.
    using Answer = std::variant<SecretBuffer, EcdsaP384Signature, HsmError>;

    /// Starts the process (on a thread that lives as long as the program) and has it open the device; blocks within limits.opening.
    /// `handle` empty: for random bytes only.
    [[nodiscard]] static Result<std::unique_ptr<DeviceProcess>, DeviceFailure> open(
        const ServiceProcess::Setup& setup, const Limits& limits, const HsmLocation& location,
        SecretBuffer pin, Bytes handle);

    [[nodiscard]] const HsmInfo& info() const { return opened_.info; }
    /// Of the handle, if there was one.
    [[nodiscard]] const std::optional<EcdsaP384PublicKey>& co_signing_key() const {
        return opened_.co_signing_key;
    }
    /// "TPM 2.0 (IBM SW TPM)".
    [[nodiscard]] std::string name() const;
    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] int process_id() const { return process_.id(); }

    /// 1 to device_protocol::max_random bytes. False: the process is lost.
    bool ask_random(u16 count);
    /// Only with a co-signing key.
    bool ask_co_signature(const HardwareEndorsement& endorsement);
    /// The answer to what was asked. Nothing: lost.
    [[nodiscard]] std::optional<Answer> take_answer();
    /// Asks and waits for limits().call: at the start, where nothing else goes on.
    [[nodiscard]] Result<SecretBuffer, DeviceFailure> random(u16 count);

    /// For an event loop: readable when an answer came, or when the process ended.
    [[nodiscard]] int descriptor() const { return process_.descriptor(); }
    /// Ends a process that did not answer in time.
    void give_up();
    /// Why it is gone for good, one line for the user; nothing while it is there.
    [[nodiscard]] std::optional<std::string> lost();

  private:
    DeviceProcess(const ServiceProcess::Setup& setup, const Limits& limits)
        : process_{setup}, limits_{limits} {}

    bool ask(const device_protocol::DeviceRequest& request);
    [[nodiscard]] std::optional<device_protocol::DeviceReply> receive(Patience patience);
    void lose(std::string_view why);
    void lose(ChannelError error);

    ServiceProcess process_;
    Limits limits_;
    device_protocol::Opened opened_;
    u16 asked_bytes_ = 0;  ///< of the question that is open; 0: a signature, or none
    bool waiting_ = false;
    std::optional<HardwareEndorsement> asked_endorsement_;
    std::optional<std::string> lost_;
};

/// The environment that a module or the TPM's stack may need.
[[nodiscard]] ServiceProcess::Setup device_process_setup(const std::string& program, bool allow_debugger);

}  // namespace chat
