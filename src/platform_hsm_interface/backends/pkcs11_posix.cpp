#include "crypto/hash.hpp"
#include "crypto/system_rng.hpp"
#include "platform_hsm_interface/backends/pkcs11.hpp"
#include "platform_hsm_interface/backends/pkcs11_objects_posix.hpp"
#include "platform_hsm_interface/device_text.hpp"

namespace chat {
namespace {

template <std::size_t size>
ByteView field(const unsigned char (&text)[size]) {
    return {text, size};
}

Bytes serial_of(const CK_TOKEN_INFO& info) {
    const std::string text = device_text(field(info.serialNumber));
    return {text.begin(), text.end()};
}

class Token final : public Hsm {
  public:
    Token(std::string uri, std::unique_ptr<Pkcs11Modules> modules, SecretBuffer pin,
          std::optional<Bytes> serial)
        : uri_{std::move(uri)},
          modules_{std::move(modules)},
          pin_{std::move(pin)},
          serial_{std::move(serial)} {}

    /// Finds the token and, with a PIN, logs in.
    [[nodiscard]] Result<void, HsmError> start();

    [[nodiscard]] HsmInfo info() const override { return info_; }
    [[nodiscard]] Result<void, HsmError> random(MutableByteView out) override;
    [[nodiscard]] Result<Bytes, HsmError> make_keys(std::string_view name) override;
    [[nodiscard]] Result<Bytes, HsmError> wrap(ByteView handle, const VaultKey& key) override;
    [[nodiscard]] Result<VaultKey, HsmError> unwrap(ByteView handle, ByteView wrapped) override;
    [[nodiscard]] Result<EcdsaP384PublicKey, HsmError> co_signing_key(ByteView handle) override;
    [[nodiscard]] Result<EcdsaP384Signature, HsmError> co_sign(ByteView handle, ByteView message) override;
    [[nodiscard]] Result<void, HsmError> destroy_keys(ByteView handle) override;

  private:
    [[nodiscard]] Result<void, HsmError> connect();
    /// The same for a token that was there before: removed, if it isn't now.
    [[nodiscard]] Result<void, HsmError> connect_again();
    /// Calls `action` with a session. A session that turns out to be gone is opened anew, once: the token may have been out and in
    /// again since.
    template <class T, class Action>
    [[nodiscard]] Result<T, HsmError> with_session(Action action);
    /// The same, logged in, with the token of the handle.
    template <class T, class Action>
    [[nodiscard]] Result<T, HsmError> with_keys(ByteView handle, Action action);

