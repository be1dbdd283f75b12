#include "secure_key_manager/isolation/keys/key_protocol.hpp"

#include <algorithm>
#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat::key_protocol {
namespace {

/// The numbers on the wire are the places in the variants, counted from 1.
template <class Variant>
u8 kind_of(const Variant& message) {
    return static_cast<u8>(message.index() + 1);
}
enum RequestKind : u8 {
    start_ephemeral = 1,
    open_vault_file,
    generate,
    forget,
    sign,
    agree,
    decapsulate,
    seal_contacts,
    mix_entropy,
};
enum ReplyKind : u8 {
    started = 1,
    opened,
    vault_refused,
    generated,
    signature,
    agreed,
    decapsulated,
    sealed,
    done,
    refused,
};

constexpr std::size_t slot_size = sizeof(Slot);
constexpr std::size_t protection_size = 2;
constexpr std::size_t largest_statement = 8192;  // decode_statement() knows the exact lengths
constexpr std::size_t opened_size = protection_size + slot_size + identity_public_size;
constexpr std::size_t vault_lengths = sizeof(u32) + 3 * sizeof(u16);

constexpr BodySizes exactly(std::size_t size) { return {size, size}; }

enum ProtectionFlag : u8 {
    own_process = 1,
    no_system_calls = 2,
    unreadable = 4,
    no_new_privileges = 8,
    memory_locked = 16
};
constexpr u8 all_flags = 31;

void write(WireWriter& out, const KeyProtection& p) {
    const auto flag = [](bool set, ProtectionFlag bit) { return static_cast<unsigned>(set ? bit : 0); };
    out.write_u8(static_cast<u8>(flag(p.own_process, own_process) | flag(p.no_system_calls, no_system_calls) |
                                 flag(p.unreadable, unreadable) |
                                 flag(p.no_new_privileges, no_new_privileges) |
                                 flag(p.memory_locked, memory_locked)));
    out.write_u8(p.landlock);
}

Result<KeyProtection, KeyProtocolError> read_protection(WireReader& reader) {
    const unsigned flags = reader.read_u8();
    if ((flags & ~unsigned{all_flags}) != 0) return fail(KeyProtocolError::bad_code);
    KeyProtection out;
    out.own_process = (flags & own_process) != 0;
    out.no_system_calls = (flags & no_system_calls) != 0;
    out.unreadable = (flags & unreadable) != 0;
    out.no_new_privileges = (flags & no_new_privileges) != 0;
    out.memory_locked = (flags & memory_locked) != 0;
    out.landlock = reader.read_u8();
    return out;
}

/// A frame of `size` bytes, filled by `fill`.
template <class Variant, class Fill>
ServiceFrame frame(const Variant& message, std::size_t size, const Fill& fill) {
    ServiceFrame out{kind_of(message), SecretBuffer{size}};
    WireWriter writer{out.body.expose_mutable()};
    fill(writer);
    assert(writer.remaining() == 0);
    return out;
}

ServiceFrame encode_open(const KeyRequest& request, const OpenVaultFile& open) {
    const SecretBuffer& passphrase = open.secrets.passphrase;
    const std::string& tcti = open.secrets.tcti;
    const std::string& token_uri = open.secrets.token_uri;
    assert(open.file.size() <= max_vault_size && passphrase.size() <= UnlockSecrets::max_passphrase);
    assert(tcti.size() <= HsmLocation::max_place && token_uri.size() <= HsmLocation::max_place);
    const std::size_t size =
        vault_lengths + open.file.size() + passphrase.size() + tcti.size() + token_uri.size();
    return frame(request, size, [&](WireWriter& out) {
        out.write_u32(static_cast<u32>(open.file.size())).write(open.file);
        out.write_u16(static_cast<u16>(passphrase.size())).write(passphrase.expose());
        out.write_u16(static_cast<u16>(tcti.size())).write(bytes_of(tcti));
        out.write_u16(static_cast<u16>(token_uri.size())).write(bytes_of(token_uri));
    });
}

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

Result<KeyRequest, KeyProtocolError> decode_open(ByteView body) {
    WireReader reader{body};
    const ByteView file = reader.read(reader.read_u32());
    const ByteView passphrase = reader.read(reader.read_u16());
    const ByteView tcti = reader.read(reader.read_u16());
    const ByteView token_uri = reader.read(reader.read_u16());
    if (!reader.ok_at_end() || file.size() > max_vault_size ||
        passphrase.size() > UnlockSecrets::max_passphrase || tcti.size() > HsmLocation::max_place ||
        token_uri.size() > HsmLocation::max_place)
        return fail(KeyProtocolError::wrong_length);
    const std::string tcti_text = text_of(tcti);
    const std::string uri_text = text_of(token_uri);
    if (!is_place(tcti_text) || !is_place(uri_text)) return fail(KeyProtocolError::bad_text);
    return KeyRequest{OpenVaultFile{Bytes(file.begin(), file.end()),
                                    UnlockSecrets{SecretBuffer::copy_of(passphrase), tcti_text, uri_text}}};
}

Result<KeyReply, KeyProtocolError> decode_opened(WireReader& reader) {
    auto protection = read_protection(reader);
    if (!protection) return fail(protection.error());
    const Slot slot = reader.read_u32();
    auto identity = IdentityPublic::decode(reader.read(identity_public_size));
    if (!identity) return fail(KeyProtocolError::bad_identity);
    const ByteView contacts = reader.read(reader.remaining());
    return KeyReply{Opened{*protection, slot, *identity, Bytes(contacts.begin(), contacts.end())}};
}

Result<KeyReply, KeyProtocolError> decode_generated(WireReader& reader) {
    const Slot slot = reader.read_u32();
    auto identity = IdentityPublic::decode(reader.read(identity_public_size));
    if (!identity) return fail(KeyProtocolError::bad_identity);
    return KeyReply{Generated{slot, *identity}};
}

template <class S>
S read_secret(WireReader& reader) {
    S out;
    reader.read_into(out.expose_mutable());
    return out;
}

struct RequestEncoder {
    const KeyRequest& request;

