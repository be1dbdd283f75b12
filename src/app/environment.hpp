#pragma once
/// What every command needs: loop, randomness, TLS policy, keys made ahead, an identity. Built once in main, in this order; the holder
/// of the identity's keys comes from outside, since it must start before the first thread.

#include <memory>

#include "app/held_keys.hpp"
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

    TestedSystemRng rng;
    HeldKeys identity;
    Loop loop;
    Resolver resolver{loop};
    TlsContext tls;
    KeyStock keys;
    SandboxReport sandbox;  ///< of this process, the one that talks to the network
};

}  // namespace chat
