#include <csignal>

#include "secure_key_manager/isolation/keys/key_process.hpp"
#include "secure_key_manager/isolation/keys/key_process_client.hpp"

namespace chat {

using key_protocol::KeyReply, key_protocol::KeyRequest, key_protocol::Refused, key_protocol::decode_reply,
    key_protocol::reply_sizes;

std::optional<std::string> KeyProcessClient::lost() {
    if (lost_ || process_.channel().idle()) return lost_;
    if (process_.channel().has_input()) {
        lose("it spoke without being asked");
    } else {
        lose(ChannelError::closed);
    }
    return lost_;
}

Result<KeyReply, KeyError> KeyProcessClient::exchange(const KeyRequest& request, Patience patience) {
    if (lost()) return fail(KeyError::unavailable);
    const ServiceFrame asked = encode(request);
    ServiceChannel& channel = process_.channel();
    const auto sent = channel.send(asked.kind, asked.body.expose(), patience);
    auto frame = sent ? channel.receive(reply_sizes, patience) : fail(sent.error());
    if (!frame) {
        lose(frame.error());
        return fail(KeyError::unavailable);
    }
    auto reply = decode_reply(frame->kind, frame->body.expose());
    if (!reply) {
        lose("it answered with " + std::string{describe(reply.error())});
        return fail(KeyError::unavailable);
    }
    if (const auto* refused = std::get_if<Refused>(&*reply)) return fail(refused->error);
    return std::move(*reply);
}

void KeyProcessClient::lose(ChannelError error) {
    if (error != ChannelError::closed) return lose(describe(error));
    const ProcessEnd end = process_.finish(ServiceProcess::grace);
    process_.channel().shut();
    lost_ = describe_key_process(end);
    memory_damaged_ = end == ProcessEnd{ProcessEnd::How::signalled, SIGABRT};
}

void KeyProcessClient::lose(std::string_view why) {
    process_.finish(Patience{0});
    process_.channel().shut();
    lost_ = "the key process was ended: " + std::string{why};
}

}  // namespace chat
