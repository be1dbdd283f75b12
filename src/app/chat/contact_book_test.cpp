#include "app/chat/contact_book.hpp"

#include <gtest/gtest.h>

namespace chat {
namespace {

using namespace std::chrono_literals;
using Kind = ContinuityBreak::Kind;

constexpr WallTime today{1'800'000'000s};

Fingerprint print(u8 value) {
    Fingerprint out;
    out.bytes.fill(value);
    return out;
}
HardwareKey device(u8 value) {
    HardwareKey out{HsmKind::tpm, {}};
    out.key.bytes.fill(value);
    return out;
}
Contact alice() {
    return {"Alice", print(1), ContactVerification::verified, {"[::1]:7"}, {}, WallTime{1000s}};
}
Contact bob() { return {"Bob", print(2), ContactVerification::unverified, {}, {}, WallTime{1000s}}; }

void meet(ContactBook& book, const Fingerprint& peer, std::string_view name,
          std::vector<std::string> endpoints = {}) {
    book.identified(peer);
    book.named(name, IdentityLife::kept);
    book.confirmed(today, std::move(endpoints));
}

TEST(ContactBook, RemembersANewPeerOnceItIsNamedAndTheSessionStands) {
    ContactBook book{{}};
    book.identified(print(1));
    book.named("Alice", IdentityLife::kept);
    EXPECT_FALSE(book.take_change());
    EXPECT_EQ(book.current(), nullptr);
    book.confirmed(today, {"192.0.2.1:7"});
    EXPECT_TRUE(book.take_change());
    ASSERT_NE(book.current(), nullptr);
    EXPECT_FALSE(book.known_before());
    const Contact expected{"Alice", print(1), ContactVerification::unverified, {"192.0.2.1:7"}, {}, today};
    EXPECT_EQ(book.contacts(), Contacts{expected});
    EXPECT_TRUE(check(book.contacts()));
}

TEST(ContactBook, TheOrderOfNameAndConfirmationDoesNotMatter) {
    ContactBook book{{}};
    book.identified(print(1));
    book.confirmed(today, {});
    EXPECT_TRUE(book.contacts().empty());
    book.named("Alice", IdentityLife::kept);
    EXPECT_EQ(book.contacts().size(), 1U);
}

TEST(ContactBook, KnowsAContactByItsIdentityWhateverItCallsItself) {
    ContactBook book{{alice(), bob()}};
    meet(book, print(1), "Bob", {"192.0.2.9:7"});
    EXPECT_FALSE(book.broken());
    ASSERT_NE(book.current(), nullptr);
    EXPECT_EQ(book.current()->name, "Alice");
    EXPECT_TRUE(book.known_before());
    EXPECT_EQ(book.current()->verification, ContactVerification::verified);
    EXPECT_EQ(book.current()->last_endpoints, std::vector<std::string>{"192.0.2.9:7"});
    EXPECT_EQ(book.current()->last_seen, today);
    EXPECT_TRUE(book.take_change());
}

TEST(ContactBook, WithoutEndpointsTheLastOnesStay) {
    ContactBook book{{alice()}};
    meet(book, print(1), "Alice");
    EXPECT_EQ(book.current()->last_endpoints, alice().last_endpoints);
}

TEST(ContactBook, AnotherIdentityUnderAContactsNameIsABreak) {
    for (const char* name : {"Alice", "aLICE", " Alice ", "ALICE"}) {
        SCOPED_TRACE(name);
        ContactBook book{{alice(), bob()}};
        meet(book, print(9), name);
        ASSERT_TRUE(book.broken());
        EXPECT_EQ(book.broken()->kind, Kind::name_taken);
        EXPECT_EQ(book.broken()->contact, "Alice");
        EXPECT_EQ(book.broken()->pinned, print(1));
        EXPECT_EQ(book.broken()->shown, print(9));
        EXPECT_TRUE(book.broken()->was_verified);
        EXPECT_EQ(book.current(), nullptr);
        EXPECT_FALSE(book.take_change());
        EXPECT_EQ(book.contacts(), (Contacts{alice(), bob()}));
    }
}

TEST(ContactBook, AcceptingReplacesThePinAndLosesVerificationDeviceAndPlaces) {
    Contact with_device = alice();
    with_device.hardware = device(5);
    ContactBook book{{with_device, bob()}};
    meet(book, print(9), "Alice");
    EXPECT_TRUE(book.accept());
    EXPECT_FALSE(book.broken());
    EXPECT_TRUE(book.take_change());
    const Contact expected{"Alice", print(9), ContactVerification::unverified, {}, {}, today};
    EXPECT_EQ(book.contacts(), (Contacts{expected, bob()}));
    EXPECT_EQ(book.accept().error(), AcceptError::nothing_to_accept);
}

TEST(ContactBook, AnIdentityOfOneRunIsNeverRemembered) {
    ContactBook book{{alice()}};
    book.identified(print(9));
    book.named("Carol", IdentityLife::one_run);
    book.confirmed(today, {});
    EXPECT_EQ(book.current(), nullptr);
    EXPECT_FALSE(book.broken());
    EXPECT_FALSE(book.take_change());
}

TEST(ContactBook, AnIdentityOfOneRunTakesNoContactsPlaceEvenWhenAccepted) {
    ContactBook book{{alice()}};
    book.identified(print(9));
    book.named("Alice", IdentityLife::one_run);
    book.confirmed(today, {});
    ASSERT_TRUE(book.broken());
    EXPECT_EQ(book.accept().value(), Accepted::this_session);
    EXPECT_FALSE(book.broken());
    EXPECT_EQ(book.current(), nullptr);
    book.compared(true);
    book.rotated(print(8));
    EXPECT_FALSE(book.take_change());
    EXPECT_EQ(book.contacts(), Contacts{alice()});
    book.identified(print(7));
    book.named("Alice", IdentityLife::one_run);
    EXPECT_TRUE(book.broken()) << "what was accepted once holds for one session";
}

TEST(ContactBook, AcceptingUnderAnotherNameKeepsTheContact) {
    ContactBook book{{alice(), bob()}};
    meet(book, print(9), "Alice");
    EXPECT_EQ(book.accept("bob").error(), AcceptError::name_taken);
    EXPECT_EQ(book.accept(std::string(65, 'x')).error(), AcceptError::bad_name);
    EXPECT_TRUE(book.broken());
    EXPECT_TRUE(book.accept("Alice of work"));
    ASSERT_EQ(book.contacts().size(), 3U);
    EXPECT_EQ(book.contacts().front(), alice());
    EXPECT_EQ(book.current()->name, "Alice of work");
    EXPECT_EQ(book.current()->fingerprint, print(9));
    EXPECT_TRUE(check(book.contacts()));
}

TEST(ContactBook, AnExpectedContactMustBeTheOne) {
    ContactBook right{{alice(), bob()}, "alice"};
    meet(right, print(1), "whoever");
    EXPECT_FALSE(right.broken());

    ContactBook stranger{{alice(), bob()}, "Alice"};
    stranger.identified(print(9));
    ASSERT_TRUE(stranger.broken()) << "before a name is known";
    EXPECT_EQ(stranger.broken()->kind, Kind::not_expected);
    stranger.named("Carol", IdentityLife::kept);
    stranger.confirmed(today, {});
    EXPECT_TRUE(stranger.accept());
    EXPECT_EQ(stranger.current()->name, "Alice");
    EXPECT_EQ(stranger.current()->fingerprint, print(9));

    ContactBook other{{alice(), bob()}, "Alice"};
    meet(other, print(2), "Alice");
    ASSERT_TRUE(other.broken());
    EXPECT_EQ(other.broken()->kind, Kind::other_contact);
    EXPECT_EQ(other.broken()->known_as, "Bob");
    EXPECT_TRUE(other.accept());
    EXPECT_EQ(other.current()->name, "Bob") << "a pin is never given to a second contact";
    EXPECT_EQ(other.contacts().front(), alice());
    EXPECT_TRUE(check(other.contacts()));
}

TEST(ContactBook, ThePinFollowsARotationAndTheVerificationCarriesOver) {
    ContactBook book{{alice()}};
    meet(book, print(1), "Alice");
    static_cast<void>(book.take_change());
    book.rotated(print(7));
    EXPECT_TRUE(book.take_change());
    EXPECT_EQ(book.current()->fingerprint, print(7));
    EXPECT_EQ(book.current()->verification, ContactVerification::verified);
    meet(book, print(7), "Alice");
    EXPECT_FALSE(book.broken());
    EXPECT_TRUE(book.known_before());
    meet(book, print(1), "Alice");
    EXPECT_TRUE(book.broken()) << "the old identity is another one now";
}

TEST(ContactBook, ARotationBeforeTheNameIsNotLost) {
    ContactBook book{{}};
    book.identified(print(1));
    book.rotated(print(7));
    book.named("Alice", IdentityLife::kept);
    book.confirmed(today, {});
    EXPECT_EQ(book.current()->fingerprint, print(7));
}

TEST(ContactBook, NoPinFollowsARotationAwayFromADevice) {
    Contact carol = alice();
    carol.hardware = device(5);
    ContactBook book{{carol}};
    meet(book, print(1), "Alice");
    EXPECT_EQ(book.hardware(device(5)), HardwareStanding::same);
    book.rotated(print(7));
    ASSERT_TRUE(book.broken());
    EXPECT_EQ(book.broken()->kind, Kind::rotated_device);
    EXPECT_EQ(book.broken()->shown, print(7));
    EXPECT_TRUE(book.broken()->was_verified);
    EXPECT_EQ(book.current(), nullptr);
    EXPECT_EQ(book.accept().error(), AcceptError::not_in_session);
    EXPECT_EQ(book.accept("Mallory").error(), AcceptError::not_in_session);
    carol.last_seen = today;
    EXPECT_EQ(book.contacts(), Contacts{carol});
    meet(book, print(7), "Alice");
    EXPECT_EQ(book.broken()->kind, Kind::name_taken) << "whoever rotated is a stranger afterwards";
}

TEST(ContactBook, NoIdentityIsPinnedTwiceWhateverRotates) {
    ContactBook book{{alice(), bob()}};
    meet(book, print(2), "Bob");
    book.rotated(print(1));
    ASSERT_TRUE(book.broken());
    EXPECT_EQ(book.broken()->kind, Kind::other_contact);
    EXPECT_EQ(book.broken()->known_as, "Alice");
    EXPECT_TRUE(check(book.contacts()));
    EXPECT_TRUE(book.accept());
    EXPECT_EQ(book.current()->name, "Alice");
    EXPECT_EQ(book.contacts()[1].fingerprint, print(2));

    meet(book, print(9), "Alice");  // a break, and then it becomes Bob
    book.rotated(print(2));
    EXPECT_TRUE(book.accept());
    EXPECT_EQ(book.current()->name, "Bob");
    EXPECT_TRUE(check(book.contacts()));
}

TEST(ContactBook, ADevicesKeyShownDuringABreakIsHeldAgainstThePinAfterwards) {
    Contact other = bob();
    other.hardware = device(5);
    ContactBook book{{alice(), other}, "Alice"};
    book.identified(print(2));
    EXPECT_EQ(book.hardware(device(6)), HardwareStanding::not_kept);
    EXPECT_FALSE(book.shows_other_hardware());
    EXPECT_TRUE(book.accept());
    EXPECT_TRUE(book.shows_other_hardware());
    EXPECT_EQ(book.current()->hardware, device(5));
    EXPECT_TRUE(book.accept());
    EXPECT_FALSE(book.shows_other_hardware());
    EXPECT_EQ(book.current()->hardware, device(6));
    book.identified(print(2));
    EXPECT_TRUE(book.accept());
    EXPECT_TRUE(book.misses_hardware());
}

TEST(ContactBook, AnotherContactThatRotatesBeforeItIsAcceptedIsStillThatContact) {
    ContactBook book{{alice(), bob()}, "Alice"};
    book.identified(print(2));
    ASSERT_EQ(book.broken()->kind, Kind::other_contact);
    book.rotated(print(7));
    EXPECT_EQ(book.broken()->shown, print(7));
    EXPECT_TRUE(book.accept());
    EXPECT_EQ(book.current()->name, "Bob");
    EXPECT_EQ(book.current()->fingerprint, print(7));
    EXPECT_EQ(book.contacts().front(), alice());
}

TEST(ContactBook, ComparedWordsAreKept) {
    ContactBook book{{bob()}};
    meet(book, print(2), "Bob");
    static_cast<void>(book.take_change());
    book.compared(true);
    EXPECT_TRUE(book.take_change());
    EXPECT_EQ(book.current()->verification, ContactVerification::verified);
    book.compared(false);
    EXPECT_EQ(book.current()->verification, ContactVerification::unverified);
}

TEST(ContactBook, WordsComparedDuringABreakCountForWhoeverIsAccepted) {
    ContactBook book{{alice()}};
    meet(book, print(9), "Alice");
    book.compared(true);
    EXPECT_EQ(book.contacts(), Contacts{alice()});
    EXPECT_TRUE(book.accept());
    EXPECT_EQ(book.current()->verification, ContactVerification::verified);
}

TEST(ContactBook, ADevicesKeyIsPinnedAndAChangeNeedsConsent) {
    ContactBook book{{bob()}};
    meet(book, print(2), "Bob");
    EXPECT_FALSE(book.misses_hardware());
    EXPECT_EQ(book.hardware(device(5)), HardwareStanding::pinned_now);
    meet(book, print(2), "Bob");
    EXPECT_TRUE(book.misses_hardware());
    EXPECT_EQ(book.hardware(device(5)), HardwareStanding::same);
    EXPECT_FALSE(book.misses_hardware());
    meet(book, print(2), "Bob");
    EXPECT_EQ(book.hardware(device(6)), HardwareStanding::changed);
    EXPECT_EQ(book.current()->hardware, device(5));
    EXPECT_TRUE(book.accept());
    EXPECT_EQ(book.current()->hardware, device(6));
    EXPECT_EQ(book.accept().error(), AcceptError::nothing_to_accept);
}

TEST(ContactBook, ADevicesKeyShownBeforeThePeerIsAContactIsPinnedThen) {
    ContactBook book{{}};
    book.identified(print(3));
    EXPECT_EQ(book.hardware(device(5)), HardwareStanding::not_kept);
    book.named("Carol", IdentityLife::kept);
    book.confirmed(today, {});
    EXPECT_EQ(book.current()->hardware, device(5));
}

TEST(ContactBook, NamelessPeersGetNamesOfTheirOwn) {
    ContactBook book{{}};
    for (u8 i = 1; i <= 3; ++i) meet(book, print(i), "");
    ASSERT_EQ(book.contacts().size(), 3U);
    EXPECT_EQ(book.contacts()[0].name, "peer");
    EXPECT_EQ(book.contacts()[1].name, "peer 2");
    EXPECT_EQ(book.contacts()[2].name, "peer 3");
    EXPECT_TRUE(check(book.contacts()));
}

TEST(ContactBook, LongNamesAreCutBetweenCharacters) {
    ContactBook book{{}};
    std::string name = "x";
    for (int i = 0; i < 40; ++i) name += "\xC3\xA9";
    meet(book, print(1), name);
    EXPECT_EQ(book.contacts().front().name.size(), 63U);
    EXPECT_TRUE(check(book.contacts()));
}

TEST(ContactBook, AFullBookTakesNobodyAndLosesNobody) {
    Contacts many;
    for (std::size_t i = 0; i < max_contacts; ++i) {
        Contact each{"contact " + std::to_string(i), {}, {}, {}, {}, WallTime{1s}};
        each.fingerprint.bytes[0] = static_cast<u8>(i);
        each.fingerprint.bytes[1] = 1;
        many.push_back(each);
    }
    ContactBook book{many};
    meet(book, print(9), "Newcomer");
    EXPECT_TRUE(book.lacks_room());
    EXPECT_EQ(book.current(), nullptr);
    EXPECT_EQ(book.contacts(), many);
    meet(book, print(9), "Contact 7");
    EXPECT_EQ(book.accept("Another").error(), AcceptError::book_full);
    EXPECT_TRUE(book.accept());
}

TEST(ContactBook, ASessionThatIsOverLeavesNothingBehind) {
    ContactBook book{{alice()}};
    meet(book, print(9), "Alice");
    book.session_over();
    EXPECT_FALSE(book.broken());
    EXPECT_EQ(book.current(), nullptr);
    EXPECT_EQ(book.accept().error(), AcceptError::nothing_to_accept);
}

TEST(FoldedName, EqualsWhatDiffersInCaseOrSpaceOnly) {
    EXPECT_EQ(folded_name("ALICE  Smith "), folded_name("alice smith"));
    EXPECT_EQ(folded_name("ZO\xC3\x8B"), folded_name("zo\xC3\xAB"));              // Ë ë
    EXPECT_EQ(folded_name("\xD0\x98\xD0\x92"), folded_name("\xD0\xB8\xD0\xB2"));  // ИВ ив
    EXPECT_EQ(folded_name("\xCE\xA9"), folded_name("\xCF\x89"));                  // Ω ω
    EXPECT_EQ(folded_name("\xC5\xA0"), folded_name("\xC5\xA1"));                  // Š š
    EXPECT_EQ(folded_name("\xC5\xBD"), folded_name("\xC5\xBE"));                  // Ž ž
    EXPECT_NE(folded_name("Alice"), folded_name("Alicia"));
    EXPECT_NE(folded_name("\xC3\x97"), folded_name("\xC3\xB7"));  // × ÷
    EXPECT_EQ(folded_name("\xC3"), "\xC3");
}

}  // namespace
}  // namespace chat
