#include "secure_key_manager/vault.hpp"

#include <cassert>
#include <cstring>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/aead.hpp"
#include "crypto/hash.hpp"
#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat {
namespace {

constexpr std::string_view magic = "P2PVAULT";
constexpr u8 version = 1;
constexpr std::size_t hash_size = Sha256Digest::size;
constexpr std::size_t nonce_size = XChaCha20Poly1305::nonce_size;
constexpr std::size_t tag_size = XChaCha20Poly1305::tag_size;
using KeyCheck = PublicBytes<struct VaultKeyCheckTag, 32>;
using ContentKey = Secret<struct VaultContentKeyTag, aead_key_size>;

static_assert(vault_identity_size == 8 + falcon1024::secret_key_size + falcon1024::public_key_size +
                                         Ed25519PrivateKey::size + X25519PrivateKey::size +
                                         MlKem1024Seed::size);

KeyCheck key_check(const VaultKey& key) {
    KeyCheck out;
    hkdf_sha256({}, key.expose(), info::vault_key_check, out.bytes);
    return out;
}

ContentKey content_key(const VaultKey& key) {
    ContentKey out;
    hkdf_sha256({}, key.expose(), info::vault_content_key, out.expose_mutable());
    return out;
}

SecretBuffer encode_identity(const IdentitySecrets& secrets, const falcon1024::PublicKey& falcon_public,
                             WallTime created) {
    SecretBuffer out{vault_identity_size};
    WireWriter writer{out.expose_mutable()};
    const falcon1024::EncodedSecretKey falcon = secrets.falcon.encode();
    writer.write_u64(static_cast<u64>(created.time_since_epoch().count()))
        .write(falcon.expose())
        .write(falcon_public.view())
        .write(secrets.ed25519.expose())
        .write(secrets.x25519.expose())
        .write(secrets.mlkem.expose());
    return out;
}

std::size_t padded(std::size_t size) { return (size + vault_padding - 1) / vault_padding * vault_padding; }

/// The parts of a file, borrowed from it.
struct Parts {
    VaultHeader header;
    ByteView associated;
    KeyCheck check;
    ByteView nonce;
    ByteView sealed;
};

Result<Parts, VaultError> split(ByteView file) {
    if (file.size() < magic.size() || std::memcmp(file.data(), magic.data(), magic.size()) != 0) {
        return fail(VaultError::not_a_vault);
    }
    if (file.size() > max_vault_size) return fail(VaultError::too_large);
    if (file.size() < magic.size() + hash_size) return fail(VaultError::damaged);
    const ByteView body = file.first(file.size() - hash_size);
    if (std::memcmp(sha256(body).bytes.data(), file.data() + body.size(), hash_size) != 0) {
        return fail(VaultError::damaged);
    }
    WireReader in{body.subspan(magic.size())};
    const u8 written_version = in.read_u8();
    if (in.ok() && written_version > version) return fail(VaultError::newer_version);
    const u8 protector = in.read_u8();
    const ByteView parameters = in.read(in.read_u16());
    Parts out;
    out.check = in.read_bytes<KeyCheck>();
    out.associated = body.first(body.size() - in.remaining());
    out.nonce = in.read(nonce_size);
    out.sealed = in.read(in.remaining());
    const bool known = protector >= static_cast<u8>(Protector::passphrase) &&
                       protector <= static_cast<u8>(Protector::keychain);
    if (!in.ok() || written_version != version || !known || parameters.size() > VaultHeader::max_parameters ||
        out.sealed.size() < tag_size + vault_padding || (out.sealed.size() - tag_size) % vault_padding != 0) {
        return fail(VaultError::malformed);
    }
    out.header = {static_cast<Protector>(protector), Bytes{parameters.begin(), parameters.end()}};
    return out;
}

struct Content {
    IdentitySecrets secrets;
    falcon1024::PublicKey falcon_public;
    WallTime created;
    Bytes contacts;
};

template <class S>
S read_secret(WireReader& in) {
    S out;
    in.read_into(out.expose_mutable());
    return out;
}

/// What was decrypted is authentic, so only a program of another make can fail here.
Result<Content, VaultError> parse_content(ByteView content) {
    WireReader in{content};
    const u64 created = in.read_u64();
    auto falcon = falcon1024::SecretKey::decode(in.read(falcon1024::secret_key_size));
    if (!falcon || created > static_cast<u64>(Contact::latest.time_since_epoch().count())) {
        return fail(VaultError::malformed);
    }
    const auto falcon_public = in.read_bytes<falcon1024::PublicKey>();
    auto ed25519 = read_secret<Ed25519PrivateKey>(in);
    auto x25519 = read_secret<X25519PrivateKey>(in);
    auto mlkem = read_secret<MlKem1024Seed>(in);
    const u32 length = in.read_u32();
    if (length > max_encoded_contacts) return fail(VaultError::malformed);
    const ByteView contacts = in.read(length);
    const ByteView padding = in.read(in.remaining());
    if (!in.ok() || content.size() != padded(content.size() - padding.size()) ||
        !std::ranges::all_of(padding, [](u8 byte) { return byte == 0; }) || !decode_contacts(contacts)) {
        return fail(VaultError::malformed);
    }
    return Content{{std::move(*falcon), std::move(ed25519), std::move(x25519), std::move(mlkem)},
                   falcon_public,
                   WallTime{std::chrono::seconds{static_cast<i64>(created)}},
                   Bytes{contacts.begin(), contacts.end()}};
}

}  // namespace

