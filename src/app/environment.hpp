#pragma once
/// What every command needs: loop, randomness, TLS policy, keys made ahead, an identity. Built once in main, in this order.

#include <memory>

#include "crypto/health_tested_rng.hpp"
#include "crypto/system_rng.hpp"
#include "hybrid_kex/identity_keys.hpp"
#include "process_protection/sandbox.hpp"
#include "shell/key_stock.hpp"
#include "shell/net/loop.hpp"
#include "shell/net/resolver.hpp"
#include "tls_channel_manager/tls_context.hpp"

namespace chat {

/// The system's generator under its health tests, as one Rng.
class TestedSystemRng final : public Rng {
  public:
    void fill(MutableByteView out) override { tested_.fill(out); }

  private:
    SystemRng system_;
    HealthTestedRng tested_{system_};
};

struct Environment {
    Environment();
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

    TestedSystemRng rng;
    Loop loop;
    Resolver resolver{loop};
    TlsContext tls;
    KeyStock keys;
    std::shared_ptr<IdentityKeys> identity;
    SandboxReport sandbox;  ///< of this process, the one that talks to the network
};

}  // namespace chat
