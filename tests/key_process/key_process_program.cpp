/// Helper processes and their parents for the tests; which of them is the first argument. "key-process" is the real key process of
/// the product but for its randomness, which comes from a seed.

#include <signal.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>

#include "base/secret_pages.hpp"
#include "key_process/known_identity.hpp"
#include "secure_key_manager/isolation/keys/isolated_keys.hpp"
#include "secure_key_manager/isolation/keys/key_process.hpp"
#include "support/key_process_kit.hpp"

extern char** environ;  // NOLINT: POSIX names it so

namespace chat::test {
namespace {

using namespace std::chrono_literals;

std::optional<BodySizes> any_size(u8) { return BodySizes{0, ServiceChannel::largest_body}; }

int as_key_process() {
    const auto hardening = harden_process(Debugger::allowed);
    SeededRng rng{known_seed};
    leave_key_process(run_key_process(rng, *hardening));
}

/// Gives back every frame; kind 0: ends with the status in the body.
int as_echo() {
    if (!become_service()) return 99;
    ServiceChannel channel{service_socket};
    for (;;) {
        const auto frame = channel.receive(any_size, 60s);
        if (!frame) return 0;
        if (frame->kind == 0) return frame->body.expose()[0];
        if (!channel.send(frame->kind, frame->body.expose(), 60s)) return 1;
    }
}

/// Answers one frame with what it was given: arguments, environment, descriptors, one a line.
int as_inventory(int argc, char** argv) {
    if (!become_service()) return 99;
    std::string text;
    for (int i = 1; i < argc; ++i) text += std::string{"argument "} + argv[i] + "\n";
    for (char** each = environ; *each != nullptr; ++each) text += std::string{"variable "} + *each + "\n";
    for (const auto& entry : std::filesystem::directory_iterator{"/proc/self/fd"}) {
        std::error_code gone;  // the descriptor of this very listing
        const auto target = std::filesystem::read_symlink(entry, gone);
        if (!gone && target.string().find("/fd") == std::string::npos)
            text += "descriptor " + entry.path().filename().string() + " " + target.string() + "\n";
    }
    ServiceChannel channel{service_socket};
    return channel.send(1, bytes_of(text), 60s) ? 0 : 1;
}

/// Hears nothing, not even the end of its channel.
int as_deaf() {
    if (!become_service()) return 99;
    ServiceChannel channel{service_socket};
    static_cast<void>(channel.send(1, {}, 60s));
    for (;;) ::pause();
}

/// A key process that starts well, and then gives a wrong answer, or one that nobody asked for.
int as_liar(u8 kind, ByteView body, bool asked = true) {
    if (!become_service()) return 99;
    ServiceChannel channel{service_socket};
    const ServiceFrame started = encode(key_protocol::KeyReply{key_protocol::Started{}});
    if (!channel.receive(any_size, 60s) || !channel.send(started.kind, started.body.expose(), 60s)) return 1;
    if (asked && !channel.receive(any_size, 60s)) return 1;
    if (!channel.send(kind, body, 60s)) return 1;
    for (;;) ::pause();
}

/// Starts a deaf helper, says its number, and waits to be killed.
int as_parent(const std::string& program) {
    ServiceProcess helper{{program, "deaf", {}}};
    if (!helper.channel().receive(any_size, 60s)) return 1;
    std::cout << "helper " << helper.id() << std::endl;
    for (;;) ::pause();
}

void use(IdentityKeys& keys) {
    SeededRng rng{7};
    const auto sent = mlkem1024::encapsulate(keys.public_identity().mlkem(), rng);
    const bool served = keys.sign(rotation_statement()) && keys.agree(keys.public_identity().x25519()) &&
                        keys.decapsulate(sent->ciphertext);
    if (!served) std::abort();
}

/// The process that talks to the network, for a memory scan: its guarded memory lies in ordinary pages, so that it can be read.
int as_network_process(const std::string& program, bool keys_apart) {
    secret_pages::use_ordinary_pages();
    const SecretBuffer planted = SecretBuffer::copy_of(planted_secret());
    SeededRng base{known_seed};
    MixingRng rng{base};
    std::unique_ptr<KeyHolder> holder;
    std::shared_ptr<IdentityKeys> identity;
    if (keys_apart) {
        auto started = IsolatedKeys::start_ephemeral({program, true}, {});
        if (!started) return 1;
        holder = std::move(*started);
        identity = *holder->generate();
    } else {
        identity = SoftwareIdentityKeys::generate(rng);
    }
    use(*identity);
    std::cout << "fingerprint " << to_hex(fingerprint(identity->public_identity()).view()) << std::endl;
    std::string line;
    std::getline(std::cin, line);
    use(*identity);
    return planted.expose()[0] == planted_secret()[0] ? 0 : 1;
}

int run(int argc, char** argv) {
    const std::string role = argc > 1 ? argv[1] : "";
    const std::string program = std::filesystem::read_symlink("/proc/self/exe").string();
    if (role == "key-process") return as_key_process();
    if (role == "echo") return as_echo();
    if (role == "inventory") return as_inventory(argc, argv);
    if (role == "deaf") return as_deaf();
    if (role == "answers-something-else") return as_liar(9, {});
    if (role == "answers-no-identity") return as_liar(4, Bytes(4 + identity_public_size, 1));
    if (role == "answers-an-unknown-kind") return as_liar(77, {});
    if (role == "answers-too-long") return as_liar(9, Bytes(1));
    if (role == "answers-unasked") return as_liar(9, {}, false);
    if (role == "parent") return as_parent(program);
    if (role == "network") return as_network_process(program, true);
    if (role == "network-with-keys") return as_network_process(program, false);
    return 98;
}

}  // namespace
}  // namespace chat::test

int main(int argc, char** argv) { return chat::test::run(argc, argv); }
