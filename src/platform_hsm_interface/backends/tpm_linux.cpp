#include <tss2/tss2_mu.h>

#include "crypto/hash.hpp"
#include "crypto/system_rng.hpp"
#include "platform_hsm_interface/backends/tpm.hpp"
#include "platform_hsm_interface/backends/tpm_commands_linux.hpp"
#include "platform_hsm_interface/backends/tpm_templates_linux.hpp"
#include "platform_hsm_interface/device_text.hpp"
#include "platform_hsm_interface/tpm_authorization.hpp"

namespace chat {
namespace {

constexpr std::size_t coordinate_size = 48;

/// The bytes of a TPM structure as they go over the bus, and back; nothing may be left over.
template <class T, class Marshal>
Result<Bytes, HsmError> marshalled(const T& value, Marshal marshal) {
    Bytes out(sizeof(T) + 2);
    std::size_t size = 0;
    if (marshal(&value, out.data(), out.size(), &size) != TSS2_RC_SUCCESS) return fail(HsmError::failed);
    out.resize(size);
    return out;
}

template <class T, class Unmarshal>
Result<T, HsmError> unmarshalled(ByteView bytes, Unmarshal unmarshal, HsmError otherwise) {
    T out{};
    std::size_t used = 0;
    if (unmarshal(bytes.data(), bytes.size(), &used, &out) != TSS2_RC_SUCCESS || used != bytes.size()) {
        return fail(otherwise);
    }
    return out;
}

/// A number that the TPM gives without its leading zeros, or with them.
bool put_number(const TPM2B_ECC_PARAMETER& number, std::span<u8, coordinate_size> out) {
    if (number.size > out.size()) return false;
    std::ranges::fill(out, u8{0});
    std::copy_n(number.buffer, number.size, out.end() - number.size);
    return true;
}

Result<EcdsaP384PublicKey, HsmError> public_key_of(const TPM2B_PUBLIC& object) {
    const TPMT_PUBLIC& area = object.publicArea;
    if (area.type != TPM2_ALG_ECC || area.parameters.eccDetail.curveID != TPM2_ECC_NIST_P384) {
        return fail(HsmError::damaged_handle);
    }
    EcdsaP384PublicKey out;
    const std::span bytes{out.bytes};
    bytes[0] = 4;
    if (!put_number(area.unique.ecc.x, bytes.subspan<1, coordinate_size>()) ||
        !put_number(area.unique.ecc.y, bytes.last<coordinate_size>()) || !ecdsa_p384::check_public_key(out)) {
        return fail(HsmError::damaged_handle);
    }
    return out;
}

/// What a handle names, in the TPM's own types.
struct CoSigningKey {
    TpmHandle handle;
    TPM2B_PUBLIC public_area;
    TPM2B_PRIVATE private_area;
    EcdsaP384PublicKey key;
};

Result<CoSigningKey, HsmError> read_handle(ByteView bytes) {
    auto handle = decode_tpm_handle(bytes);
    if (!handle) return fail(HsmError::damaged_handle);
    auto public_area = unmarshalled<TPM2B_PUBLIC>(handle->public_area, Tss2_MU_TPM2B_PUBLIC_Unmarshal,
                                                  HsmError::damaged_handle);
    if (!public_area) return fail(public_area.error());
    auto private_area = unmarshalled<TPM2B_PRIVATE>(handle->private_area, Tss2_MU_TPM2B_PRIVATE_Unmarshal,
                                                    HsmError::damaged_handle);
    if (!private_area) return fail(private_area.error());
    const auto key = public_key_of(*public_area);
    if (!key) return fail(key.error());
    return CoSigningKey{std::move(*handle), *public_area, *private_area, *key};
}

class Tpm final : public Hsm {
  public:
    Tpm(std::string place, SecretBuffer pin, std::unique_ptr<TpmConnection> connection)
        : place_{std::move(place)}, pin_{std::move(pin)}, connection_{std::move(connection)} {}

    /// Asks the TPM who it is, so that a place where none answers is found at once.
    [[nodiscard]] Result<void, HsmError> read_info();

    [[nodiscard]] HsmInfo info() const override { return info_; }
    [[nodiscard]] Result<void, HsmError> random(MutableByteView out) override;
    [[nodiscard]] Result<Bytes, HsmError> make_keys(std::string_view name) override;
    [[nodiscard]] Result<Bytes, HsmError> wrap(ByteView handle, const VaultKey& key) override;
    [[nodiscard]] Result<VaultKey, HsmError> unwrap(ByteView handle, ByteView wrapped) override;
    [[nodiscard]] Result<EcdsaP384PublicKey, HsmError> co_signing_key(ByteView handle) override;
    [[nodiscard]] Result<EcdsaP384Signature, HsmError> co_sign(ByteView handle, ByteView message) override;
    [[nodiscard]] Result<void, HsmError> destroy_keys(ByteView handle) override;

