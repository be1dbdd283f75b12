// A vault file from a stranger, its checksum made right, opened with a known key (all zero); its parameters; and the messages of the
// custody process. The fuzzer knows the key check from the corpus, but can't authenticate a content: nothing but the one
// file that was sealed with this key may open.

#include <cstdlib>

#include "secure_key_manager/backends/custody_process.hpp"
#include "support/seeded_rng.hpp"
#include "support/vault_kit.hpp"

namespace {

void fuzz_messages(chat::ByteView input) {
    if (const auto request = chat::decode_custody_request(input)) {
        const chat::SecretBuffer again = chat::encode(*request);
        if (!std::equal(input.begin(), input.end(), again.expose().begin(), again.expose().end()))
            std::abort();
    }
    if (const auto answer = chat::decode_custody_answer(input)) {
        if (!chat::decode_custody_answer(chat::encode(*answer).expose())) std::abort();
    }
}

void fuzz_parameters(chat::ByteView input) {
    if (const auto passphrase = chat::decode_passphrase_parameters(input)) {
        const chat::Bytes again = chat::encode(*passphrase);
        if (!std::equal(input.begin(), input.end(), again.begin(), again.end())) std::abort();
    }
    if (const auto device = chat::decode_device_parameters(input)) {
        const chat::Bytes again = chat::encode(*device);
        if (!std::equal(input.begin(), input.end(), again.begin(), again.end())) std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    fuzz_messages(input);
    fuzz_parameters(input);
    chat::Bytes file{data, data + size};
    if (file.size() >= 32) chat::test::mend_hash(file);
    const auto header = chat::read_vault_header(file);
    if (!header) return 0;
    fuzz_parameters(header->parameters);
    if (chat::open_vault(file, chat::VaultKey{})) {
        static const chat::Bytes seed = [] {
            chat::test::SeededRng rng{7};
            auto identity = chat::generate_identity(rng);
            const chat::VaultSealer sealer{{chat::Protector::keyring, chat::Bytes(16, 1)},
                                           chat::VaultKey{},
                                           identity.secrets,
                                           identity.falcon_public,
                                           chat::WallTime{}};
            return sealer.seal({}, rng);
        }();
        if (file != seed) std::abort();
    }
    return 0;
}
