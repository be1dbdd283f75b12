#include "app/keys/held_device.hpp"

#include <algorithm>

namespace chat {

Result<SecretBuffer, HealthAlarm> DeviceEntropy::take(const SecretBuffer& bytes) {
    const auto healthy = tests_.feed(bytes.expose());
    if (!healthy) return fail(healthy.error());
    SecretBuffer out{device_entropy_size};
    std::ranges::copy(bytes.expose().last(device_entropy_size), out.expose_mutable().begin());
    return out;
}

std::optional<DeviceChoice> device_for_randomness(const KeyOptions& options) {
    if (!options.tpm.empty()) return DeviceChoice{{HsmKind::tpm, options.tpm}, {}, {}};
    if (!options.token.empty()) return DeviceChoice{{HsmKind::pkcs11, options.token}, {}, {}};
    if (options.require_hardware) return DeviceChoice{{HsmKind::tpm, {}}, {}, {}};
    return std::nullopt;
}

Result<HeldDevice, std::string> hold_device(const std::string& program, bool allow_debugger,
                                            DeviceChoice choice) {
    auto process = DeviceProcess::open(device_process_setup(program, allow_debugger), {}, choice.location,
                                       std::move(choice.pin), std::move(choice.handle));
    if (!process) return fail(std::string{name_of(choice.location.kind)} + ": " + process.error().text);
    HeldDevice out;
    out.process = std::move(*process);
    const auto bytes = out.process->random(DeviceEntropy::start_size);
    if (!bytes) return fail(out.process->name() + ": " + bytes.error().text);
    auto tested = out.entropy.take(*bytes);
    if (!tested) {
        return fail(out.process->name() +
                    ": its random numbers fail the health test: " + std::string{describe(tested.error())});
    }
    out.first = std::move(*tested);
    return out;
}

}  // namespace chat
