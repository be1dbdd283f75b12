// windows.h first: the others need its types.
#include <windows.h>
// clang-format off
#include <wincred.h>
// clang-format on

#include <string>

#include "secure_key_manager/backends/keyring.hpp"

namespace chat {
namespace {

std::wstring target_of(const KeyringItemId& id) {
    const std::string hex = to_hex(id.view());
    return L"secure-p2p vault key " + std::wstring{hex.begin(), hex.end()};
}

VaultError error_of(DWORD code) {
    switch (code) {
        case ERROR_NOT_FOUND: return VaultError::keyring_item_missing;
        case ERROR_NO_SUCH_LOGON_SESSION: return VaultError::keyring_unavailable;
        default: return VaultError::keyring_failed;
    }
}

/// What CredRead returns, wiped when freed.
class ReadCredential {
  public:
    explicit ReadCredential(CREDENTIALW* credential) : credential_{credential} {}
    ReadCredential(const ReadCredential&) = delete;
    ReadCredential& operator=(const ReadCredential&) = delete;
    ~ReadCredential() {
        SecureZeroMemory(credential_->CredentialBlob, credential_->CredentialBlobSize);
        CredFree(credential_);
    }
    [[nodiscard]] ByteView blob() const {
        return {credential_->CredentialBlob, credential_->CredentialBlobSize};
    }

  private:
    CREDENTIALW* credential_;
};

}  // namespace

Protector keyring_of_this_platform() { return Protector::credential_manager; }

Result<void, VaultError> store_in_keyring(const KeyringItemId& id, std::string_view identity,
                                          const VaultKey& key) {
    std::wstring target = target_of(id);
    std::wstring name{identity.begin(), identity.end()};  // [a-z0-9_-] only
    auto blob = key.clone();
    CREDENTIALW credential{};
    credential.Type = CRED_TYPE_GENERIC;
    credential.TargetName = target.data();
    credential.UserName = name.data();
    credential.CredentialBlobSize = static_cast<DWORD>(VaultKey::size);
    credential.CredentialBlob = blob.expose_mutable().data();
    // Not roaming: an identity belongs to one machine.
    credential.Persist = CRED_PERSIST_LOCAL_MACHINE;
    if (CredWriteW(&credential, 0) == FALSE) return fail(error_of(GetLastError()));
    return {};
}

Result<VaultKey, VaultError> fetch_from_keyring(const KeyringItemId& id) {
    CREDENTIALW* found = nullptr;
    if (CredReadW(target_of(id).c_str(), CRED_TYPE_GENERIC, 0, &found) == FALSE) {
        return fail(error_of(GetLastError()));
    }
    const ReadCredential credential{found};
    if (credential.blob().size() != VaultKey::size) return fail(VaultError::keyring_failed);
    return VaultKey::copy_of(credential.blob().first<VaultKey::size>());
}

Result<void, VaultError> remove_from_keyring(const KeyringItemId& id) {
    if (CredDeleteW(target_of(id).c_str(), CRED_TYPE_GENERIC, 0) == FALSE &&
        GetLastError() != ERROR_NOT_FOUND) {
        return fail(error_of(GetLastError()));
    }
    CREDENTIALW* found = nullptr;
    if (CredReadW(target_of(id).c_str(), CRED_TYPE_GENERIC, 0, &found) == FALSE) return {};
    const ReadCredential still_there{found};
    return fail(VaultError::keyring_failed);
}

}  // namespace chat
