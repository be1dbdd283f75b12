#include "secure_key_manager/isolation/keys/key_holder.hpp"

namespace chat {

std::string describe(const KeyHolderFailure& failure) {
    switch (failure.error) {
        case KeyHolderError::not_started: return "the key process could not be started: " + failure.detail;
        case KeyHolderError::ended: return "the key process was not ready: " + failure.detail;
        case KeyHolderError::vault_refused: return std::string{describe(failure.vault.value())};
    }
    return "unknown failure of the key process";
}

}  // namespace chat
