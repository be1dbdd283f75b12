#include "secure_key_manager/contacts.hpp"

#include "base/utf8.hpp"
#include "base/wire_reader.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;

bool is_endpoint(std::string_view text) {
    return !text.empty() && text.size() <= Contact::max_endpoint &&
           std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7F'; });
}

Result<void, ContactsError> check(const Contact& contact) {
    if (contact.name.empty() || contact.name.size() > Contact::max_name || !is_utf8(bytes_of(contact.name))) {
        return fail(ContactsError::bad_name);
    }
    if (contact.verification > ContactVerification::verified) return fail(ContactsError::bad_verification);
    if (contact.last_endpoints.size() > Contact::max_endpoints ||
        !std::ranges::all_of(contact.last_endpoints, is_endpoint)) {
        return fail(ContactsError::bad_endpoint);
    }
    if (contact.hardware &&
        (contact.hardware->kind < HsmKind::tpm || contact.hardware->kind > HsmKind::cng)) {
        return fail(ContactsError::bad_hardware);
    }
    if (contact.last_seen.time_since_epoch() < 0s || contact.last_seen > Contact::latest) {
        return fail(ContactsError::bad_time);
    }
    return {};
}

void append_u16(Bytes& out, std::size_t value) {
    out.push_back(static_cast<u8>(value >> 8U));
    out.push_back(static_cast<u8>(value));
}

void append_contact(Bytes& out, const Contact& contact) {
    out.push_back(static_cast<u8>(contact.name.size()));
    append(out, bytes_of(contact.name));
    append(out, contact.fingerprint.view());
    out.push_back(static_cast<u8>(contact.verification));
    out.push_back(static_cast<u8>(contact.last_endpoints.size()));
    for (const std::string& endpoint : contact.last_endpoints) {
        append_u16(out, endpoint.size());
        append(out, bytes_of(endpoint));
    }
    out.push_back(contact.hardware ? static_cast<u8>(contact.hardware->kind) : u8{0});
    if (contact.hardware) append(out, contact.hardware->key.view());
    const auto seconds = static_cast<u64>(contact.last_seen.time_since_epoch().count());
    for (unsigned shift = 64; shift != 0; shift -= 8) out.push_back(static_cast<u8>(seconds >> (shift - 8)));
}

std::string read_text(WireReader& in, std::size_t length) {
    const ByteView bytes = in.read(length);
    return {bytes.begin(), bytes.end()};
}

/// Each length is checked before anything of that length is kept; the rest is check()'s.
Result<Contact, ContactsError> read_contact(WireReader& in) {
    Contact out;
    out.name = read_text(in, in.read_u8());
    out.fingerprint = in.read_bytes<Fingerprint>();
    out.verification = static_cast<ContactVerification>(in.read_u8());
    const u8 endpoints = in.read_u8();
    if (endpoints > Contact::max_endpoints) return fail(ContactsError::bad_endpoint);
    for (u8 i = 0; i < endpoints; ++i) {
        const u16 length = in.read_u16();
        if (length > Contact::max_endpoint) return fail(ContactsError::bad_endpoint);
        out.last_endpoints.push_back(read_text(in, length));
    }
    if (const u8 kind = in.read_u8(); kind != 0) {
        out.hardware = HardwareKey{static_cast<HsmKind>(kind), in.read_bytes<EcdsaP384PublicKey>()};
    }
    const u64 seconds = in.read_u64();
    if (!in.ok()) return fail(ContactsError::malformed);
    if (seconds > static_cast<u64>(Contact::latest.time_since_epoch().count())) {
        return fail(ContactsError::bad_time);
    }
    out.last_seen = WallTime{std::chrono::seconds{static_cast<i64>(seconds)}};
    return out;
}

}  // namespace

std::string_view describe(ContactsError error) {
    switch (error) {
        case ContactsError::malformed: return "the list of contacts is cut short or has bytes left over";
        case ContactsError::too_many: return "more than 256 contacts";
        case ContactsError::bad_name: return "a contact's name is 1 to 64 bytes of UTF-8";
        case ContactsError::bad_verification: return "a contact has an unknown state of verification";
        case ContactsError::bad_endpoint: return "a contact has too many addresses, or one that is none";
        case ContactsError::bad_hardware: return "a contact has an unknown kind of hardware";
        case ContactsError::bad_time: return "a contact was seen at an impossible time";
        case ContactsError::repeated: return "two contacts have the same name or the same fingerprint";
    }
    return "";
}

Result<void, ContactsError> check(const Contacts& contacts) {
    if (contacts.size() > max_contacts) return fail(ContactsError::too_many);
    for (auto contact = contacts.begin(); contact != contacts.end(); ++contact) {
        if (auto checked = check(*contact); !checked) return checked;
        const auto same = [&](const Contact& other) {
            return other.name == contact->name || other.fingerprint == contact->fingerprint;
        };
        if (std::any_of(contacts.begin(), contact, same)) return fail(ContactsError::repeated);
    }
    return {};
}

Result<Bytes, ContactsError> encode(const Contacts& contacts) {
    if (const auto checked = check(contacts); !checked) return fail(checked.error());
    Bytes out;
    append_u16(out, contacts.size());
    for (const Contact& contact : contacts) append_contact(out, contact);
    return out;
}

Result<Contacts, ContactsError> decode_contacts(ByteView bytes) {
    if (bytes.empty()) return Contacts{};
    WireReader in{bytes};
    const u16 count = in.read_u16();
    if (count > max_contacts) return fail(ContactsError::too_many);
    Contacts out;
    for (u16 i = 0; i < count; ++i) {
        auto contact = read_contact(in);
        if (!contact) return fail(contact.error());
        out.push_back(std::move(*contact));
    }
    if (!in.ok_at_end()) return fail(ContactsError::malformed);
    if (const auto checked = check(out); !checked) return fail(checked.error());
    return out;
}

}  // namespace chat
