#include "secure_key_manager/isolation/device/device_process.hpp"

#include <unistd.h>

#include "process_protection/sandbox.hpp"

namespace chat {
namespace {

using device_protocol::CoSign, device_protocol::CoSigned, device_protocol::DeviceReply,
    device_protocol::DeviceRequest, device_protocol::OpenDevice, device_protocol::Opened,
    device_protocol::Random, device_protocol::RandomBytes, device_protocol::Refused,
    device_protocol::decode_request, device_protocol::request_sizes;

/// A request that was begun arrives whole in no time: its sender is this program.
constexpr std::chrono::seconds frame_patience{30};

/// The device and what may be done with it.
class DeviceServer {
  public:
    DeviceReply open(OpenDevice request) {
        auto hsm = open_hsm(request.location, std::move(request.pin), request.handle);
        if (!hsm) return Refused{hsm.error()};
        Opened out;
        out.info = (*hsm)->info();
        if (!request.handle.empty()) {
            const auto key = (*hsm)->co_signing_key(request.handle);
            if (!key) return Refused{key.error()};
            out.co_signing_key = *key;
        }
        // The modules are loaded by now.
        const SandboxReport sandbox = confine_device_process();
        out.seccomp = sandbox.seccomp;
        out.landlock = static_cast<u8>(sandbox.landlock);
        hsm_ = std::move(*hsm);
        handle_ = std::move(request.handle);
        key_ = out.co_signing_key;
        return out;
    }

    DeviceReply random(const Random& request) {
        RandomBytes out{SecretBuffer{request.count}};
        const auto filled = hsm_->random(out.bytes.expose_mutable());
        if (!filled) return Refused{filled.error()};
        return out;
    }

    DeviceReply co_sign(const CoSign& request) {
        const auto signature = hsm_->co_sign(handle_, signed_bytes(request.endorsement, *key_));
        if (!signature) return Refused{signature.error()};
        return CoSigned{*signature};
    }

    [[nodiscard]] bool is_open() const { return hsm_ != nullptr; }
    [[nodiscard]] bool can_co_sign() const { return key_.has_value(); }

  private:
    std::unique_ptr<Hsm> hsm_;
    Bytes handle_;
    std::optional<EcdsaP384PublicKey> key_;
};

/// Nothing for a request that is out of place.
std::optional<DeviceReply> answer(DeviceServer& server, DeviceRequest request) {
    if (auto* open = std::get_if<OpenDevice>(&request)) {
        if (server.is_open()) return std::nullopt;
        return server.open(std::move(*open));
    }
    if (!server.is_open()) return std::nullopt;
    if (const auto* random = std::get_if<Random>(&request)) return server.random(*random);
    if (!server.can_co_sign()) return std::nullopt;
    return server.co_sign(std::get<CoSign>(request));
}

DeviceProcessExit serve(ServiceChannel& channel) {
    DeviceServer server;
    for (;;) {
        if (!channel.wait(std::nullopt)) return DeviceProcessExit::failed;
        const auto frame = channel.receive(request_sizes, frame_patience);
        if (!frame) {
            const bool over = frame.error() == ChannelError::closed;
            return over ? DeviceProcessExit::ended : DeviceProcessExit::bad_request;
        }
        auto request = decode_request(frame->kind, frame->body.expose());
        if (!request) return DeviceProcessExit::bad_request;
        const auto reply = answer(server, std::move(*request));
        if (!reply) return DeviceProcessExit::bad_request;
        const ServiceFrame sent = encode(*reply);
        if (!channel.send(sent.kind, sent.body.expose(), frame_patience)) return DeviceProcessExit::ended;
        if (!server.is_open()) return DeviceProcessExit::ended;
        guarded_memory::wipe_stack();
    }
}

}  // namespace

DeviceProcessExit run_device_process() {
    if (!become_service()) return DeviceProcessExit::not_a_service;
    try {
        ServiceChannel channel{service_socket};
        return serve(channel);
    } catch (const std::exception&) {
        return DeviceProcessExit::failed;
    }
}

void leave_device_process(DeviceProcessExit status) { ::_exit(static_cast<int>(status)); }

}  // namespace chat
