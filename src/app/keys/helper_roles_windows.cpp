#include "app/keys/helper_roles.hpp"

namespace chat {

std::optional<int> run_as_helper(int, char**, const HardeningReport&) { return std::nullopt; }

}  // namespace chat
