#include <signal.h>
#include <unistd.h>

#include "process_protection/sandbox.hpp"
#include "secure_key_manager/isolation/keys/key_process.hpp"

namespace chat {
namespace {

/// A request that was begun arrives whole in no time: its sender is this program.
constexpr std::chrono::seconds request_patience{30};
constexpr std::chrono::seconds reply_patience{30};

/// What all slots lock, with their libraries' temporaries.
constexpr std::uint64_t wanted_memory = std::uint64_t{2} << 20U;

KeyProtection protection_of(const HardeningReport& hardening, const SandboxReport& sandbox) {
    KeyProtection out;
    out.own_process = true;
    out.no_system_calls = sandbox.seccomp;
    out.landlock = static_cast<u8>(sandbox.landlock);
    out.unreadable = hardening.unreadable_by_others;
    out.no_new_privileges = hardening.no_new_privileges;
    out.memory_locked =
        hardening.locked_memory >= wanted_memory && guarded_memory::usage().unlocked_regions == 0;
    return out;
}

}  // namespace

std::string describe_key_process(const ProcessEnd& end) {
    const std::string name = "the key process ";
    if (end == ProcessEnd{ProcessEnd::How::signalled, SIGABRT})
        return name +
               "ended itself (signal ABRT): a canary in its memory may be damaged; its own last line says "
               "what was";
    if (end.how != ProcessEnd::How::exited) return name + "was " + describe(end);
    switch (static_cast<KeyProcessExit>(end.code)) {
        case KeyProcessExit::ended: return name + "ended";
        case KeyProcessExit::failed: return name + "failed: the system refused it something";
        case KeyProcessExit::not_a_service: return name + "found no channel to this program";
        case KeyProcessExit::bad_request: return name + "stopped at a request that it must not serve";
        case KeyProcessExit::bad_randomness: return name + "stopped: its source of randomness failed";
        case KeyProcessExit::traced:
            return name + "refused to start: a debugger is attached (see --allow-debugger)";
    }
    return name + describe(end);
}

KeyProcessExit serve_keys(int socket, KeyServer& server) {
    ServiceChannel channel{socket};
    for (;;) {
        if (!channel.wait(std::nullopt)) return KeyProcessExit::failed;
        const auto request = channel.receive(key_protocol::request_sizes, request_patience);
        if (!request) {
            const bool over = request.error() == ChannelError::closed;
            return over ? KeyProcessExit::ended : KeyProcessExit::bad_request;
        }
        const auto answer = server.handle(request->kind, request->body.expose());
        if (!answer) return KeyProcessExit::bad_request;
        const auto sent = channel.send(answer->reply.kind, answer->reply.body.expose(), reply_patience);
        if (!sent || answer->last) return KeyProcessExit::ended;
        guarded_memory::wipe_stack();
    }
}

KeyProcessExit run_key_process(Rng& rng, const HardeningReport& hardening) {
    if (!become_service()) return KeyProcessExit::not_a_service;
    try {
        KeyServer server{rng, {unlock_vault, [&] {
                                   return protection_of(hardening, confine_key_process(service_socket));
                               }}};
        return serve_keys(service_socket, server);
    } catch (const RngFailure&) {
        return KeyProcessExit::bad_randomness;
    } catch (const std::exception&) {
        return KeyProcessExit::failed;
    }
}

void leave_key_process(KeyProcessExit status) { ::_exit(static_cast<int>(status)); }

}  // namespace chat
