#include "app/keys/hardware.hpp"

namespace chat {

Hardware::Hardware(Loop& loop, HeldDevice& device, Duration every, Events events)
    : loop_{loop},
      device_{device},
      every_{every},
      events_{std::move(events)},
      turn_{loop},
      deadline_{loop},
      watch_{loop, device.process->descriptor(), [this] { on_readable(); }} {
    turn_.set(loop_.now() + every_, [this] { want_entropy(); });
}

void Hardware::co_sign(const HardwareEndorsement& statement) {
    if (gone_ || !device_.process->co_signing_key()) return;
    to_sign_.push_back(statement);
    ask_next();
}

std::string Hardware::status() const {
    std::string out = device_.process->name() + ": ";
    if (gone_) return out + "lost; the system's random numbers go on alone";
    out += drawing_ ? "random numbers mixed in " + std::to_string(mixed_) + (mixed_ == 1 ? " time" : " times")
                    : "its random numbers are not used any more";
    if (device_.process->co_signing_key()) {
        out +=
            ", " + std::to_string(signatures_) + (signatures_ == 1 ? " session" : " sessions") + " co-signed";
    }
    return last_failure_.empty() ? out : out + "; last failure: " + last_failure_;
}

void Hardware::want_entropy() {
    turn_.set(loop_.now() + every_, [this] { want_entropy(); });
    entropy_wanted_ = drawing_;
    ask_next();
}

void Hardware::ask_next() {
    if (asking_ || gone_) return;
    bool asked = false;
    asked_signature_ = !to_sign_.empty();
    if (asked_signature_) {
        asked = device_.process->ask_co_signature(to_sign_.front());
    } else if (entropy_wanted_) {
        asked = device_.process->ask_random(device_entropy_size);
    } else {
        return;
    }
    if (!asked) return lose();
    asking_ = true;
    deadline_.set(loop_.now() + device_.process->limits().call, [this] {
        device_.process->give_up();
        lose();
    });
}

void Hardware::on_readable() {
    if (gone_) return;
    if (!asking_) {
        if (device_.process->lost()) lose();
        return;
    }
    auto answer = device_.process->take_answer();
    if (!answer) return lose();
    deadline_.cancel();
    asking_ = false;
    took(std::move(*answer));
    ask_next();
}

void Hardware::took(DeviceProcess::Answer answer) {
    if (asked_signature_) {
        to_sign_.pop_front();
    } else {
        entropy_wanted_ = false;
    }
    if (const auto* error = std::get_if<HsmError>(&answer)) {
        return fail_device(
            std::string{asked_signature_ ? "it did not co-sign: " : ""} + std::string{describe(*error)},
            false);
    }
    last_failure_.clear();
    if (const auto* bytes = std::get_if<SecretBuffer>(&answer)) return took_random(*bytes);
    ++signatures_;
    // The numbers of the two kinds are the same (secure_p2p/events.hpp).
    events_.on_endorsement({static_cast<DeviceKind>(device_.process->info().kind),
                            *device_.process->co_signing_key(), std::get<EcdsaP384Signature>(answer)});
}

void Hardware::took_random(const SecretBuffer& bytes) {
    const auto tested = device_.entropy.take(bytes);
    if (!tested) {
        drawing_ = false;
        events_.on_alarm(device_.process->name() + ": " + std::string{describe(tested.error())});
        return fail_device("its random numbers fail the health test and are used no more: " +
                               std::string{describe(tested.error())},
                           false);
    }
    ++mixed_;
    events_.on_entropy(*tested);
}

void Hardware::fail_device(const std::string& why, bool gone) {
    const bool said_before = why == last_failure_;
    last_failure_ = why;
    if (!said_before) events_.on_failure(device_.process->name() + ": " + why, gone);
}

void Hardware::lose() {
    gone_ = true;
    watch_.pause();
    turn_.cancel();
    deadline_.cancel();
    fail_device(device_.process->lost().value_or("the device process is gone"), true);
}

}  // namespace chat
