#include <cstdlib>
#include <system_error>

#include "secure_key_manager/backends/custody_process.hpp"
#include "secure_key_manager/backends/keyring.hpp"
#include "secure_key_manager/backends/this_program.hpp"
#include "secure_key_manager/isolation/service/service_process.hpp"

namespace chat {
namespace {

constexpr u8 request_kind = 1;
constexpr u8 answer_kind = 2;
constexpr std::chrono::seconds transport{5};

std::optional<BodySizes> sizes(u8 kind) {
    if (kind == request_kind) return BodySizes{least_custody_request, most_custody_request};
    if (kind == answer_kind) return BodySizes{2, 2 + VaultKey::size + VaultHeader::max_parameters};
    return std::nullopt;
}

bool is_device(Protector protector) { return protector == Protector::tpm || protector == Protector::pkcs11; }

VaultError crashed(Protector protector) {
    return is_device(protector) ? of_device(HsmError::failed) : VaultError::keyring_failed;
}

/// Set for this process by the one that started it, when the person allowed debuggers.
bool debugger_allowed() {
    const char* const value = std::getenv("SECURE_P2P_ALLOW_DEBUGGER");
    return value != nullptr && std::string_view{value} == "1";
}

/// What the keyring's library and the devices' libraries look at.
ServiceProcess::Setup setup() {
    return {this_program(),
            std::string{custody_role},
            {"DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "HOME", "DISPLAY", "WAYLAND_DISPLAY",
             "SOFTHSM2_CONF", "LANG"},
            debugger_allowed()};
}

}  // namespace

Result<Custody, VaultError> perform_apart(const CustodyRequest& request, std::chrono::milliseconds patience) {
    if (!is_device(request.protector) && request.protector != keyring_of_this_platform()) {
        return fail(VaultError::not_on_this_platform);
    }
    if (!fits(request)) {
        return fail(is_device(request.protector) ? of_device(HsmError::bad_location) : VaultError::malformed);
    }
    try {
        ServiceProcess helper{setup()};
        const SecretBuffer body = encode(request);
        if (!helper.channel().send(request_kind, body.expose(), transport))
            return fail(crashed(request.protector));
        const auto frame = helper.channel().receive(sizes, patience);
        if (!frame && frame.error() == ChannelError::timed_out) {
            return fail(is_device(request.protector) ? of_device(HsmError::timed_out)
                                                     : VaultError::keyring_locked);
        }
        if (!frame || frame->kind != answer_kind) return fail(crashed(request.protector));
        auto answer = decode_custody_answer(frame->body.expose());
        if (!answer) return fail(crashed(request.protector));
        return std::move(*answer);
    } catch (const std::system_error&) {
        return fail(crashed(request.protector));
    }
}

int run_custody_process() {
    if (!become_service()) return EXIT_FAILURE;
    ServiceChannel channel{service_socket};
    const auto frame = channel.receive(sizes, transport);
    if (!frame || frame->kind != request_kind) return EXIT_FAILURE;
    auto request = decode_custody_request(frame->body.expose());
    if (!request) return EXIT_FAILURE;
    const SecretBuffer answer = encode(perform(std::move(*request)));
    const bool sent = channel.send(answer_kind, answer.expose(), transport).has_value();
    guarded_memory::wipe_stack();
    return sent ? EXIT_SUCCESS : EXIT_FAILURE;
}

}  // namespace chat
