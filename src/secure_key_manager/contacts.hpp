#pragma once
/// The people whom a kept identity knows, and their encoding inside the vault (docs/storage.md, "Contacts"):
///     count u16 | each: name u8 length, bytes | fingerprint 32 | verification u8 | endpoint count u8, each u16 length, bytes |
///     hardware kind u8 (0: none), public key 97 if there is one | last seen u64 (seconds since 1970)

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/roles.hpp"
#include "base/time.hpp"
#include "platform_hsm_interface/hsm.hpp"

namespace chat {

enum class ContactVerification : u8 {
    unverified = 0,
    verified = 1,  ///< the five words were compared and equal
};

/// The co-signing key that the contact's identity showed, and the kind of device that holds it, as the contact said.
struct HardwareKey {
    HsmKind kind;
    EcdsaP384PublicKey key;
    bool operator==(const HardwareKey&) const = default;
};

struct Contact {
    static constexpr std::size_t max_name = 64;       ///< bytes of UTF-8
    static constexpr std::size_t max_endpoints = 4;   ///< the newest first
    static constexpr std::size_t max_endpoint = 320;  ///< "[v6%zone]:port", "name:port": printable ASCII
    static constexpr WallTime latest{std::chrono::seconds{253'402'300'799}};  ///< end of the year 9999

    std::string name;
    Fingerprint fingerprint;
    ContactVerification verification = ContactVerification::unverified;
    std::vector<std::string> last_endpoints;
    std::optional<HardwareKey> hardware;
    WallTime last_seen;
    bool operator==(const Contact&) const = default;
};

using Contacts = std::vector<Contact>;

inline constexpr std::size_t max_contacts = 256;
inline constexpr std::size_t max_encoded_contact = 1 + Contact::max_name + Fingerprint::size + 1 + 1 +
                                                   Contact::max_endpoints * (2 + Contact::max_endpoint) + 1 +
                                                   EcdsaP384PublicKey::size + 8;
inline constexpr std::size_t max_encoded_contacts = 2 + max_contacts * max_encoded_contact;

enum class ContactsError : u8 {
    malformed,         ///< ends early, or bytes are left over
    too_many,          ///< more than max_contacts
    bad_name,          ///< empty, longer than 64 bytes, or no UTF-8
    bad_verification,  ///< no ContactVerification
    bad_endpoint,      ///< more than four, or one that is empty, too long or not printable ASCII
    bad_hardware,      ///< a kind of device that nobody knows
    bad_time,          ///< before 1970 or after 9999
    repeated,          ///< two contacts of one name or one fingerprint
};
/// One line for the user.
[[nodiscard]] std::string_view describe(ContactsError error);

/// Whether the contacts can be encoded; every error but malformed.
[[nodiscard]] Result<void, ContactsError> check(const Contacts& contacts);

/// As check().
[[nodiscard]] Result<Bytes, ContactsError> encode(const Contacts& contacts);

/// What encode() wrote, and nothing else, comes back; reads at most max_encoded_contacts bytes. No input means no contacts.
[[nodiscard]] Result<Contacts, ContactsError> decode_contacts(ByteView bytes);

}  // namespace chat
