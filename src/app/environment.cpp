#include "app/environment.hpp"

namespace chat {

Environment::Environment(HeldKeys held)
    : identity{begin_with(std::move(held))},
      keys{loop, rng, [shared = worker_entropy] { return shared->make_rng(); },
           [this]() -> std::shared_ptr<IdentityKeys> {
               if (identity.kept) return nullptr;
               auto made = identity.holder->generate();
               // Nothing more rotates once the holder is lost, which ends the session (chat.hpp).
               return made ? std::move(*made) : nullptr;
           }} {}

HeldKeys Environment::begin_with(HeldKeys held) {
    if (held.device) {
        mix_in(held.device->first.expose(), *held.holder);
        held.device->first.reset();
    }
    return held;
}

void Environment::mix_in(const SecretBuffer& entropy) { mix_in(entropy.expose(), *identity.holder); }

void Environment::mix_in(ByteView entropy, KeyHolder& holder) {
    rng.mix_in(entropy);
    worker_entropy->mix_in(entropy);
    // A holder that is lost ends the session by itself (chat.hpp).
    (void)holder.mix_entropy(entropy);
}

}  // namespace chat
