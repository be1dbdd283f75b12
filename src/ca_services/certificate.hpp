#pragma once
/// The X.509 certificate of one connection (docs/protocol.md 4): self-signed with ML-DSA-87 (FIPS 204), random serial and subject, good from
/// a day ago for two days, digitalSignature, both extended key usages. Nobody checks the dates; the peer pins the bytes.

#include <memory>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/rng.hpp"
#include "base/time.hpp"

struct evp_pkey_st;
struct x509_st;

namespace chat {

/// Room for a certificate in the inner part of the bootstrap: 8192 - status 1 - length 2.
inline constexpr std::size_t max_certificate_size = 8189;

/// A certificate in DER, well-formed: one X.509 certificate with an ML-DSA-87 key, nothing after it, at most
/// max_certificate_size bytes. Made by make_channel_certificate() and read_certificate() only.
class CertificateDer {
  public:
    [[nodiscard]] ByteView view() const { return der_; }
    bool operator==(const CertificateDer&) const = default;

  private:
    friend class ChannelCertificate;
    friend class CertificateReader;
    explicit CertificateDer(Bytes der) : der_{std::move(der)} {}
    Bytes der_;
};

enum class CertificateError : u8 {
    too_long,         ///< over max_certificate_size
    malformed,        ///< not one DER-encoded X.509 certificate, or bytes after it
    wrong_algorithm,  ///< its key or its signature is not ML-DSA-87
};
/// One line for the user.
[[nodiscard]] std::string_view describe(CertificateError error);

/// Reads a peer's certificate. Its signature, dates, names and extensions are not looked at: the peer is whoever sealed it
/// into the bootstrap, and TLS proves that it holds the key.
[[nodiscard]] Result<CertificateDer, CertificateError> read_certificate(ByteView der);

/// A certificate with its private key. The key lives in OpenSSL's ordinary memory (OpenSSL offers no other place for ML-DSA keys), is
/// cleared when it is freed, and exists for one connection only. Movable; must be given up after the handshake.
class ChannelCertificate {
  public:
    [[nodiscard]] const CertificateDer& der() const { return der_; }
    /// Borrowed handles for the TLS channel.
    [[nodiscard]] evp_pkey_st* private_key() const { return key_.get(); }
    [[nodiscard]] x509_st* certificate() const { return certificate_.get(); }

  private:
    friend ChannelCertificate make_channel_certificate(Rng& rng, WallTime now);

    struct Free {
        void operator()(evp_pkey_st* key) const noexcept;
        void operator()(x509_st* certificate) const noexcept;
    };
    using KeyPtr = std::unique_ptr<evp_pkey_st, Free>;
    using CertificatePtr = std::unique_ptr<x509_st, Free>;
    ChannelCertificate(KeyPtr key, CertificatePtr certificate);

    KeyPtr key_;
    CertificatePtr certificate_;
    CertificateDer der_;
};

/// Makes a key pair and its certificate; about 1 ms, so a stock may be made ahead, on any thread with an Rng of its own. All
/// randomness, that of the self-signature included, comes from `rng` (throws RngFailure): the same bytes give the same certificate.
[[nodiscard]] ChannelCertificate make_channel_certificate(Rng& rng, WallTime now);

}  // namespace chat