  private:
    [[nodiscard]] Result<TpmConnection*, HsmError> connected();
    [[nodiscard]] Result<TpmParentSession, HsmError> start(TpmParent parent, const TpmHandle::Unique& unique,
                                                           ByteView expected_name);
    /// The strongest parent that this TPM knows.
    [[nodiscard]] Result<std::pair<TpmParent, TpmParentSession>, HsmError> start_any(
        const TpmHandle::Unique& unique);
    [[nodiscard]] Result<TpmParentSession, HsmError> start(const TpmHandle& handle);
    void authorization(TPM2B_AUTH& out) const;

    std::string place_;
    SecretBuffer pin_;
    std::unique_ptr<TpmConnection> connection_;
    HsmInfo info_;
};

Result<TpmConnection*, HsmError> Tpm::connected() {
    if (connection_ != nullptr && connection_->lost()) connection_.reset();
    if (connection_ == nullptr) {
        auto opened = TpmConnection::open(place_);
        if (!opened) return fail(HsmError::removed);
        connection_ = std::move(*opened);
    }
    return connection_.get();
}

Result<void, HsmError> Tpm::read_info() {
    const auto tpm = connected();
    if (!tpm) return fail(tpm.error());
    const auto data = tpm_properties(**tpm, TPM2_PT_MANUFACTURER, 5);
    if (!data) return fail(data.error() == HsmError::removed ? HsmError::no_device : data.error());
    Bytes manufacturer;
    Bytes model;
    const auto& list = (*data)->data.tpmProperties;
    for (u32 i = 0; i < std::min(list.count, u32{TPM2_MAX_TPM_PROPERTIES}); ++i) {
        const auto& property = list.tpmProperty[i];
        const bool vendor =
            property.property >= TPM2_PT_VENDOR_STRING_1 && property.property <= TPM2_PT_VENDOR_STRING_4;
        if (!vendor && property.property != TPM2_PT_MANUFACTURER) continue;
        Bytes& text = vendor ? model : manufacturer;
        for (int shift = 24; shift >= 0; shift -= 8) {
            const auto letter = static_cast<u8>(property.value >> shift);
            if (letter != 0) text.push_back(letter);
        }
    }
    info_ = {HsmKind::tpm, device_text(manufacturer), device_text(model), {}};
    return {};
}

void Tpm::authorization(TPM2B_AUTH& out) const {
    if (pin_.empty()) return;
    constexpr std::size_t size = 32;
    out.size = size;
    derive_tpm_authorization(pin_.expose(), {out.buffer, size});
}

Result<TpmParentSession, HsmError> Tpm::start(TpmParent parent, const TpmHandle::Unique& unique,
                                              ByteView expected_name) {
    const auto tpm = connected();
    if (!tpm) return fail(tpm.error());
    return TpmParentSession::start(**tpm, parent, unique, expected_name);
}

Result<std::pair<TpmParent, TpmParentSession>, HsmError> Tpm::start_any(const TpmHandle::Unique& unique) {
    for (const auto parent : {TpmParent::p384_aes256_sha384, TpmParent::p256_aes128_sha256}) {
        auto session = start(parent, unique, {});
        if (session) return std::pair{parent, std::move(*session)};
        if (session.error() != HsmError::not_supported) return fail(session.error());
    }
    return fail(HsmError::not_supported);
}

Result<TpmParentSession, HsmError> Tpm::start(const TpmHandle& handle) {
    // A try without the PIN would count as a wrong one.
    if (handle.has_pin && pin_.empty()) return fail(HsmError::pin_needed);
    return start(handle.parent, handle.unique, handle.parent_name);
}

Result<void, HsmError> Tpm::random(MutableByteView out) {
    auto session = start_any({});
    if (!session) return fail(session.error());
    return session->second.random(out);
}

Result<Bytes, HsmError> Tpm::make_keys(std::string_view) {
    TpmHandle handle;
    SystemRng{}.fill(handle.unique.bytes);
    auto started = start_any(handle.unique);
    if (!started) return fail(started.error());
    auto& [parent, session] = *started;
    TPM2B_SENSITIVE_CREATE sensitive{};
    const WipeOnExit wipe{
        {reinterpret_cast<u8*>(&sensitive), sizeof sensitive}};  // NOLINT: bytes of a plain struct
    authorization(sensitive.sensitive.userAuth);
    const auto created = session.create(co_signing_template(parent), sensitive);
    connection_->wipe_copies({sensitive.sensitive.userAuth.buffer, sensitive.sensitive.userAuth.size});
    if (!created) return fail(created.error());
    auto public_area = marshalled(*created->public_area, Tss2_MU_TPM2B_PUBLIC_Marshal);
    auto private_area = marshalled(*created->private_area, Tss2_MU_TPM2B_PRIVATE_Marshal);
    if (!public_area || !private_area) return fail(HsmError::failed);
    handle.has_pin = !pin_.empty();
    handle.parent = parent;
    handle.parent_name = session.parent_name();
    handle.public_area = std::move(*public_area);
    handle.private_area = std::move(*private_area);
    return encode(handle);
}

Result<Bytes, HsmError> Tpm::wrap(ByteView handle, const VaultKey& key) {
    const auto named = read_handle(handle);
    if (!named) return fail(named.error());
    auto session = start(named->handle);
    if (!session) return fail(session.error());
    TPM2B_SENSITIVE_CREATE sensitive{};
    const WipeOnExit wipe{
        {reinterpret_cast<u8*>(&sensitive), sizeof sensitive}};  // NOLINT: bytes of a plain struct
    authorization(sensitive.sensitive.userAuth);
    sensitive.sensitive.data.size = VaultKey::size;
    std::ranges::copy(key.expose(), sensitive.sensitive.data.buffer);
    const auto created = session->create(sealed_template(named->handle.parent), sensitive);
    connection_->wipe_copies(key.expose());
    connection_->wipe_copies({sensitive.sensitive.userAuth.buffer, sensitive.sensitive.userAuth.size});
    if (!created) return fail(created.error());
    auto public_area = marshalled(*created->public_area, Tss2_MU_TPM2B_PUBLIC_Marshal);
    auto private_area = marshalled(*created->private_area, Tss2_MU_TPM2B_PRIVATE_Marshal);
    if (!public_area || !private_area) return fail(HsmError::failed);
    return encode(TpmSealedKey{std::move(*public_area), std::move(*private_area)});
}

Result<VaultKey, HsmError> Tpm::unwrap(ByteView handle, ByteView wrapped) {
    const auto named = read_handle(handle);
    if (!named) return fail(named.error());
    const auto sealed = decode_tpm_sealed_key(wrapped);
    if (!sealed) return fail(HsmError::damaged_key);
    const auto public_area = unmarshalled<TPM2B_PUBLIC>(sealed->public_area, Tss2_MU_TPM2B_PUBLIC_Unmarshal,
                                                        HsmError::damaged_key);
    if (!public_area) return fail(public_area.error());
    const auto private_area = unmarshalled<TPM2B_PRIVATE>(
        sealed->private_area, Tss2_MU_TPM2B_PRIVATE_Unmarshal, HsmError::damaged_key);
    if (!private_area) return fail(private_area.error());
    auto session = start(named->handle);
    if (!session) return fail(session.error());
    TPM2B_AUTH auth{};
    const WipeOnExit wipe{auth.buffer};
    authorization(auth);
    const auto object = session->load(*public_area, *private_area, auth);
    if (!object) return fail(object.error() == HsmError::failed ? HsmError::damaged_key : object.error());
    const auto data = session->unseal(*object);
    if (!data) return fail(data.error());
    // The stack keeps the last answer in a buffer; this one, as long or longer, takes its place.
    std::array<u8, 2 * VaultKey::size> cover{};
    (void)session->random(cover);
    if ((*data)->size != VaultKey::size) return fail(HsmError::damaged_key);
    return VaultKey::copy_of(std::span<const u8, VaultKey::size>{(*data)->buffer, VaultKey::size});
}

Result<EcdsaP384PublicKey, HsmError> Tpm::co_signing_key(ByteView handle) {
    const auto named = read_handle(handle);
    if (!named) return fail(named.error());
    return named->key;
}

Result<EcdsaP384Signature, HsmError> Tpm::co_sign(ByteView handle, ByteView message) {
    const auto named = read_handle(handle);
    if (!named) return fail(named.error());
    auto session = start(named->handle);
    if (!session) return fail(session.error());
    TPM2B_AUTH auth{};
    const WipeOnExit wipe{auth.buffer};
    authorization(auth);
    const auto key = session->load(named->public_area, named->private_area, auth);
    if (!key) return fail(key.error() == HsmError::damaged_key ? HsmError::damaged_handle : key.error());
    TPM2B_DIGEST digest{};
    const Sha384Digest hash = sha384(message);
    digest.size = Sha384Digest::size;
    std::ranges::copy(hash.bytes, digest.buffer);
    const auto signature = session->sign(*key, digest);
    if (!signature) return fail(signature.error());
    if ((*signature)->sigAlg != TPM2_ALG_ECDSA) return fail(HsmError::failed);
    EcdsaP384Signature out;
    const std::span bytes{out.bytes};
    const auto& pair = (*signature)->signature.ecdsa;
    if (!put_number(pair.signatureR, bytes.first<coordinate_size>()) ||
        !put_number(pair.signatureS, bytes.last<coordinate_size>()) ||
        !ecdsa_p384::verify(named->key, message, out)) {
        return fail(HsmError::failed);
    }
    return out;
}

Result<void, HsmError> Tpm::destroy_keys(ByteView handle) {
    // Nothing of them stands in the TPM: without the handle and the wrapped key they are gone.
    if (!decode_tpm_handle(handle)) return fail(HsmError::damaged_handle);
    return {};
}

}  // namespace

Result<std::unique_ptr<Hsm>, HsmError> open_tpm(const std::string& tcti, SecretBuffer pin) {
    auto connection = TpmConnection::open(tcti);
    if (!connection) return fail(connection.error());
    auto out = std::make_unique<Tpm>(tcti, std::move(pin), std::move(*connection));
    const auto read = out->read_info();
    if (!read) return fail(read.error());
    return std::unique_ptr<Hsm>{std::move(out)};
}

}  // namespace chat
