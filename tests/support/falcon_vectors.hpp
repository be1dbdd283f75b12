#pragma once
/// The stored known answers of FALCON-1024 as typed values.

#include "quantcrypt/falcon1024/falcon1024.hpp"
#include "support/vec_reader.hpp"

namespace chat::test {

struct FalconVector {
    Bytes seed;
    Bytes message;
    falcon1024::PublicKey public_key;
    Bytes secret_key;
    Bytes signed_message;

    /// The detached compressed signature inside signed_message.
    [[nodiscard]] Bytes signature() const {
        Bytes out{0x3A};
        append(out, ByteView{signed_message}.subspan(2, falcon1024::nonce_size));
        append(out, ByteView{signed_message}.subspan(2 + falcon1024::nonce_size + message.size() + 1));
        return out;
    }
    [[nodiscard]] falcon1024::SecretKey decoded_secret_key() const {
        return falcon1024::SecretKey::decode(secret_key).value();
    }
};

/// `directory` is TEST_VECTORS.
inline std::vector<FalconVector> falcon_vectors(const std::string& directory) {
    std::vector<FalconVector> out;
    for (const VecBlock& block : read_vec_file(directory + "/falcon/falcon1024.rsp")) {
        out.push_back({block.bytes("seed"), block.bytes("msg"), block.get<falcon1024::PublicKey>("pk"),
                       block.bytes("sk"), block.bytes("sm")});
    }
    return out;
}

/// The form of signed_message.
inline Bytes falcon_signed_message(ByteView signature, ByteView message) {
    const std::size_t value_size = signature.size() - falcon1024::nonce_size;
    Bytes out{static_cast<u8>(value_size >> 8U), static_cast<u8>(value_size)};
    append(out, signature.subspan(1, falcon1024::nonce_size));
    append(out, message);
    out.push_back(0x2A);
    append(out, signature.subspan(1 + falcon1024::nonce_size));
    return out;
}

}  // namespace chat::test
