#include <system_error>

#include "secure_key_manager/isolation/device/device_process.hpp"

namespace chat {

using device_protocol::CoSign, device_protocol::CoSigned, device_protocol::DeviceReply,
    device_protocol::DeviceRequest, device_protocol::OpenDevice, device_protocol::Opened,
    device_protocol::Random, device_protocol::RandomBytes, device_protocol::Refused,
    device_protocol::decode_reply, device_protocol::max_pin, device_protocol::reply_sizes;

ServiceProcess::Setup device_process_setup(const std::string& program, bool allow_debugger) {
    return {program,
            device_process_role,
            {"HOME", "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "LANG", "SOFTHSM2_CONF", "ASAN_OPTIONS",
             "UBSAN_OPTIONS", "TSAN_OPTIONS"},
            allow_debugger};
}

Result<std::unique_ptr<DeviceProcess>, DeviceFailure> DeviceProcess::open(const ServiceProcess::Setup& setup,
                                                                          const Limits& limits,
                                                                          const HsmLocation& location,
                                                                          SecretBuffer pin, Bytes handle) {
    if (location.place.size() > HsmLocation::max_place) {
        return fail(DeviceFailure{HsmError::bad_location, std::string{describe(HsmError::bad_location)}});
    }
    if (pin.size() > max_pin) {
        return fail(DeviceFailure{HsmError::wrong_pin, std::string{describe(HsmError::wrong_pin)}});
    }
    if (handle.size() > Hsm::max_handle_size) {
        return fail(DeviceFailure{HsmError::damaged_handle, std::string{describe(HsmError::damaged_handle)}});
    }
    std::unique_ptr<DeviceProcess> out;
    try {
        out = std::unique_ptr<DeviceProcess>{new DeviceProcess{setup, limits}};
    } catch (const std::system_error& error) {
        return fail(DeviceFailure{{}, "the device process does not start: " + std::string{error.what()}});
    }
    const bool wanted_key = !handle.empty();
    if (!out->ask(OpenDevice{location, std::move(pin), std::move(handle)})) {
        return fail(DeviceFailure{{}, *out->lost()});
    }
    auto reply = out->receive(limits.opening);
    if (!reply) return fail(DeviceFailure{{}, *out->lost()});
    if (const auto* refused = std::get_if<Refused>(&*reply)) {
        return fail(DeviceFailure{refused->error, std::string{describe(refused->error)}});
    }
    auto* const opened = std::get_if<Opened>(&*reply);
    if (opened == nullptr || opened->co_signing_key.has_value() != wanted_key ||
        opened->info.kind != location.kind) {
        out->lose("it answered something else than it was asked");
        return fail(DeviceFailure{{}, *out->lost()});
    }
    out->opened_ = std::move(*opened);
    return out;
}

std::string DeviceProcess::name() const {
    std::string details;
    for (const std::string* part : {&opened_.info.manufacturer, &opened_.info.model, &opened_.info.label}) {
        if (!part->empty()) details += (details.empty() ? "" : " ") + *part;
    }
    const std::string kind{name_of(opened_.info.kind)};
    return details.empty() ? kind : kind + " (" + details + ")";
}

bool DeviceProcess::ask_random(u16 count) {
    asked_bytes_ = count;
    asked_endorsement_.reset();
    return ask(Random{count});
}

bool DeviceProcess::ask_co_signature(const HardwareEndorsement& endorsement) {
    assert(opened_.co_signing_key);
    asked_bytes_ = 0;
    asked_endorsement_ = endorsement;
    return ask(CoSign{endorsement});
}

bool DeviceProcess::ask(const DeviceRequest& request) {
    if (lost()) return false;
    // Small, and the process reads: this never waits.
    const ServiceFrame frame = encode(request);
    const auto sent = process_.channel().send(frame.kind, frame.body.expose(), Patience{1'000});
    if (!sent) lose(sent.error());
    waiting_ = sent.has_value();
    return waiting_;
}

std::optional<DeviceReply> DeviceProcess::receive(Patience patience) {
    auto frame = process_.channel().receive(reply_sizes, patience);
    waiting_ = false;
    if (!frame) {
        lose(frame.error());
        return std::nullopt;
    }
    auto reply = decode_reply(frame->kind, frame->body.expose());
    if (!reply) {
        lose("it answered with " + std::string{describe(reply.error())});
        return std::nullopt;
    }
    return std::move(*reply);
}

std::optional<DeviceProcess::Answer> DeviceProcess::take_answer() {
    // It has begun to come; the rest follows at once.
    auto reply = receive(Patience{1'000});
    if (!reply) return std::nullopt;
    if (const auto* refused = std::get_if<Refused>(&*reply)) return refused->error;
    if (auto* random = std::get_if<RandomBytes>(&*reply);
        random != nullptr && asked_bytes_ != 0 && random->bytes.size() == asked_bytes_) {
        return std::move(random->bytes);
    }
    // The device process may have been taken over by a module: what it calls a signature is looked at.
    if (const auto* signature = std::get_if<CoSigned>(&*reply);
        signature != nullptr && asked_endorsement_ &&
        verify(*asked_endorsement_, *opened_.co_signing_key, signature->signature)) {
        return signature->signature;
    }
    lose("it answered something else than it was asked");
    return std::nullopt;
}

Result<SecretBuffer, DeviceFailure> DeviceProcess::random(u16 count) {
    if (ask_random(count)) {
        const auto came = process_.channel().wait(limits_.call);
        if (!came) lose(came.error());
        if (came) {
            auto answer = take_answer();
            if (answer && std::holds_alternative<SecretBuffer>(*answer)) {
                return std::get<SecretBuffer>(std::move(*answer));
            }
            if (answer && std::holds_alternative<HsmError>(*answer)) {
                const HsmError error = std::get<HsmError>(*answer);
                return fail(DeviceFailure{error, std::string{describe(error)}});
            }
        }
    }
    return fail(DeviceFailure{{}, lost().value_or("the device process gave no answer")});
}

void DeviceProcess::give_up() { lose(describe(ChannelError::timed_out)); }

std::optional<std::string> DeviceProcess::lost() {
    if (!lost_ && !waiting_ && !process_.channel().idle()) lose(ChannelError::closed);
    return lost_;
}

void DeviceProcess::lose(ChannelError error) {
    if (error != ChannelError::closed) return lose(describe(error));
    const ProcessEnd end = process_.finish(ServiceProcess::grace);
    process_.channel().shut();
    waiting_ = false;
    lost_ =
        "the device process " + std::string{end.how == ProcessEnd::How::exited ? "" : "was "} + describe(end);
}

void DeviceProcess::lose(std::string_view why) {
    process_.finish(Patience{0});
    process_.channel().shut();
    waiting_ = false;
    lost_ = "the device process was ended: " + std::string{why};
}

}  // namespace chat
