#pragma once
/// The device of this run, if there is one: that of the kept identity, or one that only gives random numbers.

#include <memory>
#include <optional>
#include <string>

#include "app/exit_code.hpp"
#include "app/keys/key_options.hpp"
#include "crypto/health_tests.hpp"
#include "secure_key_manager/isolation/device/device_process.hpp"

namespace chat {

/// How many bytes of the device are mixed in each time.
inline constexpr u16 device_entropy_size = 64;

/// The random bytes of one device under the health tests of SP 800-90B, at its start and for as long as it is used.
class DeviceEntropy {
  public:
    /// What is asked for first: the samples of the start-up test, then the bytes to use.
    static constexpr u16 start_size = HealthTests::start_up_samples + device_entropy_size;

    /// The last device_entropy_size bytes of `bytes`, all of which are tested. After an alarm the device's bytes are used no more.
    [[nodiscard]] Result<SecretBuffer, HealthAlarm> take(const SecretBuffer& bytes);

  private:
    HealthTests tests_;
};

struct HeldDevice {
    std::unique_ptr<DeviceProcess> process;
    DeviceEntropy entropy;
    SecretBuffer first;  ///< tested, to be mixed in
};

/// Which device, and with what.
struct DeviceChoice {
    HsmLocation location;
    SecretBuffer pin;
    Bytes handle;  ///< of a kept identity; empty: random numbers only
};
/// That of --tpm or --token, given without an identity in it; with --require-hardware the default TPM if neither is given.
[[nodiscard]] std::optional<DeviceChoice> device_for_randomness(const KeyOptions& options);

/// Opens it in its process and gets the first bytes, tested. Before the first thread of this process. Or one line why not.
[[nodiscard]] Result<HeldDevice, std::string> hold_device(const std::string& program, bool allow_debugger,
                                                          DeviceChoice choice);

}  // namespace chat
