// What the network process can say to the key process: kind, then body. Whatever decodes has one encoding, and a server that
// was started answers it or stops.

#include <cstdlib>

#include "secure_key_manager/isolation/keys/key_server.hpp"
#include "support/seeded_rng.hpp"

namespace {

using namespace chat;

/// Every input meets a server of its own, but key generation is slow: identities and vaults are for the unit tests.
bool is_cheap(const key_protocol::KeyRequest& request) {
    return !std::holds_alternative<key_protocol::Generate>(request);
}

Result<OpenedVault, VaultError> no_vault(ByteView file, UnlockSecrets) {
    const auto header = read_vault_header(file);
    return fail(header ? VaultError::wrong_key : header.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const u8* data, std::size_t size) {
    if (size == 0) return 0;
    const ByteView body{data + 1, size - 1};
    const auto request = key_protocol::decode_request(data[0], body);
    if (!request) return 0;
    const ServiceFrame again = key_protocol::encode(*request);
    if (again.kind != data[0] ||
        !std::equal(body.begin(), body.end(), again.body.expose().begin(), again.body.expose().end()))
        std::abort();
    test::SeededRng rng{1};
    for (const bool started : {false, true}) {
        KeyServer server{rng, {no_vault, [] { return KeyProtection{}; }}};
        if (started && !server.handle(1, {})) std::abort();
        if (!is_cheap(*request)) continue;
        const auto answer = server.handle(data[0], body);
        if (!answer) {
            if (answer.error() == KeyServerError::malformed) std::abort();
            continue;
        }
        if (!key_protocol::decode_reply(answer->reply.kind, answer->reply.body.expose())) std::abort();
    }
    return 0;
}
