#pragma once
/// What the device does while a chat goes on: fresh random bytes from time to time, and a co-signature for each session. Asks the device
/// process one thing after the other and never waits for it.

#include <deque>
#include <functional>

#include "app/keys/held_device.hpp"
#include "secure_p2p/session/endorsement.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class Hardware {
  public:
    struct Events {
        /// Tested bytes, to be mixed into every source of randomness.
        std::function<void(const SecretBuffer&)> on_entropy;
        std::function<void(const Endorsement&)> on_endorsement;
        /// The health test stopped the device's random numbers; on_failure follows.
        std::function<void(const std::string& why)> on_alarm;
        /// One line for the user. The device may come back at the next turn, unless it is `gone`.
        std::function<void(const std::string& why, bool gone)> on_failure;
    };
    /// How often fresh bytes are mixed in, at the least.
    static constexpr std::chrono::minutes interval{10};

    /// Everything borrowed outlives the object.
    Hardware(Loop& loop, HeldDevice& device, Duration every, Events events);

    /// Puts the statement to the device; its answer comes by on_endorsement.
    void co_sign(const HardwareEndorsement& statement);
    /// "TPM 2.0 (IBM SW TPM): random numbers mixed in 3 times, ..." for /status.
    [[nodiscard]] std::string status() const;

  private:
    void want_entropy();
    void ask_next();
    void on_readable();
    void took(DeviceProcess::Answer answer);
    void took_random(const SecretBuffer& bytes);
    void fail_device(const std::string& why, bool gone);
    void lose();

    Loop& loop_;
    HeldDevice& device_;
    Duration every_;
    Events events_;
    Timer turn_;
    Timer deadline_;
    std::deque<HardwareEndorsement> to_sign_;
    bool entropy_wanted_ = false;
    bool asking_ = false;
    bool asked_signature_ = false;  ///< what the open question is; others may be queued meanwhile
    bool drawing_ = true;           ///< false after a health alarm
    bool gone_ = false;
    u64 mixed_ = 1;  ///< the bytes of the start
    u64 signatures_ = 0;
    std::string last_failure_;
    ReadWatch watch_;
};

}  // namespace chat
