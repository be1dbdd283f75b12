#pragma once
/// A TLS peer made with OpenSSL alone, without the project's policy: the peer that asks for what the project refuses.

#include <openssl/ssl.h>

#include <memory>
#include <stdexcept>
#include <string>

#include "base/bytes.hpp"
#include "base/roles.hpp"
#include "crypto/library_context.hpp"

namespace chat::test {

struct RawTlsConfig {
    int min_version = TLS1_3_VERSION;
    int max_version = TLS1_3_VERSION;
    std::string groups = "SecP384r1MLKEM1024";
    std::string suites = "TLS_AES_256_GCM_SHA384";
    std::string signature_algorithms = "mldsa87";
    std::size_t tickets = 0;
    int verify_mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
    u8 max_fragment_mode = TLSEXT_max_fragment_length_DISABLED;
    X509* certificate = nullptr;  ///< none when null; borrowed
    EVP_PKEY* key = nullptr;
    X509* extra_certificate = nullptr;  ///< sent behind the first
};

class RawTlsPeer {
  public:
    RawTlsPeer(StreamSide side, const RawTlsConfig& config)
        : context_{SSL_CTX_new_ex(library_context().get(), nullptr, TLS_method())} {
        configure(config);
        ssl_.reset(SSL_new(context_.get()));
        input_ = BIO_new(BIO_s_mem());
        output_ = BIO_new(BIO_s_mem());
        SSL_set_bio(ssl_.get(), input_, output_);
        SSL_set_app_data(ssl_.get(), this);
        if (side == StreamSide::dialler) {
            SSL_set_connect_state(ssl_.get());
        } else {
            SSL_set_accept_state(ssl_.get());
        }
        advance();
    }
    RawTlsPeer(const RawTlsPeer&) = delete;
    RawTlsPeer& operator=(const RawTlsPeer&) = delete;

    /// Takes input and goes as far as it can; never throws for what the other side did.
    void feed(ByteView bytes) {
        if (!bytes.empty()) BIO_write(input_, bytes.data(), static_cast<int>(bytes.size()));
        advance();
    }
    [[nodiscard]] bool complete() const { return SSL_is_init_finished(ssl_.get()) == 1; }
    [[nodiscard]] Bytes take_output() {
        Bytes out(BIO_ctrl_pending(output_));
        if (!out.empty()) BIO_read(output_, out.data(), static_cast<int>(out.size()));
        return out;
    }
    void write(ByteView bytes) {
        if (SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size())) <= 0) {
            throw std::runtime_error{"the raw peer can't write"};
        }
    }
    [[nodiscard]] Bytes read() {
        Bytes out(65536);
        const int size = SSL_read(ssl_.get(), out.data(), static_cast<int>(out.size()));
        out.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
        return out;
    }
    [[nodiscard]] SSL* ssl() { return ssl_.get(); }
    /// Lines as of SSLKEYLOGFILE.
    [[nodiscard]] const std::string& key_log() const { return key_log_; }

  private:
    struct Free {
        void operator()(SSL_CTX* context) const noexcept { SSL_CTX_free(context); }
        void operator()(SSL* ssl) const noexcept { SSL_free(ssl); }
    };

    void configure(RawTlsConfig config) {
        SSL_CTX* const context = context_.get();
        SSL_CTX_set_min_proto_version(context, config.min_version);
        SSL_CTX_set_max_proto_version(context, config.max_version);
        require(SSL_CTX_set1_groups_list(context, config.groups.data()) == 1);
        require(SSL_CTX_set_ciphersuites(context, config.suites.c_str()) == 1);
        require(SSL_CTX_set1_sigalgs_list(context, config.signature_algorithms.data()) == 1);
        SSL_CTX_set_num_tickets(context, config.tickets);
        SSL_CTX_set_cert_verify_callback(
            context, [](X509_STORE_CTX*, void*) { return 1; }, nullptr);
        SSL_CTX_set_verify(context, config.verify_mode, nullptr);
        SSL_CTX_set_tlsext_max_fragment_length(context, config.max_fragment_mode);
        SSL_CTX_set_keylog_callback(context, [](const SSL* ssl, const char* line) {
            static_cast<RawTlsPeer*>(SSL_get_app_data(ssl))->key_log_ += std::string{line} + "\n";
        });
        if (config.certificate != nullptr) {
            require(SSL_CTX_use_certificate(context, config.certificate) == 1);
            require(SSL_CTX_use_PrivateKey(context, config.key) == 1);
        }
        if (config.extra_certificate != nullptr) {
            require(SSL_CTX_add1_chain_cert(context, config.extra_certificate) == 1);
        }
    }
    static void require(bool ok) {
        if (!ok) throw std::runtime_error{"the raw TLS peer can't be configured"};
    }
    void advance() {
        if (!complete()) SSL_do_handshake(ssl_.get());
    }

    std::unique_ptr<SSL_CTX, Free> context_;
    std::unique_ptr<SSL, Free> ssl_;
    BIO* input_ = nullptr;
    BIO* output_ = nullptr;
    std::string key_log_;
};

}  // namespace chat::test
