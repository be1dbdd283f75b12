#pragma once
/// Layer 2: one TLS 1.3 connection over memory, bytes in and bytes out (docs/protocol.md 4). Two states: a TlsHandshake, which cannot
/// carry application data, gives a TlsChannel once the peer's certificate was found equal to the pin and its Finished verified.
///
/// Usage: handle_input() what came, then advance() (handshake) or read() until it is empty (channel), then send take_output(). After an
/// error take_output() still holds the alert for the peer; every further call gives the same error.
///
/// Randomness here (key shares, CertificateVerify) is that of OpenSSL's generator in the project's library context: TLS cannot be
/// replayed from an Rng.

#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "base/roles.hpp"
#include "ca_services/certificate.hpp"
#include "tls_channel_manager/tls_context.hpp"
#include "tls_channel_manager/tls_error.hpp"

namespace chat {

class TlsSession;

/// Most ciphertext that waits unread, in bytes: eight bulk frames of four full records each, with their overhead.
inline constexpr std::size_t tls_max_pending_input = 8UL * 4 * (16384 + 22);
/// Plaintext of one record (RFC 8446, 5.1).
inline constexpr std::size_t tls_max_record = 16384;

/// What the live session agreed, for the screen.
struct TlsFacts {
    std::string version;               ///< "TLSv1.3"
    std::string group;                 ///< "SecP384r1MLKEM1024"
    std::string suite;                 ///< "TLS_AES_256_GCM_SHA384"
    std::string signature;             ///< algorithm of the peer's certificate key, "ML-DSA-87"
    std::size_t certificate_size = 0;  ///< of the peer's certificate, bytes of DER
    bool peer_matches_pin = false;
};

class TlsChannel {
  public:
    TlsChannel(TlsChannel&&) noexcept;
    TlsChannel& operator=(TlsChannel&&) noexcept;
    TlsChannel(const TlsChannel&) = delete;
    TlsChannel& operator=(const TlsChannel&) = delete;
    ~TlsChannel();

    /// Takes all of `ciphertext` or, with too_much_data, nothing.
    [[nodiscard]] Result<void, TlsError> handle_input(ByteView ciphertext);
    /// The stream ended: closed_by_peer after close_notify, otherwise cut_off. For when read() is empty.
    [[nodiscard]] TlsError input_ended() const;
    /// The next whole record's plaintext, 1 to tls_max_record bytes; nothing when no whole record is there.
    [[nodiscard]] Result<std::optional<Bytes>, TlsError> read();
    /// Seals `plaintext` (1 to tls_max_record bytes) as one record. After close() a bug.
    [[nodiscard]] Result<void, TlsError> write(ByteView plaintext);
    /// Sends close_notify; what comes from the peer can still be read.
    void close();
    /// Everything to send, in order; empty when there is nothing.
    [[nodiscard]] Bytes take_output();
    [[nodiscard]] std::size_t pending_output() const;

    /// export('EXPORTER-secure-p2p-channel-binding', transcript, 32) (RFC 8446, 7.5).
    [[nodiscard]] TlsExporter exporter(const BootstrapTranscript& transcript) const;
    [[nodiscard]] TlsFacts facts() const;

  private:
    friend class TlsHandshake;
    explicit TlsChannel(std::unique_ptr<TlsSession> session);
    std::unique_ptr<TlsSession> session_;
};

class TlsHandshake {
  public:
    enum class Progress : u8 { needs_input, complete };

    /// The dialler. Its ClientHello is in take_output() at once. The private key is gone when the handshake is over.
    [[nodiscard]] static TlsHandshake client(const TlsContext& context, ChannelCertificate own,
                                             const CertificateDer& peer_pin);
    [[nodiscard]] static TlsHandshake server(const TlsContext& context, ChannelCertificate own,
                                             const CertificateDer& peer_pin);
    TlsHandshake(TlsHandshake&&) noexcept;
    TlsHandshake& operator=(TlsHandshake&&) noexcept;
    TlsHandshake(const TlsHandshake&) = delete;
    TlsHandshake& operator=(const TlsHandshake&) = delete;
    ~TlsHandshake();

    /// Takes all of `ciphertext` or, with too_much_data, nothing.
    [[nodiscard]] Result<void, TlsError> handle_input(ByteView ciphertext);
    /// Goes as far as the input allows.
    [[nodiscard]] Result<Progress, TlsError> advance();
    [[nodiscard]] TlsError input_ended() const;
    [[nodiscard]] Bytes take_output();
    /// After Progress::complete. Output not yet taken (the client's Finished) and input not yet read go along, so that the
    /// first frame and the Finished leave in one write.
    [[nodiscard]] TlsChannel into_channel() &&;

  private:
    explicit TlsHandshake(std::unique_ptr<TlsSession> session);
    std::unique_ptr<TlsSession> session_;
};

}  // namespace chat
