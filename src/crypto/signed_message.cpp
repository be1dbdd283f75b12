#include "crypto/signed_message.hpp"

#include "base/wire_writer.hpp"
#include "crypto/canonical_hash.hpp"
#include "crypto/info.hpp"

namespace chat {

namespace {

constexpr std::size_t usual_size = 12 * 1024;  // an init with its head; spares the growth of the vector

}  // namespace

SignedMessage::SignedMessage(std::string_view label, const VerificationKeyHash& verification_key,
                             Role signer) {
    bytes_.reserve(usual_size);
    variable(bytes_of(label));
    variable(bytes_of(info::suite));
    fixed(verification_key.view());
    bytes_.push_back(static_cast<u8>(signer));
}

SignedMessage& SignedMessage::fixed(ByteView field) {
    append(bytes_, field);
    return *this;
}

SignedMessage& SignedMessage::fixed_u32(u32 value) {
    std::array<u8, sizeof value> encoded{};
    WireWriter{encoded}.write_u32(value);
    return fixed(encoded);
}

void SignedMessage::variable(ByteView field) {
    fixed_u32(static_cast<u32>(field.size()));
    fixed(field);
}

VerificationKeyHash verification_key_hash(ByteView verification_key) {
    return {CanonicalHash{info::verification_key_hash}.variable(verification_key).digest().bytes};
}

}  // namespace chat
