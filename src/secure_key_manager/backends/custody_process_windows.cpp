#include "secure_key_manager/backends/custody_process.hpp"

namespace chat {

// Credential Manager is part of the system and loads nothing into this process.
Result<Custody, VaultError> perform_apart(const CustodyRequest& request, std::chrono::milliseconds) {
    auto copy = decode_custody_request(encode(request).expose());
    if (!copy) return fail(VaultError::malformed);
    return perform(std::move(*copy));
}

int run_custody_process() { return 1; }

}  // namespace chat
