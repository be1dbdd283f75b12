#pragma once
/// Opens and closes again the records of a TLS 1.3 handshake whose secrets are known, to change what no honest peer would send.
/// TLS_CHACHA20_POLY1305_SHA256 only (RFC 8446, 5.2, 7.1, 7.3).

#include <stdexcept>
#include <string>

#include "base/bytes.hpp"
#include "base/wire_writer.hpp"
#include "crypto/aead.hpp"
#include "crypto/hkdf.hpp"
#include "support/vec_reader.hpp"

namespace chat::test {

class Tls13Records {
  public:
    /// `secret_name` as in a key log: "SERVER_HANDSHAKE_TRAFFIC_SECRET".
    Tls13Records(const std::string& key_log, const std::string& secret_name) {
        const std::size_t line = key_log.find(secret_name + " ");
        if (line == std::string::npos) throw std::runtime_error{"no " + secret_name};
        const std::size_t begin = key_log.find(' ', line + secret_name.size() + 1) + 1;
        const Bytes secret = from_hex(key_log.substr(begin, key_log.find('\n', begin) - begin));
        expand_label(secret, "key", key_);
        expand_label(secret, "iv", iv_);
    }

    /// The next record's content and type byte; `record` without its header.
    [[nodiscard]] Bytes open(ByteView header, ByteView record) const {
        Bytes plaintext(record.size() - aead_tag_size);
        if (!ChaCha20Poly1305::open(key_, nonce(), header, record, plaintext)) {
            throw std::runtime_error{"a record does not open"};
        }
        return plaintext;
    }
    [[nodiscard]] Bytes seal(ByteView header, ByteView plaintext) const {
        Bytes record(plaintext.size() + aead_tag_size);
        ChaCha20Poly1305::seal(key_, nonce(), header, plaintext, record);
        return record;
    }
    void next() { ++sequence_; }

  private:
    static void expand_label(ByteView secret, const std::string& label, MutableByteView out) {
        const std::string full = "tls13 " + label;
        Bytes info = {0, static_cast<u8>(out.size()), static_cast<u8>(full.size())};
        append(info, bytes_of(full));
        info.push_back(0);
        hkdf_expand_sha256(secret, info, out);
    }
    [[nodiscard]] std::array<u8, 12> nonce() const {
        std::array<u8, 12> out{};
        WireWriter{out}.write_u32(0).write_u64(sequence_);
        for (std::size_t i = 0; i < out.size(); ++i) out[i] ^= iv_[i];
        return out;
    }

    std::array<u8, 32> key_{};
    std::array<u8, 12> iv_{};
    u64 sequence_ = 0;
};

/// A server's first flight with one bit of the signature in its CertificateVerify changed.
inline Bytes with_bad_certificate_verify(Bytes flight, const std::string& key_log) {
    constexpr u8 application_data = 23;
    constexpr u8 certificate_verify = 15;
    Tls13Records records{key_log, "SERVER_HANDSHAKE_TRAFFIC_SECRET"};
    std::size_t message_left = 0;  // of a message that goes on in the next record
    bool changed = false;
    for (std::size_t at = 0; at + 5 <= flight.size();) {
        const MutableByteView header = MutableByteView{flight}.subspan(at, 5);
        const std::size_t size = (static_cast<std::size_t>(header[3]) << 8U) + header[4];
        const MutableByteView record = MutableByteView{flight}.subspan(at + 5, size);
        at += 5 + size;
        if (header[0] != application_data) continue;
        Bytes plaintext = records.open(header, record);
        const std::size_t content = plaintext.size() - 1;
        for (std::size_t begin = message_left; begin + 4 <= content;) {
            const std::size_t length = (static_cast<std::size_t>(plaintext[begin + 1]) << 16U) +
                                       (static_cast<std::size_t>(plaintext[begin + 2]) << 8U) +
                                       plaintext[begin + 3];
            // Behind the header 4, the algorithm 2 and the length 2 comes the signature.
            if (plaintext[begin] == certificate_verify) {
                plaintext.at(begin + 8) ^= 1U;
                changed = true;
            }
            begin += 4 + length;
            message_left = begin > content ? begin - content : 0;
        }
        const Bytes sealed = records.seal(header, plaintext);
        std::copy(sealed.begin(), sealed.end(), record.begin());
        records.next();
    }
    if (!changed) throw std::runtime_error{"no CertificateVerify in the flight"};
    return flight;
}

}  // namespace chat::test
