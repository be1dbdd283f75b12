#pragma once
/// This program's end of the key process: one call at a time, each with an end to its patience. What goes wrong once is final: the
/// process is ended, its descriptor becomes readable, and every later call is unavailable.

#include <functional>

#include "secure_key_manager/isolation/keys/key_protocol.hpp"
#include "secure_key_manager/isolation/service/service_process.hpp"

namespace chat {

class KeyProcessClient {
  public:
    using Patience = ServiceChannel::Patience;
    struct Limits {
        Patience call{5'000};         ///< a signature takes some milliseconds
        Patience generation{15'000};  ///< FALCON key generation, or a vault's encryption
        Patience opening{180'000};    ///< a person may have to touch a token or unlock a keyring
    };

    /// Throws std::system_error when the process can't be started.
    KeyProcessClient(const ServiceProcess::Setup& setup, const Limits& limits)
        : process_{setup}, limits_{limits} {}

    /// The reply of the type that belongs to the request. unavailable: the process is lost; or what it refused with.
    template <class Reply, class Request>
    [[nodiscard]] Result<Reply, KeyError> call(Request request, Patience patience) {
        auto reply = exchange(key_protocol::KeyRequest{std::move(request)}, patience);
        if (!reply) return fail(reply.error());
        if (auto* wanted = std::get_if<Reply>(&*reply)) return std::move(*wanted);
        lose("it answered something else than it was asked");
        return fail(KeyError::unavailable);
    }

    /// Likewise, for a request that has two replies: the variant holds one of them.
    template <class One, class Other, class Request>
    [[nodiscard]] Result<key_protocol::KeyReply, KeyError> call_either(Request request, Patience patience) {
        auto reply = exchange(key_protocol::KeyRequest{std::move(request)}, patience);
        if (!reply || std::holds_alternative<One>(*reply) || std::holds_alternative<Other>(*reply))
            return reply;
        lose("it answered something else than it was asked");
        return fail(KeyError::unavailable);
    }

    [[nodiscard]] const Limits& limits() const { return limits_; }
    [[nodiscard]] int descriptor() const { return process_.descriptor(); }
    [[nodiscard]] int process_id() const { return process_.id(); }
    /// Looks whether the process ended, and why; nothing while it is there.
    [[nodiscard]] std::optional<std::string> lost();
    /// Known once lost() gave something.
    [[nodiscard]] bool memory_damaged() const { return memory_damaged_; }

  private:
    [[nodiscard]] Result<key_protocol::KeyReply, KeyError> exchange(const key_protocol::KeyRequest& request,
                                                                    Patience patience);
    /// Ends it for what it did.
    void lose(std::string_view why);
    /// It may have ended by itself.
    void lose(ChannelError error);

    ServiceProcess process_;
    Limits limits_;
    std::optional<std::string> lost_;
    bool memory_damaged_ = false;
};

}  // namespace chat