    ServiceFrame operator()(const StartEphemeral&) const { return bare(); }
    ServiceFrame operator()(const OpenVaultFile& open) const { return encode_open(request, open); }
    ServiceFrame operator()(const Generate&) const { return bare(); }
    ServiceFrame operator()(const Forget& r) const { return with_slot(r.slot, {}); }
    ServiceFrame operator()(const Sign& r) const { return with_slot(r.slot, encode(r.statement)); }
    ServiceFrame operator()(const Agree& r) const { return with_slot(r.slot, r.peer.view()); }
    ServiceFrame operator()(const Decapsulate& r) const { return with_slot(r.slot, r.ciphertext.view()); }
    ServiceFrame operator()(const SealContacts& r) const {
        assert(r.contacts.size() <= max_encoded_contacts);
        return whole(r.contacts);
    }
    ServiceFrame operator()(const MixEntropy& r) const {
        assert(!r.entropy.empty() && r.entropy.size() <= max_entropy);
        return whole(r.entropy.expose());
    }

  private:
    [[nodiscard]] ServiceFrame bare() const { return whole({}); }
    [[nodiscard]] ServiceFrame whole(ByteView body) const {
        return frame(request, body.size(), [&](WireWriter& out) { out.write(body); });
    }
    [[nodiscard]] ServiceFrame with_slot(Slot slot, ByteView rest) const {
        return frame(request, slot_size + rest.size(),
                     [&](WireWriter& out) { out.write_u32(slot).write(rest); });
    }
};

struct ReplyEncoder {
    const KeyReply& reply;

    ServiceFrame operator()(const Started& r) const {
        return frame(reply, protection_size, [&](WireWriter& out) { write(out, r.protection); });
    }
    ServiceFrame operator()(const Opened& r) const {
        return frame(reply, opened_size + r.contacts.size(), [&](WireWriter& out) {
            write(out, r.protection);
            out.write_u32(r.slot).write(r.identity.encoded().view()).write(r.contacts);
        });
    }
    ServiceFrame operator()(const VaultRefused& r) const { return code(static_cast<u8>(r.error)); }
    ServiceFrame operator()(const Generated& r) const {
        return frame(reply, slot_size + identity_public_size,
                     [&](WireWriter& out) { out.write_u32(r.slot).write(r.identity.encoded().view()); });
    }
    ServiceFrame operator()(const Signed& r) const { return whole(r.signature.view()); }
    ServiceFrame operator()(const Agreed& r) const { return whole(r.secret.expose()); }
    ServiceFrame operator()(const Decapsulated& r) const { return whole(r.secret.expose()); }
    ServiceFrame operator()(const Sealed& r) const { return whole(r.file); }
    ServiceFrame operator()(const Done&) const { return whole({}); }
    ServiceFrame operator()(const Refused& r) const { return code(static_cast<u8>(r.error)); }

  private:
    [[nodiscard]] ServiceFrame whole(ByteView body) const {
        return frame(reply, body.size(), [&](WireWriter& out) { out.write(body); });
    }
    [[nodiscard]] ServiceFrame code(u8 value) const {
        return frame(reply, 1, [&](WireWriter& out) { out.write_u8(value); });
    }
};

bool fits(std::optional<BodySizes> sizes, std::size_t size) {
    return size >= sizes->least && size <= sizes->most;
}

}  // namespace

bool is_place(std::string_view text) {
    return text.size() <= HsmLocation::max_place &&
           std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
}

