#include "platform_hsm_interface/handle.hpp"

#include "base/wire_writer.hpp"

namespace chat {
namespace {

constexpr std::array<u8, 4> magic = {'S', 'P', 'H', 'W'};
constexpr u8 version = 1;
constexpr std::size_t head_size = magic.size() + 2;

void append_head(Bytes& out, HsmKind kind) {
    append(out, magic);
    out.push_back(version);
    out.push_back(static_cast<u8>(kind));
}

void append_u16_field(Bytes& out, ByteView field) {
    std::array<u8, 2> size{};
    WireWriter{size}.write_u16(static_cast<u16>(field.size()));
    append(out, size);
    append(out, field);
}

/// At most `limit` bytes behind their length; more make the reader fail.
Bytes read_field(WireReader& in, std::size_t limit) {
    const std::size_t size = in.read_u16();
    const ByteView field = in.read(size <= limit ? size : in.remaining() + 1);
    return {field.begin(), field.end()};
}

}  // namespace

std::optional<HsmKind> handle_kind(ByteView handle) {
    WireReader in{handle};
    const ByteView start = in.read(magic.size());
    const u8 its_version = in.read_u8();
    const u8 kind = in.read_u8();
    if (!in.ok() || !std::ranges::equal(start, magic) || its_version != version) return std::nullopt;
    if (kind < static_cast<u8>(HsmKind::tpm) || kind > static_cast<u8>(HsmKind::cng)) return std::nullopt;
    return static_cast<HsmKind>(kind);
}

Bytes encode(const TpmHandle& handle) {
    Bytes out;
    append_head(out, HsmKind::tpm);
    out.push_back(handle.has_pin ? 1 : 0);
    out.push_back(static_cast<u8>(handle.parent));
    append(out, handle.unique.bytes);
    append_u16_field(out, handle.parent_name);
    append_u16_field(out, handle.public_area);
    append_u16_field(out, handle.private_area);
    return out;
}

std::optional<TpmHandle> decode_tpm_handle(ByteView bytes) {
    if (handle_kind(bytes) != HsmKind::tpm) return std::nullopt;
    WireReader in{bytes.subspan(head_size)};
    TpmHandle out;
    const u8 has_pin = in.read_u8();
    const u8 parent = in.read_u8();
    out.unique = in.read_bytes<TpmHandle::Unique>();
    out.parent_name = read_field(in, TpmHandle::max_name_size);
    out.public_area = read_field(in, TpmHandle::max_area_size);
    out.private_area = read_field(in, TpmHandle::max_area_size);
    if (!in.ok_at_end() || has_pin > 1) return std::nullopt;
    if (parent != static_cast<u8>(TpmParent::p256_aes128_sha256) &&
        parent != static_cast<u8>(TpmParent::p384_aes256_sha384)) {
        return std::nullopt;
    }
    if (out.parent_name.empty() || out.public_area.empty() || out.private_area.empty()) return std::nullopt;
    out.has_pin = has_pin == 1;
    out.parent = static_cast<TpmParent>(parent);
    return out;
}

Bytes encode(const TpmSealedKey& key) {
    Bytes out;
    append_u16_field(out, key.public_area);
    append_u16_field(out, key.private_area);
    return out;
}

std::optional<TpmSealedKey> decode_tpm_sealed_key(ByteView bytes) {
    WireReader in{bytes};
    TpmSealedKey out;
    out.public_area = read_field(in, TpmHandle::max_area_size);
    out.private_area = read_field(in, TpmHandle::max_area_size);
    if (!in.ok_at_end() || out.public_area.empty() || out.private_area.empty()) return std::nullopt;
    return out;
}

Bytes encode(const TokenHandle& handle) {
    Bytes out;
    append_head(out, HsmKind::pkcs11);
    out.push_back(static_cast<u8>(handle.wrap));
    append(out, handle.id.bytes);
    append_u16_field(out, handle.serial);
    append(out, handle.co_signing_key.bytes);
    return out;
}

std::optional<TokenHandle> decode_token_handle(ByteView bytes) {
    if (handle_kind(bytes) != HsmKind::pkcs11) return std::nullopt;
    WireReader in{bytes.subspan(head_size)};
    TokenHandle out;
    const u8 wrap = in.read_u8();
    out.id = in.read_bytes<TokenHandle::Id>();
    out.serial = read_field(in, TokenHandle::max_serial_size);
    out.co_signing_key = in.read_bytes<EcdsaP384PublicKey>();
    if (!in.ok_at_end()) return std::nullopt;
    if (wrap != static_cast<u8>(TokenWrap::aes_gcm) && wrap != static_cast<u8>(TokenWrap::aes_key_wrap)) {
        return std::nullopt;
    }
    out.wrap = static_cast<TokenWrap>(wrap);
    if (!ecdsa_p384::check_public_key(out.co_signing_key)) return std::nullopt;
    return out;
}

Bytes encode(const CngHandle& handle) {
    Bytes out;
    append_head(out, HsmKind::cng);
    out.push_back(handle.has_pin ? 1 : 0);
    append(out, handle.id.bytes);
    append(out, handle.co_signing_key.bytes);
    return out;
}

std::optional<CngHandle> decode_cng_handle(ByteView bytes) {
    if (handle_kind(bytes) != HsmKind::cng) return std::nullopt;
    WireReader in{bytes.subspan(head_size)};
    CngHandle out;
    const u8 has_pin = in.read_u8();
    out.id = in.read_bytes<CngHandle::Id>();
    out.co_signing_key = in.read_bytes<EcdsaP384PublicKey>();
    if (!in.ok_at_end() || has_pin > 1) return std::nullopt;
    out.has_pin = has_pin == 1;
    if (!ecdsa_p384::check_public_key(out.co_signing_key)) return std::nullopt;
    return out;
}

}  // namespace chat
