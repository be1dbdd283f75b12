#pragma once
/// From a PKCS#11 URI to a session with one token.

#include <p11-kit/p11-kit.h>
#include <p11-kit/uri.h>

#include <optional>
#include <string>
#include <vector>

#include "platform_hsm_interface/hsm.hpp"

namespace chat {

/// What a return value means for whoever asked (PKCS#11 2.40, 5.1).
[[nodiscard]] HsmError token_error(CK_RV code);

/// The modules of a URI, loaded and initialised; given back when this dies.
class Pkcs11Modules {
  public:
    struct Token {
        CK_FUNCTION_LIST* functions;
        CK_SLOT_ID slot;
        CK_TOKEN_INFO info;
    };

    [[nodiscard]] static Result<std::unique_ptr<Pkcs11Modules>, HsmError> load(const std::string& uri);
    Pkcs11Modules(const Pkcs11Modules&) = delete;
    Pkcs11Modules& operator=(const Pkcs11Modules&) = delete;
    ~Pkcs11Modules();

    /// The one token that the URI describes and that can keep secrets: initialised, and behind a login. no_token, several_tokens.
    [[nodiscard]] Result<Token, HsmError> find_token() const;

  private:
    Pkcs11Modules() = default;

    struct FreeUri {
        void operator()(P11KitUri* uri) const noexcept { p11_kit_uri_free(uri); }
    };
    std::unique_ptr<P11KitUri, FreeUri> uri_;
    CK_FUNCTION_LIST* only_ = nullptr;         ///< that of module-path, or
    CK_FUNCTION_LIST** configured_ = nullptr;  ///< a list that ends with null
};

/// One session, closed when it dies.
class Pkcs11Session {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Pkcs11Session>, HsmError> open(
        const Pkcs11Modules::Token& token);
    Pkcs11Session(const Pkcs11Session&) = delete;
    Pkcs11Session& operator=(const Pkcs11Session&) = delete;
    ~Pkcs11Session();

    /// Does nothing when it has happened. Without a PIN: pin_needed, unless the token asks for it by itself.
    [[nodiscard]] Result<void, HsmError> login(ByteView pin);

    [[nodiscard]] const Pkcs11Modules::Token& token() const { return token_; }
    [[nodiscard]] CK_FUNCTION_LIST& functions() const { return *token_.functions; }
    [[nodiscard]] CK_SESSION_HANDLE handle() const { return handle_; }
    /// The token can do `mechanism` in all the ways of `flags` (CKF_...).
    [[nodiscard]] bool offers(CK_MECHANISM_TYPE mechanism, CK_FLAGS flags) const;

  private:
    Pkcs11Session(const Pkcs11Modules::Token& token, CK_SESSION_HANDLE handle)
        : token_{token}, handle_{handle} {}
    /// What is to be said after a wrong PIN, from the flags that the token then shows.
    [[nodiscard]] HsmError wrong_pin() const;

    Pkcs11Modules::Token token_;
    CK_SESSION_HANDLE handle_;
    bool logged_in_ = false;
};

}  // namespace chat
