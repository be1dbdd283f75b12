#include "app/environment.hpp"

namespace chat {

Environment::Environment(HeldKeys held)
    : identity{std::move(held)},
      keys{loop, rng, [] { return std::make_unique<TestedSystemRng>(); },
           [this]() -> std::shared_ptr<IdentityKeys> {
               if (identity.kept) return nullptr;
               auto made = identity.holder->generate();
               // Nothing more rotates once the holder is lost, which ends the session (chat.hpp).
               return made ? std::move(*made) : nullptr;
           }} {}

}  // namespace chat
