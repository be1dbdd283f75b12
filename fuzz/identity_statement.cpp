// What the holder of identity keys is asked to sign: whatever decodes has one encoding, and what would be signed names its kind first.

#include <cstdlib>

#include "crypto/info.hpp"
#include "hybrid_kex/identity_statement.hpp"

namespace {

/// Any identity: the input is the statement, not the signer.
const chat::IdentityPublic& signer() {
    static const chat::IdentityPublic identity{{}, {}, {}, {}};
    return identity;
}

bool begins_with_label_of(const chat::IdentityStatement& statement, chat::ByteView message) {
    constexpr std::array labels{chat::info::bundle_identity_signature, chat::info::init_identity_signature,
                                chat::info::rotation_signature};
    const chat::ByteView label = chat::bytes_of(labels.at(statement.index()));
    return message.size() > label.size() + 4 && std::equal(label.begin(), label.end(), message.begin() + 4);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const chat::u8* data, std::size_t size) {
    const chat::ByteView input{data, size};
    const auto statement = chat::decode_statement(input);
    if (!statement) return 0;
    const chat::Bytes again = chat::encode(*statement);
    if (!std::equal(input.begin(), input.end(), again.begin(), again.end())) std::abort();
    if (!begins_with_label_of(*statement, chat::signed_bytes(*statement, signer()))) std::abort();
    return 0;
}
