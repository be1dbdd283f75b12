#include "platform_hsm_interface/backends/pkcs11_token_posix.hpp"

#include <algorithm>

namespace chat {
namespace {

std::vector<CK_SLOT_ID> slots_with_token(CK_FUNCTION_LIST& module) {
    // The first call makes the module look again for what was plugged in (PKCS#11 2.40, 5.5, C_GetSlotList).
    CK_ULONG count = 0;
    if (module.C_GetSlotList(CK_TRUE, nullptr, &count) != CKR_OK) return {};
    constexpr CK_ULONG most = 256;
    std::vector<CK_SLOT_ID> slots(std::min(count, most));
    count = slots.size();
    if (module.C_GetSlotList(CK_TRUE, slots.data(), &count) != CKR_OK) return {};
    slots.resize(std::min<std::size_t>(count, slots.size()));
    return slots;
}

bool keeps_secrets(const CK_TOKEN_INFO& info) {
    constexpr CK_FLAGS needed = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED;
    return (info.flags & needed) == needed;
}

}  // namespace

HsmError token_error(CK_RV code) {
    switch (code) {
        case CKR_PIN_INCORRECT:
        case CKR_PIN_INVALID:
        case CKR_PIN_LEN_RANGE: return HsmError::wrong_pin;
        case CKR_PIN_LOCKED:
        case CKR_PIN_EXPIRED: return HsmError::pin_locked;
        case CKR_USER_PIN_NOT_INITIALIZED: return HsmError::no_pin_set;
        case CKR_USER_NOT_LOGGED_IN: return HsmError::pin_needed;
        case CKR_TOKEN_NOT_PRESENT:
        case CKR_TOKEN_NOT_RECOGNIZED:
        case CKR_DEVICE_REMOVED:
        case CKR_SLOT_ID_INVALID:
        case CKR_SESSION_CLOSED:
        case CKR_SESSION_HANDLE_INVALID: return HsmError::removed;
        case CKR_SESSION_COUNT:
        case CKR_DEVICE_MEMORY: return HsmError::busy;
        case CKR_MECHANISM_INVALID:
        case CKR_FUNCTION_NOT_SUPPORTED:
        case CKR_CURVE_NOT_SUPPORTED:
        case CKR_RANDOM_NO_RNG: return HsmError::not_supported;
        case CKR_FUNCTION_REJECTED:
        case CKR_TOKEN_WRITE_PROTECTED:
        case CKR_KEY_FUNCTION_NOT_PERMITTED: return HsmError::refused;
        default: return HsmError::failed;
    }
}

Result<std::unique_ptr<Pkcs11Modules>, HsmError> Pkcs11Modules::load(const std::string& uri) {
    p11_kit_be_quiet();
    std::unique_ptr<Pkcs11Modules> out{new Pkcs11Modules};
    out->uri_.reset(p11_kit_uri_new());
    const std::string text = uri.empty() ? "pkcs11:" : uri;
    constexpr auto kind =
        static_cast<P11KitUriType>(P11_KIT_URI_FOR_OBJECT_ON_TOKEN_AND_MODULE | P11_KIT_URI_FOR_SLOT);
    if (text.find('\0') != std::string::npos ||
        p11_kit_uri_parse(text.c_str(), kind, out->uri_.get()) != P11_KIT_URI_OK ||
        p11_kit_uri_get_pin_value(out->uri_.get()) != nullptr ||
        p11_kit_uri_get_pin_source(out->uri_.get()) != nullptr ||
        p11_kit_uri_any_unrecognized(out->uri_.get()) != 0) {
        return fail(HsmError::bad_location);
    }
    const char* const path = p11_kit_uri_get_module_path(out->uri_.get());
    if (path != nullptr) {
        CK_FUNCTION_LIST* const module = p11_kit_module_load(path, 0);
        if (module == nullptr) return fail(HsmError::module_unusable);
        if (p11_kit_module_initialize(module) != CKR_OK) {
            p11_kit_module_release(module);
            return fail(HsmError::module_unusable);
        }
        out->only_ = module;
        return out;
    }
    out->configured_ = p11_kit_modules_load_and_initialize(0);
    if (out->configured_ == nullptr || *out->configured_ == nullptr) return fail(HsmError::no_device);
    return out;
}

Pkcs11Modules::~Pkcs11Modules() {
    if (only_ != nullptr) {
        (void)p11_kit_module_finalize(only_);
        p11_kit_module_release(only_);
    }
    if (configured_ != nullptr) p11_kit_modules_finalize_and_release(configured_);
}

Result<Pkcs11Modules::Token, HsmError> Pkcs11Modules::find_token() const {
    std::vector<CK_FUNCTION_LIST*> modules;
    if (only_ != nullptr) modules.push_back(only_);
    for (auto each = configured_; each != nullptr && *each != nullptr; ++each) modules.push_back(*each);
    std::vector<Token> found;
    for (CK_FUNCTION_LIST* module : modules) {
        CK_INFO about{};
        if (module->C_GetInfo(&about) != CKR_OK || p11_kit_uri_match_module_info(uri_.get(), &about) == 0)
            continue;
        for (const CK_SLOT_ID slot : slots_with_token(*module)) {
            Token token{module, slot, {}};
            if (module->C_GetTokenInfo(slot, &token.info) != CKR_OK) continue;
            const CK_SLOT_ID wanted = p11_kit_uri_get_slot_id(uri_.get());
            const bool fits = (wanted == static_cast<CK_SLOT_ID>(-1) || wanted == slot) &&
                              p11_kit_uri_match_token_info(uri_.get(), &token.info) != 0;
            if (fits && keeps_secrets(token.info)) found.push_back(token);
        }
    }
    if (found.empty()) return fail(HsmError::no_token);
    if (found.size() > 1) return fail(HsmError::several_tokens);
    return found.front();
}

Result<std::unique_ptr<Pkcs11Session>, HsmError> Pkcs11Session::open(const Pkcs11Modules::Token& token) {
    CK_SESSION_HANDLE handle = 0;
    CK_RV code = token.functions->C_OpenSession(token.slot, CKF_SERIAL_SESSION | CKF_RW_SESSION, nullptr,
                                                nullptr, &handle);
    if (code == CKR_TOKEN_WRITE_PROTECTED) {  // its keys can still be used
        code = token.functions->C_OpenSession(token.slot, CKF_SERIAL_SESSION, nullptr, nullptr, &handle);
    }
    if (code != CKR_OK) return fail(token_error(code));
    return std::unique_ptr<Pkcs11Session>{new Pkcs11Session{token, handle}};
}

Pkcs11Session::~Pkcs11Session() { (void)functions().C_CloseSession(handle_); }

Result<void, HsmError> Pkcs11Session::login(ByteView pin) {
    if (logged_in_) return {};
    const bool asks_itself = (token_.info.flags & CKF_PROTECTED_AUTHENTICATION_PATH) != 0;
    if (pin.empty() && !asks_itself) return fail(HsmError::pin_needed);
    // The standard's type is not const, but nothing is written to a PIN.
    auto* const bytes = pin.empty() ? nullptr : const_cast<CK_UTF8CHAR_PTR>(pin.data());
    const CK_RV code = functions().C_Login(handle_, CKU_USER, bytes, pin.size());
    if (code != CKR_OK && code != CKR_USER_ALREADY_LOGGED_IN) {
        const HsmError error = token_error(code);
        return fail(error == HsmError::wrong_pin ? wrong_pin() : error);
    }
    logged_in_ = true;
    return {};
}

HsmError Pkcs11Session::wrong_pin() const {
    CK_TOKEN_INFO now{};
    if (functions().C_GetTokenInfo(token_.slot, &now) != CKR_OK) return HsmError::wrong_pin;
    if ((now.flags & CKF_USER_PIN_LOCKED) != 0) return HsmError::pin_locked;
    return (now.flags & CKF_USER_PIN_FINAL_TRY) != 0 ? HsmError::wrong_pin_last_try : HsmError::wrong_pin;
}

bool Pkcs11Session::offers(CK_MECHANISM_TYPE mechanism, CK_FLAGS flags) const {
    CK_MECHANISM_INFO about{};
    return functions().C_GetMechanismInfo(token_.slot, mechanism, &about) == CKR_OK &&
           (about.flags & flags) == flags;
}

}  // namespace chat
