#include <Security/Security.h>

#include <memory>
#include <string>

#include "secure_key_manager/backends/keyring.hpp"

namespace chat {
namespace {

struct Release {
    void operator()(const void* object) const { CFRelease(object); }
};
template <class T>
using Owned = std::unique_ptr<std::remove_pointer_t<T>, Release>;

Owned<CFStringRef> text(const std::string& value) {
    return Owned<CFStringRef>{CFStringCreateWithCString(nullptr, value.c_str(), kCFStringEncodingUTF8)};
}

VaultError error_of(OSStatus status) {
    switch (status) {
        case errSecItemNotFound: return VaultError::keyring_item_missing;
        case errSecUserCanceled:
        case errSecAuthFailed:
        case errSecInteractionNotAllowed: return VaultError::keyring_locked;
        case errSecNotAvailable:
        case errSecNoDefaultKeychain: return VaultError::keyring_unavailable;
        default: return VaultError::keyring_failed;
    }
}

/// Service and account name the item; it is never copied to another machine.
Owned<CFMutableDictionaryRef> query_for(const KeyringItemId& id) {
    Owned<CFMutableDictionaryRef> out{CFDictionaryCreateMutable(nullptr, 0, &kCFTypeDictionaryKeyCallBacks,
                                                                &kCFTypeDictionaryValueCallBacks)};
    CFDictionarySetValue(out.get(), kSecClass, kSecClassGenericPassword);
    CFDictionarySetValue(out.get(), kSecAttrService, text("secure-p2p vault key").get());
    CFDictionarySetValue(out.get(), kSecAttrAccount, text(to_hex(id.view())).get());
    return out;
}

}  // namespace

Protector keyring_of_this_platform() { return Protector::keychain; }

Result<void, VaultError> store_in_keyring(const KeyringItemId& id, std::string_view identity,
                                          const VaultKey& key) {
    const auto query = query_for(id);
    const Owned<CFDataRef> value{CFDataCreate(nullptr, key.expose().data(), VaultKey::size)};
    CFDictionarySetValue(query.get(), kSecAttrLabel,
                         text("secure-p2p identity " + std::string{identity}).get());
    CFDictionarySetValue(query.get(), kSecAttrAccessible, kSecAttrAccessibleWhenUnlockedThisDeviceOnly);
    CFDictionarySetValue(query.get(), kSecValueData, value.get());
    const OSStatus status = SecItemAdd(query.get(), nullptr);
    if (status != errSecSuccess) return fail(error_of(status));
    return {};
}

Result<VaultKey, VaultError> fetch_from_keyring(const KeyringItemId& id) {
    const auto query = query_for(id);
    CFDictionarySetValue(query.get(), kSecReturnData, kCFBooleanTrue);
    CFTypeRef found = nullptr;
    const OSStatus status = SecItemCopyMatching(query.get(), &found);
    if (status != errSecSuccess) return fail(error_of(status));
    const Owned<CFDataRef> data{static_cast<CFDataRef>(found)};
    if (CFDataGetLength(data.get()) != static_cast<CFIndex>(VaultKey::size))
        return fail(VaultError::keyring_failed);
    return VaultKey::copy_of(
        std::span<const u8, VaultKey::size>{CFDataGetBytePtr(data.get()), VaultKey::size});
}

Result<void, VaultError> remove_from_keyring(const KeyringItemId& id) {
    const auto query = query_for(id);
    const OSStatus status = SecItemDelete(query.get());
    if (status != errSecSuccess && status != errSecItemNotFound) return fail(error_of(status));
    if (SecItemCopyMatching(query.get(), nullptr) != errSecItemNotFound)
        return fail(VaultError::keyring_failed);
    return {};
}

}  // namespace chat
