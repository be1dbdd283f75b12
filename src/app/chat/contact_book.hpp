#pragma once
/// Whom a kept identity knows, and who the peer of the present session is to it: a new contact, a known one, somebody whose identity
/// is made for one run and therefore not remembered, or a break of continuity. Pure logic: it is told what the session tells and says what it means; whoever owns it saves and shows.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "secure_key_manager/contacts.hpp"
#include "secure_p2p/options.hpp"

namespace chat {

/// The peer is not who it should be, and nothing proves that it follows them.
struct ContinuityBreak {
    enum class Kind : u8 {
        name_taken,     ///< calls itself like a contact, and is another identity
        not_expected,   ///< --contact: an identity that no contact has
        other_contact,  ///< another contact's identity: with --contact, or rotated to
        rotated_device  ///< a contact whose identity a device co-signed, which never rotates, has rotated
    };
    Kind kind{};
    std::string contact;   ///< whose name was taken, or who was expected
    std::string known_as;  ///< other_contact: who it is, or says to be from now on
    Fingerprint pinned;
    Fingerprint shown;
    bool was_verified = false;
};

/// The device's key of the peer against the pinned one.
enum class HardwareStanding : u8 {
    pinned_now,  ///< the contact had none
    same,
    changed,  ///< the old one stays pinned until it is accepted
    not_kept  ///< the peer is no contact (yet)
};

enum class Accepted : u8 {
    as_contact,    ///< the peer is current() from now on
    this_session,  ///< and no longer; no contact changed
    device_key,
};

enum class AcceptError : u8 {
    nothing_to_accept,
    bad_name,    ///< empty, or longer than 64 bytes
    name_taken,  ///< another contact has it
    book_full,
    not_in_session,  ///< rotated_device: whoever it is has to meet the person anew
};
[[nodiscard]] std::string_view describe(AcceptError error);

/// Names that a person can't be expected to tell apart by their case are equal: Latin, Greek and Cyrillic letters are folded, white
/// space is one space. Letters that only look alike are different.
[[nodiscard]] std::string folded_name(std::string_view name);

class ContactBook {
  public:
    /// `expected`: the only contact that may be here (--contact); empty: anybody.
    explicit ContactBook(Contacts contacts, std::string expected = {});

    [[nodiscard]] const Contacts& contacts() const { return contacts_; }
    [[nodiscard]] const Contact* find(std::string_view name) const;

    /// A session was agreed with this identity.
    void identified(const Fingerprint& peer);
    /// What the peer calls itself, cleaned; empty: nothing. Only an identity that is kept can be known again, so only such a one
    /// becomes a contact.
    void named(std::string_view name, IdentityLife life);
    /// The session stands on both sides. `endpoints`: where it was dialled, if it was.
    void confirmed(WallTime now, std::vector<std::string> endpoints);
    /// With proof of continuity: the pin follows, the verification carries over. The proof is one of whoever holds this session's keys;
    /// a contact with a device proves more than that, keeps its identity for ever, and so its pin follows nobody. Nor does any pin
    /// follow to an identity that is pinned already.
    void rotated(const Fingerprint& to);
    /// The person compared the words.
    void compared(bool equal);
    [[nodiscard]] HardwareStanding hardware(const HardwareKey& key);
    void session_over();

    /// Empty: all is well.
    [[nodiscard]] const std::optional<ContinuityBreak>& broken() const { return broken_; }
    /// The peer, once it is a contact, and no break stands.
    [[nodiscard]] const Contact* current() const;
    /// It was a contact before this session.
    [[nodiscard]] bool known_before() const { return known_before_; }
    /// The contact showed a device's key in an earlier session and none in this one so far.
    [[nodiscard]] bool misses_hardware() const;
    /// It showed another one than that which is pinned.
    [[nodiscard]] bool shows_other_hardware() const;
    /// The peer would be a contact if more fitted.
    [[nodiscard]] bool lacks_room() const;

    /// The person goes on all the same. After a break the pin is replaced by an identity that is kept, and the verification lost; one
    /// made for a single run replaces nothing. With `other_name` the contact stays as it is and the peer becomes another one.
    /// After a changed device's key that is pinned.
    [[nodiscard]] Result<Accepted, AcceptError> accept(std::string_view other_name = {});

    /// Something has to be saved; asking forgets it.
    [[nodiscard]] bool take_change() { return std::exchange(changed_, false); }

  private:
    [[nodiscard]] Contact* find_mutable(std::string_view name);
    [[nodiscard]] Contact* find(const Fingerprint& peer);
    void consider();
    [[nodiscard]] bool full() const { return contacts_.size() >= max_contacts; }
    void adopt(Contact& contact);
    void refresh(Contact& contact);
    [[nodiscard]] std::string free_name(std::string wanted) const;

    Contacts contacts_;
    std::string expected_;
    std::optional<Fingerprint> peer_;
    std::optional<std::string> peer_name_;
    IdentityLife life_ = IdentityLife::one_run;
    std::optional<WallTime> confirmed_at_;
    std::vector<std::string> endpoints_;
    std::optional<std::string> current_;  ///< its name, which is unique
    std::optional<ContinuityBreak> broken_;
    std::optional<HardwareKey> shown_hardware_;
    bool compared_equal_ = false;
    bool known_before_ = false;
    bool tolerated_ = false;  ///< accepted for this session
    bool changed_ = false;
};

}  // namespace chat
