#include "secure_key_manager/backends/key_custody.hpp"

#include "secure_key_manager/backends/keyring.hpp"

namespace chat {
namespace {

Result<Custody, VaultError> ask_keyring(const CustodyRequest& request) {
    if (request.protector != keyring_of_this_platform()) return fail(VaultError::not_on_this_platform);
    if (request.task == CustodyTask::make || request.task == CustodyTask::renew) {
        const auto key = VaultKey::copy_of(request.key.expose().first<VaultKey::size>());
        const auto stored = store_in_keyring(request.fresh_id, request.name, key);
        if (!stored) return fail(stored.error());
        const ByteView id = request.fresh_id.view();
        return Custody{Bytes{id.begin(), id.end()}, std::nullopt};
    }
    const auto id = decode_item_id(request.parameters);
    if (!id) return fail(id.error());
    if (request.task == CustodyTask::destroy) {
        const auto removed = remove_from_keyring(*id);
        if (!removed) return fail(removed.error());
        return Custody{};
    }
    auto key = fetch_from_keyring(*id);
    if (!key) return fail(key.error());
    return Custody{{}, std::move(*key)};
}

std::string description_of(const HsmInfo& info) {
    std::string out = info.manufacturer;
    for (const std::string& part : {info.model, info.label}) {
        if (!part.empty()) out += (out.empty() ? "" : ", ") + part;
    }
    return out.substr(0, DeviceParameters::max_description);
}

Result<Custody, VaultError> wrap(Hsm& device, DeviceParameters parameters, const VaultKey& key) {
    auto wrapped = device.wrap(parameters.handle, key);
    if (!wrapped) return fail(of_device(wrapped.error()));
    parameters.wrapped = std::move(*wrapped);
    return Custody{encode(parameters), std::nullopt};
}

Result<Custody, VaultError> make_keys(Hsm& device, const CustodyRequest& request) {
    auto handle = device.make_keys(request.name);
    if (!handle) return fail(of_device(handle.error()));
    const auto key = VaultKey::copy_of(request.key.expose().first<VaultKey::size>());
    auto made = wrap(device, {*handle, {}, description_of(device.info())}, key);
    // Keys that nothing leads to would stay in the device for ever.
    if (!made) static_cast<void>(device.destroy_keys(*handle));
    return made;
}

Result<Custody, VaultError> use_keys(Hsm& device, const CustodyRequest& request,
                                     DeviceParameters parameters) {
    if (request.task == CustodyTask::renew) {
        const auto key = VaultKey::copy_of(request.key.expose().first<VaultKey::size>());
        return wrap(device, std::move(parameters), key);
    }
    if (request.task == CustodyTask::destroy) {
        const auto destroyed = device.destroy_keys(parameters.handle);
        if (!destroyed) return fail(of_device(destroyed.error()));
        return Custody{};
    }
    auto key = device.unwrap(parameters.handle, parameters.wrapped);
    if (!key) return fail(of_device(key.error()));
    return Custody{{}, std::move(*key)};
}

}  // namespace

Result<Custody, VaultError> perform(CustodyRequest request) {
    const bool brings_key = request.task == CustodyTask::make || request.task == CustodyTask::renew;
    if (brings_key && request.key.size() != VaultKey::size) return fail(VaultError::malformed);
    const bool tpm = request.protector == Protector::tpm;
    if (!tpm && request.protector != Protector::pkcs11) return ask_keyring(request);
    const HsmLocation location{tpm ? HsmKind::tpm : HsmKind::pkcs11,
                               tpm ? request.secrets.tcti : request.secrets.token_uri};
    const bool makes = request.task == CustodyTask::make;
    auto parameters = makes ? DeviceParameters{} : decode_device_parameters(request.parameters);
    if (!parameters) return fail(parameters.error());
    const auto device = open_hsm(location, std::move(request.secrets.passphrase), parameters->handle);
    if (!device) return fail(of_device(device.error()));
    return makes ? make_keys(**device, request) : use_keys(**device, request, std::move(*parameters));
}

}  // namespace chat
