#include "secure_key_manager/contacts.hpp"

#include <gtest/gtest.h>

#include <set>

namespace chat {
namespace {

Contact contact(u8 number) {
    Contact out;
    out.name = "contact " + std::to_string(number);
    out.fingerprint.bytes.fill(number);
    out.last_seen = WallTime{std::chrono::seconds{1'700'000'000 + number}};
    return out;
}

Contact full_contact() {
    Contact out = contact(9);
    out.name = "Zoë";
    out.verification = ContactVerification::verified;
    out.last_endpoints = {"[2001:db8::7]:7000", "host.example:1"};
    out.hardware = HardwareKey{HsmKind::pkcs11, {}};
    out.hardware->key.bytes.fill(4);
    return out;
}

Contacts many(std::size_t count) {
    Contacts out;
    for (std::size_t i = 0; i < count; ++i) {
        Contact one = contact(1);
        one.name = std::to_string(i);
        one.fingerprint.bytes[0] = static_cast<u8>(i);
        one.fingerprint.bytes[1] = static_cast<u8>(i >> 8U);
        out.push_back(one);
    }
    return out;
}

void expect_refused(const Contact& bad, ContactsError error) {
    EXPECT_EQ(check(Contacts{bad}).error(), error);
    EXPECT_EQ(encode(Contacts{bad}).error(), error);
}

/// The encoding of full_contact() alone, changed at one place.
Bytes changed(std::size_t index, u8 value) {
    Bytes out = *encode({full_contact()});
    out.at(index) = value;
    return out;
}

constexpr std::size_t name_at = 3;
constexpr std::size_t verification_at = name_at + 4 + 32;
constexpr std::size_t endpoints_at = verification_at + 1;
constexpr std::size_t hardware_at = endpoints_at + 1 + 2 + 18 + 2 + 14;
constexpr std::size_t time_at = hardware_at + 1 + 97;

TEST(Contacts, ComeBack) {
    const Contacts all = {contact(1), full_contact(), contact(2)};
    const auto encoded = encode(all);
    ASSERT_TRUE(encoded);
    EXPECT_EQ(*decode_contacts(*encoded), all);
    EXPECT_EQ(*decode_contacts({}), Contacts{});
    EXPECT_EQ(*decode_contacts(*encode({})), Contacts{});
}

TEST(Contacts, TheLargestListHasTheLargestSize) {
    Contacts all = many(max_contacts);
    for (std::size_t i = 0; i < all.size(); ++i) {
        all[i].name = std::to_string(i) + std::string(Contact::max_name, 'n');
        all[i].name.resize(Contact::max_name);
        all[i].last_endpoints.assign(Contact::max_endpoints, std::string(Contact::max_endpoint, 'e'));
        all[i].hardware = HardwareKey{HsmKind::tpm, {}};
    }
    const auto encoded = encode(all);
    ASSERT_TRUE(encoded);
    EXPECT_EQ(encoded->size(), max_encoded_contacts);
    EXPECT_EQ(*decode_contacts(*encoded), all);
}

TEST(Contacts, EveryErrorBeforeEncoding) {
    EXPECT_EQ(check(many(max_contacts + 1)).error(), ContactsError::too_many);
    Contact bad = contact(1);
    bad.name.clear();
    expect_refused(bad, ContactsError::bad_name);
    bad.name = std::string(Contact::max_name + 1, 'x');
    expect_refused(bad, ContactsError::bad_name);
    bad.name = "\xFF";
    expect_refused(bad, ContactsError::bad_name);
    bad = contact(1);
    bad.verification = static_cast<ContactVerification>(2);
    expect_refused(bad, ContactsError::bad_verification);
    for (const std::string& endpoint : {std::string{}, std::string{"a b"}, std::string{"\x1B[2J"},
                                        std::string(Contact::max_endpoint + 1, 'e')}) {
        bad = contact(1);
        bad.last_endpoints = {endpoint};
        expect_refused(bad, ContactsError::bad_endpoint);
    }
    bad.last_endpoints.assign(Contact::max_endpoints + 1, "a:1");
    expect_refused(bad, ContactsError::bad_endpoint);
    bad = full_contact();
    bad.hardware->kind = static_cast<HsmKind>(9);
    expect_refused(bad, ContactsError::bad_hardware);
    bad = contact(1);
    bad.last_seen = Contact::latest + std::chrono::seconds{1};
    expect_refused(bad, ContactsError::bad_time);
    bad.last_seen = WallTime{std::chrono::seconds{-1}};
    expect_refused(bad, ContactsError::bad_time);
    Contacts twice = {contact(1), contact(2)};
    twice[1].name = twice[0].name;
    EXPECT_EQ(check(twice).error(), ContactsError::repeated);
    twice = {contact(1), contact(2)};
    twice[1].fingerprint = twice[0].fingerprint;
    EXPECT_EQ(check(twice).error(), ContactsError::repeated);
}

TEST(Contacts, EveryErrorInDecoding) {
    const Bytes good = *encode({full_contact()});
    for (std::size_t size = 1; size < good.size(); ++size) {
        EXPECT_FALSE(decode_contacts(ByteView{good}.first(size))) << size;
    }
    Bytes longer = good;
    longer.push_back(0);
    EXPECT_EQ(decode_contacts(longer).error(), ContactsError::malformed);
    EXPECT_EQ(decode_contacts(ByteView{good}.first(good.size() - 1)).error(), ContactsError::malformed);
    EXPECT_EQ(decode_contacts(changed(0, 2)).error(), ContactsError::too_many);
    EXPECT_EQ(decode_contacts(changed(name_at, 0xFF)).error(), ContactsError::bad_name);
    EXPECT_EQ(decode_contacts(changed(verification_at, 2)).error(), ContactsError::bad_verification);
    EXPECT_EQ(decode_contacts(changed(endpoints_at, 5)).error(), ContactsError::bad_endpoint);
    EXPECT_EQ(decode_contacts(changed(endpoints_at + 1, 2)).error(), ContactsError::bad_endpoint);
    EXPECT_EQ(decode_contacts(changed(endpoints_at + 3, '\n')).error(), ContactsError::bad_endpoint);
    EXPECT_EQ(decode_contacts(changed(hardware_at, 9)).error(), ContactsError::bad_hardware);
    EXPECT_EQ(decode_contacts(changed(time_at, 0x80)).error(), ContactsError::bad_time);
    Bytes repeated = good;
    repeated[1] = 2;
    append(repeated, ByteView{good}.subspan(2));
    EXPECT_EQ(decode_contacts(repeated).error(), ContactsError::repeated);
}

TEST(Contacts, EveryErrorHasALine) {
    std::set<std::string_view> lines;
    for (u8 value = 0; value <= static_cast<u8>(ContactsError::repeated); ++value) {
        const std::string_view line = describe(static_cast<ContactsError>(value));
        EXPECT_FALSE(line.empty());
        EXPECT_EQ(line.find('\n'), std::string_view::npos);
        EXPECT_TRUE(lines.insert(line).second) << line;
    }
}

}  // namespace
}  // namespace chat
