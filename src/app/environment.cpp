#include "app/environment.hpp"

#include "hybrid_kex/software_identity_keys.hpp"

namespace chat {

Environment::Environment()
    : keys{loop, rng, [] { return std::make_unique<TestedSystemRng>(); },
           [this]() -> std::shared_ptr<IdentityKeys> { return SoftwareIdentityKeys::generate(rng); }},
      identity{SoftwareIdentityKeys::generate(rng)} {}

}  // namespace chat
