#include <algorithm>
#include <system_error>

#include "secure_key_manager/isolation/keys/isolated_keys.hpp"
#include "secure_key_manager/isolation/keys/key_process.hpp"
#include "secure_key_manager/isolation/keys/remote_identity_keys.hpp"

namespace chat {

using key_protocol::Done, key_protocol::Generate, key_protocol::Generated, key_protocol::MixEntropy,
    key_protocol::OpenVaultFile, key_protocol::Opened, key_protocol::SealContacts, key_protocol::Sealed,
    key_protocol::StartEphemeral, key_protocol::Started, key_protocol::VaultRefused, key_protocol::is_place,
    key_protocol::max_entropy;

namespace {

Result<std::shared_ptr<KeyProcessClient>, KeyHolderFailure> start(const KeyHolderSetup& setup,
                                                                  const KeyProcessClient::Limits& limits) {
    try {
        return std::make_shared<KeyProcessClient>(key_process_setup(setup), limits);
    } catch (const std::system_error& error) {
        return fail(KeyHolderFailure{KeyHolderError::not_started, error.what(), {}});
    }
}

KeyHolderFailure ended(KeyProcessClient& client) {
    return {KeyHolderError::ended, client.lost().value_or("it refused to start"), {}};
}

}  // namespace

ServiceProcess::Setup key_process_setup(const KeyHolderSetup& setup) {
    return {
        setup.program,
        key_process_role,
        {"HOME", "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "DISPLAY",
         "WAYLAND_DISPLAY", "LANG", "SOFTHSM2_CONF", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"},
        setup.allow_debugger};
}

Result<std::unique_ptr<IsolatedKeys>, KeyHolderFailure> IsolatedKeys::start_ephemeral(
    const KeyHolderSetup& setup, const KeyProcessClient::Limits& limits) {
    auto client = start(setup, limits);
    if (!client) return fail(client.error());
    const auto started = (*client)->call<Started>(StartEphemeral{}, limits.generation);
    if (!started) return fail(ended(**client));
    return std::unique_ptr<IsolatedKeys>{new IsolatedKeys{*client, started->protection}};
}

Result<HeldVault, KeyHolderFailure> IsolatedKeys::open_vault(const KeyHolderSetup& setup,
                                                             const KeyProcessClient::Limits& limits,
                                                             ByteView file, UnlockSecrets secrets) {
    if (file.size() > max_vault_size)
        return fail(KeyHolderFailure{KeyHolderError::vault_refused, {}, VaultError::too_large});
    if (secrets.passphrase.size() > UnlockSecrets::max_passphrase)
        return fail(KeyHolderFailure{KeyHolderError::vault_refused, {}, VaultError::wrong_passphrase});
    if (!is_place(secrets.tcti) || !is_place(secrets.token_uri))
        return fail(KeyHolderFailure{KeyHolderError::vault_refused, {}, of_device(HsmError::bad_location)});
    auto client = start(setup, limits);
    if (!client) return fail(client.error());
    auto answer = (*client)->call_either<Opened, VaultRefused>(
        OpenVaultFile{Bytes(file.begin(), file.end()), std::move(secrets)}, limits.opening);
    if (!answer) return fail(ended(**client));
    if (const auto* refused = std::get_if<VaultRefused>(&*answer))
        return fail(KeyHolderFailure{KeyHolderError::vault_refused, {}, refused->error});
    Opened& opened = std::get<Opened>(*answer);
    auto identity = std::make_shared<RemoteIdentityKeys>(*client, opened.slot, opened.identity);
    return HeldVault{std::unique_ptr<KeyHolder>{new IsolatedKeys{*client, opened.protection}},
                     std::move(identity), std::move(opened.contacts)};
}

Result<std::shared_ptr<IdentityKeys>, KeyError> IsolatedKeys::generate() {
    const auto made = client_->call<Generated>(Generate{}, client_->limits().generation);
    if (!made) return fail(made.error());
    return std::shared_ptr<IdentityKeys>{
        std::make_shared<RemoteIdentityKeys>(client_, made->slot, made->identity)};
}

Result<Bytes, KeyError> IsolatedKeys::seal_contacts(ByteView contacts) {
    auto sealed = client_->call<Sealed>(SealContacts{Bytes(contacts.begin(), contacts.end())},
                                        client_->limits().generation);
    if (!sealed) return fail(sealed.error());
    return std::move(sealed->file);
}

Result<void, KeyError> IsolatedKeys::mix_entropy(ByteView entropy) {
    while (!entropy.empty()) {
        const ByteView part = entropy.first(std::min(entropy.size(), max_entropy));
        const auto done =
            client_->call<Done>(MixEntropy{SecretBuffer::copy_of(part)}, client_->limits().call);
        if (!done) return fail(done.error());
        entropy = entropy.subspan(part.size());
    }
    return {};
}

Result<std::unique_ptr<KeyHolder>, KeyHolderFailure> hold_ephemeral_keys(const KeyHolderSetup& setup) {
    auto held = IsolatedKeys::start_ephemeral(setup, {});
    if (!held) return fail(held.error());
    return std::unique_ptr<KeyHolder>{std::move(*held)};
}

Result<HeldVault, KeyHolderFailure> hold_vault(const KeyHolderSetup& setup, ByteView file,
                                               UnlockSecrets secrets) {
    return IsolatedKeys::open_vault(setup, {}, file, std::move(secrets));
}

}  // namespace chat
