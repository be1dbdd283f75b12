#pragma once
/// One OpenSSL connection over two memory BIOs; what TlsHandshake and TlsChannel share. Internal to this room.

#include <memory>
#include <optional>

#include "tls_channel_manager/channel.hpp"

struct bio_st;
struct ssl_ctx_st;
struct ssl_st;
struct x509_store_ctx_st;

namespace chat {

inline constexpr const char* tls_group = "SecP384r1MLKEM1024";

class TlsSession {
  public:
    TlsSession(const TlsContext& context, StreamSide side, const ChannelCertificate& own,
               const CertificateDer& peer_pin);
    // OpenSSL's callbacks hold its address.
    TlsSession(const TlsSession&) = delete;
    TlsSession& operator=(const TlsSession&) = delete;
    ~TlsSession() = default;

    /// The pin and the count of key updates: every connection of the context is watched by its own session.
    static void install_checks(ssl_ctx_st* context);

    [[nodiscard]] Result<void, TlsError> feed(ByteView ciphertext);
    [[nodiscard]] Result<TlsHandshake::Progress, TlsError> handshake();
    [[nodiscard]] Result<std::optional<Bytes>, TlsError> read();
    [[nodiscard]] Result<void, TlsError> write(ByteView plaintext);
    void close();
    [[nodiscard]] TlsError input_ended() const;
    [[nodiscard]] Bytes take_output();
    [[nodiscard]] std::size_t pending_output() const;
    [[nodiscard]] bool established() const { return established_; }
    [[nodiscard]] TlsExporter exporter(const BootstrapTranscript& transcript) const;
    [[nodiscard]] TlsFacts facts() const;

  private:
    struct FreeSsl {
        void operator()(ssl_st* ssl) const noexcept;
    };

    static int verify_peer(x509_store_ctx_st* store, void* unused);
    static void observe(int write, int version, int type, const void* data, std::size_t size, ssl_st* ssl,
                        void* session);

    void start_input_output();
    [[nodiscard]] bool matches_pin(x509_store_ctx_st* store) const;
    void observe_incoming(int type, ByteView message);
    [[nodiscard]] u64 allowed_key_updates() const;
    [[nodiscard]] std::optional<TlsError> agreed_otherwise() const;
    /// What a call of OpenSSL that gave `result` means; nothing when it only lacks input.
    [[nodiscard]] std::optional<TlsError> failure_of(int result) const;
    Failure<TlsError> end(TlsError error);

    TlsLimits limits_;
    StreamSide side_;
    CertificateDer pin_;
    std::unique_ptr<ssl_st, FreeSsl> ssl_;
    bio_st* input_ = nullptr;   ///< owned by ssl_
    bio_st* output_ = nullptr;  ///< owned by ssl_
    bool peer_matches_pin_ = false;
    bool certificate_requested_ = false;  ///< seen by the client only
    bool established_ = false;
    bool closing_ = false;
    u64 records_read_ = 0;
    u64 records_written_ = 0;
    u64 key_updates_ = 0;
    std::optional<TlsError> observed_;  ///< what a callback saw and could not stop
    std::optional<TlsError> ended_;     ///< once set, every call gives it
};

}  // namespace chat