std::optional<BodySizes> request_sizes(u8 kind) {
    switch (kind) {
        case start_ephemeral:
        case generate: return exactly(0);
        case open_vault_file:
            return BodySizes{vault_lengths, vault_lengths + max_vault_size + UnlockSecrets::max_passphrase +
                                                2 * HsmLocation::max_place};
        case forget: return exactly(slot_size);
        case sign: return BodySizes{slot_size + 1, slot_size + largest_statement};
        case agree: return exactly(slot_size + x25519_size);
        case decapsulate: return exactly(slot_size + mlkem1024_ciphertext_size);
        case seal_contacts: return BodySizes{0, max_encoded_contacts};
        case mix_entropy: return BodySizes{1, max_entropy};
        default: return std::nullopt;
    }
}

std::optional<BodySizes> reply_sizes(u8 kind) {
    switch (kind) {
        case started: return exactly(protection_size);
        case opened: return BodySizes{opened_size, opened_size + max_encoded_contacts};
        case vault_refused:
        case refused: return exactly(1);
        case generated: return exactly(slot_size + identity_public_size);
        case signature: return exactly(composite_signature_size);
        case agreed: return exactly(X25519SharedSecret::size);
        case decapsulated: return exactly(MlKem1024SharedSecret::size);
        case sealed: return BodySizes{1, max_vault_size};
        case done: return exactly(0);
        default: return std::nullopt;
    }
}

std::string_view describe(KeyProtocolError error) {
    switch (error) {
        case KeyProtocolError::unknown_kind: return "a message that the protocol does not have";
        case KeyProtocolError::wrong_length: return "a message of a wrong length";
        case KeyProtocolError::bad_statement: return "a statement that no identity signs";
        case KeyProtocolError::bad_text: return "a place with characters that no place has";
        case KeyProtocolError::bad_identity: return "an identity that is none";
        case KeyProtocolError::bad_code: return "a code that nobody knows";
    }
    return "unknown protocol error";
}

ServiceFrame encode(const KeyRequest& request) { return std::visit(RequestEncoder{request}, request); }

ServiceFrame encode(const KeyReply& reply) { return std::visit(ReplyEncoder{reply}, reply); }

Result<KeyRequest, KeyProtocolError> decode_request(u8 kind, ByteView body) {
    const auto sizes = request_sizes(kind);
    if (!sizes) return fail(KeyProtocolError::unknown_kind);
    if (!fits(sizes, body.size())) return fail(KeyProtocolError::wrong_length);
    WireReader reader{body};
    switch (kind) {
        case start_ephemeral: return KeyRequest{StartEphemeral{}};
        case open_vault_file: return decode_open(body);
        case generate: return KeyRequest{Generate{}};
        case forget: return KeyRequest{Forget{reader.read_u32()}};
        case sign: {
            const Slot slot = reader.read_u32();
            const auto statement = decode_statement(reader.read(reader.remaining()));
            if (!statement) return fail(KeyProtocolError::bad_statement);
            return KeyRequest{Sign{slot, *statement}};
        }
        case agree: {
            const Slot slot = reader.read_u32();
            return KeyRequest{Agree{slot, reader.read_bytes<X25519PublicKey>()}};
        }
        case decapsulate: {
            const Slot slot = reader.read_u32();
            return KeyRequest{Decapsulate{slot, reader.read_bytes<MlKem1024Ciphertext>()}};
        }
        case seal_contacts: return KeyRequest{SealContacts{Bytes(body.begin(), body.end())}};
        default: return KeyRequest{MixEntropy{SecretBuffer::copy_of(body)}};
    }
}

Result<KeyReply, KeyProtocolError> decode_reply(u8 kind, ByteView body) {
    const auto sizes = reply_sizes(kind);
    if (!sizes) return fail(KeyProtocolError::unknown_kind);
    if (!fits(sizes, body.size())) return fail(KeyProtocolError::wrong_length);
    WireReader reader{body};
    switch (kind) {
        case started: {
            const auto protection = read_protection(reader);
            if (!protection) return fail(protection.error());
            return KeyReply{Started{*protection}};
        }
        case opened: return decode_opened(reader);
        case vault_refused: {
            const auto error = vault_error(reader.read_u8());
            if (!error) return fail(KeyProtocolError::bad_code);
            return KeyReply{VaultRefused{*error}};
        }
        case generated: return decode_generated(reader);
        case signature: return KeyReply{Signed{reader.read_bytes<CompositeSignature>()}};
        case agreed: return KeyReply{Agreed{read_secret<X25519SharedSecret>(reader)}};
        case decapsulated: return KeyReply{Decapsulated{read_secret<MlKem1024SharedSecret>(reader)}};
        case sealed: return KeyReply{Sealed{Bytes(body.begin(), body.end())}};
        case done: return KeyReply{Done{}};
        default: {
            const u8 code = reader.read_u8();
            if (code > static_cast<u8>(KeyError::no_room)) return fail(KeyProtocolError::bad_code);
            return KeyReply{Refused{static_cast<KeyError>(code)}};
        }
    }
}

}  // namespace chat::key_protocol