VaultSealer::VaultSealer(VaultHeader header, VaultKey key, const IdentitySecrets& secrets,
                         const falcon1024::PublicKey& falcon_public, WallTime created)
    : header_{std::move(header)},
      key_{std::move(key)},
      identity_{encode_identity(secrets, falcon_public, created)} {
    assert(header_.parameters.size() <= VaultHeader::max_parameters);
}

void VaultSealer::protect_by(VaultHeader header, VaultKey key) {
    assert(header.parameters.size() <= VaultHeader::max_parameters);
    header_ = std::move(header);
    key_ = std::move(key);
}

Bytes VaultSealer::seal(ByteView contacts, Rng& rng) const {
    assert(contacts.size() <= max_encoded_contacts);
    SecretBuffer content{padded(vault_identity_size + 4 + contacts.size())};
    WireWriter{content.expose_mutable()}
        .write(identity_.expose())
        .write_u32(static_cast<u32>(contacts.size()))
        .write(contacts);

    const std::size_t head = magic.size() + 1 + 1 + 2 + header_.parameters.size() + KeyCheck::size;
    Bytes file(head + nonce_size + content.size() + tag_size + hash_size);
    WireWriter out{file};
    out.write(bytes_of(magic))
        .write_u8(version)
        .write_u8(static_cast<u8>(header_.protector))
        .write_u16(static_cast<u16>(header_.parameters.size()))
        .write(header_.parameters)
        .write(key_check(key_).view());
    const MutableByteView nonce = out.take(nonce_size);
    rng.fill(nonce);
    XChaCha20Poly1305::seal(content_key(key_).expose(), nonce.first<nonce_size>(), ByteView{file}.first(head),
                            content.expose(), out.take(content.size() + tag_size));
    const Sha256Digest hash = sha256(ByteView{file}.first(file.size() - hash_size));
    out.write(hash.view());
    return file;
}

Result<VaultHeader, VaultError> read_vault_header(ByteView file) {
    auto parts = split(file);
    if (!parts) return fail(parts.error());
    return std::move(parts->header);
}

Result<OpenedVault, VaultError> open_vault(ByteView file, VaultKey key) {
    auto parts = split(file);
    if (!parts) return fail(parts.error());
    if (key_check(key) != parts->check) return fail(VaultError::wrong_key);
    SecretBuffer content{parts->sealed.size() - tag_size};
    if (!XChaCha20Poly1305::open(content_key(key).expose(), parts->nonce.first<nonce_size>(),
                                 parts->associated, parts->sealed, content.expose_mutable())) {
        return fail(VaultError::forged);
    }
    auto read = parse_content(content.expose());
    if (!read) return fail(read.error());
    VaultSealer sealer{std::move(parts->header), std::move(key), read->secrets, read->falcon_public,
                       read->created};
    return OpenedVault{std::move(read->secrets), read->falcon_public, read->created,
                       std::move(read->contacts), std::move(sealer)};
}

}  // namespace chat
