#include <libsecret/secret.h>

#include <memory>
#include <string>

#include "secure_key_manager/backends/keyring.hpp"

namespace chat {
namespace {

template <auto release>
struct Releaser {
    template <class T>
    void operator()(T* object) const {
        release(object);
    }
};
using Error = std::unique_ptr<GError, Releaser<g_error_free>>;
using Service = std::unique_ptr<SecretService, Releaser<g_object_unref>>;
using Value = std::unique_ptr<SecretValue, Releaser<secret_value_unref>>;
using Attributes = std::unique_ptr<GHashTable, Releaser<g_hash_table_unref>>;

/// The GError that a call leaves behind.
class ErrorSlot {
  public:
    ErrorSlot() = default;
    ErrorSlot(const ErrorSlot&) = delete;
    ErrorSlot& operator=(const ErrorSlot&) = delete;
    ~ErrorSlot() {
        if (error_ != nullptr) g_error_free(error_);
    }
    [[nodiscard]] GError** get() { return &error_; }
    [[nodiscard]] bool happened() const { return error_ != nullptr; }
    [[nodiscard]] VaultError kind() const {
        if (g_error_matches(error_, SECRET_ERROR, SECRET_ERROR_IS_LOCKED) != 0 ||
            g_error_matches(error_, G_IO_ERROR, G_IO_ERROR_CANCELLED) != 0) {
            return VaultError::keyring_locked;
        }
        if (g_error_matches(error_, SECRET_ERROR, SECRET_ERROR_NO_SUCH_OBJECT) != 0 ||
            g_error_matches(error_, SECRET_ERROR, SECRET_ERROR_PROTOCOL) != 0) {
            return VaultError::keyring_failed;
        }
        // Everything else comes from D-Bus: no bus, nobody on it, gone in the middle.
        return VaultError::keyring_unavailable;
    }

  private:
    GError* error_ = nullptr;
};

const SecretSchema& schema() {
    static const SecretSchema out = [] {
        SecretSchema schema{};
        schema.name = "org.secure_p2p.VaultKey";
        schema.flags = SECRET_SCHEMA_NONE;
        schema.attributes[0] = {"id", SECRET_SCHEMA_ATTRIBUTE_STRING};
        schema.attributes[1] = {"identity", SECRET_SCHEMA_ATTRIBUTE_STRING};
        return schema;
    }();
    return out;
}

Result<Service, VaultError> connect() {
    ErrorSlot error;
    constexpr auto flags =
        static_cast<SecretServiceFlags>(SECRET_SERVICE_OPEN_SESSION | SECRET_SERVICE_LOAD_COLLECTIONS);
    Service service{secret_service_get_sync(flags, nullptr, error.get())};
    if (!service) return fail(VaultError::keyring_unavailable);
    return service;
}

Attributes attributes_of(const KeyringItemId& id) {
    return Attributes{secret_attributes_build(&schema(), "id", to_hex(id.view()).c_str(), nullptr)};
}

/// How many items have this id, locked ones as well.
Result<unsigned, VaultError> count_items(SecretService* service, const KeyringItemId& id) {
    ErrorSlot error;
    GList* found = secret_service_search_sync(service, &schema(), attributes_of(id).get(), SECRET_SEARCH_ALL,
                                              nullptr, error.get());
    const unsigned count = g_list_length(found);
    g_list_free_full(found, g_object_unref);
    if (error.happened()) return fail(error.kind());
    return count;
}

}  // namespace

Protector keyring_of_this_platform() { return Protector::keyring; }

Result<void, VaultError> store_in_keyring(const KeyringItemId& id, std::string_view identity,
                                          const VaultKey& key) {
    const auto service = connect();
    if (!service) return fail(service.error());
    const std::string name{identity};
    const std::string label = "secure-p2p identity " + name;
    const Attributes attributes{secret_attributes_build(&schema(), "id", to_hex(id.view()).c_str(),
                                                        "identity", name.c_str(), nullptr)};
    const Value value{secret_value_new(reinterpret_cast<const char*>(key.expose().data()),  // NOLINT: bytes
                                       static_cast<gssize>(VaultKey::size), "application/octet-stream")};
    ErrorSlot error;
    const bool stored =
        secret_service_store_sync(service->get(), &schema(), attributes.get(), SECRET_COLLECTION_DEFAULT,
                                  label.c_str(), value.get(), nullptr, error.get()) != 0;
    if (error.happened()) return fail(error.kind());
    if (!stored) return fail(VaultError::keyring_locked);
    return {};
}

Result<VaultKey, VaultError> fetch_from_keyring(const KeyringItemId& id) {
    const auto service = connect();
    if (!service) return fail(service.error());
    const auto items = count_items(service->get(), id);
    if (!items) return fail(items.error());
    if (*items == 0) return fail(VaultError::keyring_item_missing);
    ErrorSlot error;
    const Value value{
        secret_service_lookup_sync(service->get(), &schema(), attributes_of(id).get(), nullptr, error.get())};
    if (error.happened()) return fail(error.kind());
    // The item is there, so it stayed locked.
    if (!value) return fail(VaultError::keyring_locked);
    gsize size = 0;
    const char* bytes = secret_value_get(value.get(), &size);
    if (size != VaultKey::size) return fail(VaultError::keyring_failed);
    return VaultKey::copy_of(
        std::span<const u8, VaultKey::size>{reinterpret_cast<const u8*>(bytes), size});  // NOLINT: bytes
}

Result<void, VaultError> remove_from_keyring(const KeyringItemId& id) {
    const auto service = connect();
    if (!service) return fail(service.error());
    ErrorSlot error;
    secret_service_clear_sync(service->get(), &schema(), attributes_of(id).get(), nullptr, error.get());
    if (error.happened()) return fail(error.kind());
    const auto left = count_items(service->get(), id);
    if (!left) return fail(left.error());
    if (*left != 0) return fail(VaultError::keyring_locked);
    return {};
}

}  // namespace chat
