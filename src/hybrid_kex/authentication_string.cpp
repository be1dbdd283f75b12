#include "hybrid_kex/authentication_string.hpp"

#include "base/wire_writer.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"
#include "hybrid_kex/sas_words.hpp"

namespace chat {

std::array<std::string_view, AuthenticationString::word_count> AuthenticationString::words() const {
    std::array<std::string_view, word_count> out;
    for (std::size_t i = 0; i < word_count; ++i) out[i] = sas_word(bytes[i], i);
    return out;
}

std::string AuthenticationString::text() const {
    std::string out;
    for (const std::string_view word : words()) {
        if (!out.empty()) out += ' ';
        out += word;
    }
    return out;
}

AuthenticationString authentication_string(const Sha512Digest& salt, const SasNonceA& nonce_a,
                                           const SasNonceB& nonce_b) {
    AuthenticationString out;
    hkdf_sha512(salt.bytes, {nonce_a.expose(), nonce_b.bytes}, info::sas, out.bytes);
    return out;
}

SasCommitment commit(const SasNonceA& nonce) {
    std::array<u8, 4> label_length{};
    WireWriter{label_length}.write_u32(static_cast<u32>(info::sas_commitment.size()));
    return SasCommitment::from(sha256({label_length, bytes_of(info::sas_commitment), nonce.expose()}).view());
}

}  // namespace chat
