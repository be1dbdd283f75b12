#pragma once
/// What every command needs: loop, randomness, TLS policy, keys made ahead, an identity. Built once in main, in this order; the holder
/// of the identity's keys comes from outside, since it must start before the first thread.

#include <memory>

#include "app/keys/held_keys.hpp"
#include "app/keys/shared_entropy.hpp"
#include "crypto/mixing_rng.hpp"
#include "crypto/tested_system_rng.hpp"
#include "process_protection/sandbox.hpp"
#include "shell/key_stock.hpp"
#include "shell/net/loop.hpp"
#include "shell/net/resolver.hpp"
#include "tls_channel_manager/tls_context.hpp"

namespace chat {

struct Environment {
    explicit Environment(HeldKeys keys);
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;
    ~Environment() = default;

    /// Into `rng`, into what the worker thread draws from, and into the key process.
    void mix_in(const SecretBuffer& entropy);

    TestedSystemRng system_rng;
    MixingRng rng{system_rng};
    std::shared_ptr<SharedEntropy> worker_entropy = std::make_shared<SharedEntropy>();
    HeldKeys identity;
    Loop loop;
    Resolver resolver{loop};
    TlsContext tls;
    KeyStock keys;
    SandboxReport sandbox;  ///< of this process, the one that talks to the network

  private:
    /// The device's first bytes are in before anything is drawn.
    [[nodiscard]] HeldKeys begin_with(HeldKeys held);
    void mix_in(ByteView entropy, KeyHolder& holder);
};

}  // namespace chat