    std::string uri_;
    std::unique_ptr<Pkcs11Modules> modules_;
    SecretBuffer pin_;
    std::optional<Bytes> serial_;  ///< of the token that the PIN is for, once that is known
    std::unique_ptr<Pkcs11Session> session_;
    HsmInfo info_;
};

Result<void, HsmError> Token::connect() {
    if (session_ != nullptr) return {};
    if (modules_ == nullptr) return fail(HsmError::no_token);
    const auto token = modules_->find_token();
    if (!token) return fail(token.error());
    // The PIN is told to no other token: it would be a wrong one there, and count.
    if (serial_ && serial_of(token->info) != *serial_) return fail(HsmError::other_device);
    auto session = Pkcs11Session::open(*token);
    if (!session) return fail(session.error());
    if (!pin_.empty()) {
        const auto logged_in = (*session)->login(pin_.expose());
        if (!logged_in) return fail(logged_in.error());
        serial_ = serial_of(token->info);
    }
    session_ = std::move(*session);
    return {};
}

Result<void, HsmError> Token::connect_again() {
    auto connected = connect();
    if (!connected && connected.error() == HsmError::no_token) {
        // Some modules look for tokens when they start, and never again.
        modules_.reset();
        auto modules = Pkcs11Modules::load(uri_);
        if (!modules) return fail(HsmError::removed);
        modules_ = std::move(*modules);
        connected = connect();
    }
    if (!connected && connected.error() == HsmError::no_token) return fail(HsmError::removed);
    return connected;
}

Result<void, HsmError> Token::start() {
    const auto connected = connect();
    if (!connected) return fail(connected.error());
    const CK_TOKEN_INFO& about = session_->token().info;
    info_ = {HsmKind::pkcs11, device_text(field(about.manufacturerID)), device_text(field(about.model)),
             device_text(field(about.label))};
    return {};
}

template <class T, class Action>
Result<T, HsmError> Token::with_session(Action action) {
    for (const bool again : {false, true}) {
        const auto connected = connect_again();
        if (!connected) return fail(connected.error());
        Result<T, HsmError> done = action(*session_);
        // A module may show an empty token for one that is gone.
        const bool gone =
            !done && (done.error() == HsmError::removed || done.error() == HsmError::key_missing);
        if (!gone) return done;
        session_.reset();
        if (again) return done;
    }
    return fail(HsmError::removed);
}

template <class T, class Action>
Result<T, HsmError> Token::with_keys(ByteView handle, Action action) {
    const auto decoded = decode_token_handle(handle);
    if (!decoded) return fail(HsmError::damaged_handle);
    return with_session<T>([&](Pkcs11Session& session) -> Result<T, HsmError> {
        if (serial_of(session.token().info) != decoded->serial) return fail(HsmError::other_device);
        const auto logged_in = session.login(pin_.expose());
        if (!logged_in) return fail(logged_in.error());
        return action(session, *decoded);
    });
}

Result<void, HsmError> Token::random(MutableByteView out) {
    return with_session<void>([&](Pkcs11Session& session) -> Result<void, HsmError> {
        const CK_RV code = session.functions().C_GenerateRandom(session.handle(), out.data(), out.size());
        if (code != CKR_OK) return fail(token_error(code));
        return {};
    });
}

Result<Bytes, HsmError> Token::make_keys(std::string_view name) {
    return with_session<Bytes>([&](Pkcs11Session& session) -> Result<Bytes, HsmError> {
        const auto logged_in = session.login(pin_.expose());
        if (!logged_in) return fail(logged_in.error());
        const auto wrap = choose_wrap(session);
        if (!wrap) return fail(wrap.error());
        TokenHandle handle;
        handle.wrap = *wrap;
        SystemRng{}.fill(handle.id.bytes);
        handle.serial = serial_of(session.token().info);
        const auto public_key = make_objects(session, *wrap, handle.id, name);
        if (!public_key) return fail(public_key.error());
        handle.co_signing_key = *public_key;
        return encode(handle);
    });
}

Result<Bytes, HsmError> Token::wrap(ByteView handle, const VaultKey& key) {
    return with_keys<Bytes>(handle, [&](Pkcs11Session& session, const TokenHandle& named) {
        return wrap_in_token(session, named, handle, key);
    });
}

Result<VaultKey, HsmError> Token::unwrap(ByteView handle, ByteView wrapped) {
    return with_keys<VaultKey>(handle, [&](Pkcs11Session& session, const TokenHandle& named) {
        return unwrap_in_token(session, named, handle, wrapped);
    });
}

Result<EcdsaP384PublicKey, HsmError> Token::co_signing_key(ByteView handle) {
    const auto decoded = decode_token_handle(handle);
    if (!decoded) return fail(HsmError::damaged_handle);
    return decoded->co_signing_key;
}

Result<EcdsaP384Signature, HsmError> Token::co_sign(ByteView handle, ByteView message) {
    return with_keys<EcdsaP384Signature>(
        handle,
        [&](Pkcs11Session& session, const TokenHandle& named) -> Result<EcdsaP384Signature, HsmError> {
            auto signature = sign_in_token(session, named, sha384(message).bytes);
            if (signature && !ecdsa_p384::verify(named.co_signing_key, message, *signature))
                return fail(HsmError::failed);
            return signature;
        });
}

Result<void, HsmError> Token::destroy_keys(ByteView handle) {
    return with_keys<void>(handle, [](Pkcs11Session& session, const TokenHandle& named) {
        return destroy_objects(session, named.id);
    });
}

}  // namespace

Result<std::unique_ptr<Hsm>, HsmError> open_pkcs11(const std::string& uri, SecretBuffer pin,
                                                   ByteView handle) {
    std::optional<Bytes> serial;
    if (!handle.empty()) {
        auto decoded = decode_token_handle(handle);
        if (!decoded) return fail(HsmError::damaged_handle);
        serial = std::move(decoded->serial);
    }
    auto modules = Pkcs11Modules::load(uri);
    if (!modules) return fail(modules.error());
    auto out = std::make_unique<Token>(uri, std::move(*modules), std::move(pin), std::move(serial));
    const auto started = out->start();
    if (!started) return fail(started.error());
    return std::unique_ptr<Hsm>{std::move(out)};
}

}  // namespace chat
