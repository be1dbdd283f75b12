#include "app/chat/contact_book.hpp"

#include <algorithm>
#include <utility>

namespace chat {
namespace {

/// As many whole characters as fit.
std::string fitting(std::string_view name) {
    if (name.size() <= Contact::max_name) return std::string{name};
    std::size_t end = Contact::max_name;
    while (end > 0 && (static_cast<u8>(name[end]) & 0xC0U) == 0x80U) --end;
    return std::string{name.substr(0, end)};
}

/// A letter of two UTF-8 bytes in its small form, where it has one that is a fixed distance away.
unsigned folded_letter(unsigned c) {
    const auto in = [c](unsigned first, unsigned last) { return c >= first && c <= last; };
    if ((in(0xC0, 0xDE) && c != 0xD7) || in(0x391, 0x3A9) || in(0x410, 0x42F)) return c + 0x20;
    if (in(0x400, 0x40F)) return c + 0x50;
    const bool even_is_capital = in(0x100, 0x137) || in(0x14A, 0x177) || in(0x460, 0x481) || in(0x48A, 0x4BF);
    const bool odd_is_capital = in(0x139, 0x148) || in(0x179, 0x17E);
    if (even_is_capital) return c | 1U;
    if (odd_is_capital) return c + (c & 1U);
    return c;
}

}  // namespace

std::string_view describe(AcceptError error) {
    switch (error) {
        case AcceptError::nothing_to_accept: return "there is nothing to accept";
        case AcceptError::bad_name: return "a contact's name has 1 to 64 bytes";
        case AcceptError::name_taken: return "another contact has this name";
        case AcceptError::book_full: return "no more contacts fit: forget one first";
        case AcceptError::not_in_session:
            return "this can't be accepted: leave, and ask over another channel before you meet again";
    }
    return "";
}

std::string folded_name(std::string_view name) {
    std::string out;
    for (std::size_t i = 0; i < name.size(); ++i) {
        const auto byte = static_cast<u8>(name[i]);
        if (byte == ' ' || byte == '\t') {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else if (byte >= 'A' && byte <= 'Z') {
            out += static_cast<char>(byte + ('a' - 'A'));
        } else if ((byte & 0xE0U) == 0xC0U && i + 1 < name.size()) {
            const unsigned letter =
                folded_letter((byte & 0x1FU) << 6U | (static_cast<u8>(name[++i]) & 0x3FU));
            out += static_cast<char>(0xC0U | letter >> 6U);
            out += static_cast<char>(0x80U | (letter & 0x3FU));
        } else {
            out += static_cast<char>(byte);
        }
    }
    while (!out.empty() && out.back() == ' ') out.pop_back();
    return out;
}

ContactBook::ContactBook(Contacts contacts, std::string expected)
    : contacts_{std::move(contacts)}, expected_{std::move(expected)} {}

const Contact* ContactBook::find(std::string_view name) const {
    const std::string wanted = folded_name(name);
    const auto found = std::ranges::find_if(
        contacts_, [&](const Contact& each) { return folded_name(each.name) == wanted; });
    return found == contacts_.end() ? nullptr : &*found;
}

Contact* ContactBook::find_mutable(std::string_view name) {
    return const_cast<Contact*>(
        std::as_const(*this).find(name));  // NOLINT: of this object, which is not const
}

Contact* ContactBook::find(const Fingerprint& peer) {
    const auto found = std::ranges::find(contacts_, peer, &Contact::fingerprint);
    return found == contacts_.end() ? nullptr : &*found;
}

void ContactBook::identified(const Fingerprint& peer) {
    session_over();
    peer_ = peer;
    consider();
}

void ContactBook::named(std::string_view name, IdentityLife life) {
    if (peer_name_) return;
    peer_name_ = fitting(name);
    life_ = life;
    consider();
}

void ContactBook::confirmed(WallTime now, std::vector<std::string> endpoints) {
    confirmed_at_ = now;
    endpoints_ = std::move(endpoints);
    if (endpoints_.size() > Contact::max_endpoints) endpoints_.resize(Contact::max_endpoints);
    consider();
}

/// Who the peer is, as far as it is known by now.
void ContactBook::consider() {
    if (!peer_ || broken_ || tolerated_ || current_) {
        if (current_ && confirmed_at_) refresh(*find_mutable(*current_));
        return;
    }
    Contact* const known = find(*peer_);
    const Contact* const expected = expected_.empty() ? nullptr : find(expected_);
    using Kind = ContinuityBreak::Kind;
    if (expected != nullptr && expected != known) {
        broken_ = ContinuityBreak{known != nullptr ? Kind::other_contact : Kind::not_expected,
                                  expected->name,
                                  known != nullptr ? known->name : std::string{},
                                  expected->fingerprint,
                                  *peer_,
                                  expected->verification == ContactVerification::verified};
        return;
    }
    if (known != nullptr) {
        known_before_ = true;
        return adopt(*known);
    }
    if (!peer_name_) return;
    const Contact* const namesake = peer_name_->empty() ? nullptr : find(*peer_name_);
    if (namesake != nullptr) {
        broken_ = ContinuityBreak{
            Kind::name_taken,      namesake->name, {},
            namesake->fingerprint, *peer_,         namesake->verification == ContactVerification::verified};
        return;
    }
    if (life_ != IdentityLife::kept || !confirmed_at_ || full()) return;
    contacts_.push_back(
        {free_name(*peer_name_), *peer_, ContactVerification::unverified, {}, {}, *confirmed_at_});
    adopt(contacts_.back());
    changed_ = true;
}

void ContactBook::adopt(Contact& contact) {
    current_ = contact.name;
    if (compared_equal_ && contact.verification != ContactVerification::verified) {
        contact.verification = ContactVerification::verified;
        changed_ = true;
    }
    if (shown_hardware_ && !contact.hardware) {
        contact.hardware = shown_hardware_;
        changed_ = true;
    }
    if (confirmed_at_) refresh(contact);
}

void ContactBook::refresh(Contact& contact) {
    if (*confirmed_at_ >= WallTime{} && *confirmed_at_ <= Contact::latest) contact.last_seen = *confirmed_at_;
    if (!endpoints_.empty()) contact.last_endpoints = endpoints_;
    changed_ = true;
}

std::string ContactBook::free_name(std::string wanted) const {
    if (wanted.empty()) wanted = "peer";
    std::string name = wanted;
    for (std::size_t n = 2; find(name) != nullptr; ++n) name = wanted + " " + std::to_string(n);
    return name;
}

void ContactBook::rotated(const Fingerprint& to) {
    if (!peer_) return;
    Contact* const contact = find(*peer_);
    const Contact* const taken = find(to);
    peer_ = to;
    shown_hardware_.reset();  // it was for the old identity
    if (broken_) broken_->shown = to;
    if (contact == nullptr) return;
    if (!contact->hardware && taken == nullptr) {
        contact->fingerprint = to;
        changed_ = true;
        return;
    }
    current_.reset();
    using Kind = ContinuityBreak::Kind;
    const bool with_device = contact->hardware.has_value();
    broken_ = ContinuityBreak{with_device ? Kind::rotated_device : Kind::other_contact,
                              contact->name,
                              with_device ? std::string{} : taken->name,
                              contact->fingerprint,
                              to,
                              contact->verification == ContactVerification::verified};
}

void ContactBook::compared(bool equal) {
    compared_equal_ = equal;
    if (!current_) return;
    Contact& contact = *find_mutable(*current_);
    contact.verification = equal ? ContactVerification::verified : ContactVerification::unverified;
    changed_ = true;
}

HardwareStanding ContactBook::hardware(const HardwareKey& key) {
    shown_hardware_ = key;
    if (!current_) return HardwareStanding::not_kept;
    Contact& contact = *find_mutable(*current_);
    if (contact.hardware == key) return HardwareStanding::same;
    if (contact.hardware) return HardwareStanding::changed;
    contact.hardware = key;
    changed_ = true;
    return HardwareStanding::pinned_now;
}

bool ContactBook::misses_hardware() const {
    const Contact* const contact = current();
    return contact != nullptr && contact->hardware && !shown_hardware_;
}

bool ContactBook::shows_other_hardware() const {
    const Contact* const contact = current();
    return contact != nullptr && contact->hardware && shown_hardware_ && contact->hardware != shown_hardware_;
}

void ContactBook::session_over() {
    peer_.reset();
    peer_name_.reset();
    life_ = IdentityLife::one_run;
    confirmed_at_.reset();
    endpoints_.clear();
    current_.reset();
    broken_.reset();
    shown_hardware_.reset();
    compared_equal_ = false;
    known_before_ = false;
    tolerated_ = false;
}

bool ContactBook::lacks_room() const {
    return full() && life_ == IdentityLife::kept && confirmed_at_ && !current_ && !broken_;
}

const Contact* ContactBook::current() const { return current_ ? find(*current_) : nullptr; }

Result<Accepted, AcceptError> ContactBook::accept(std::string_view other_name) {
    if (!broken_) {
        Contact* const contact = current_ ? find_mutable(*current_) : nullptr;
        if (contact == nullptr || !shown_hardware_ || contact->hardware == shown_hardware_)
            return fail(AcceptError::nothing_to_accept);
        contact->hardware = shown_hardware_;
        changed_ = true;
        return Accepted::device_key;
    }
    using Kind = ContinuityBreak::Kind;
    if (broken_->kind == Kind::rotated_device) return fail(AcceptError::not_in_session);
    // Also somebody who has become a contact's identity by a rotation: no identity is pinned twice.
    if (Contact* const known = find(*peer_); known != nullptr) {
        known_before_ = true;
        broken_.reset();
        adopt(*known);
        return Accepted::as_contact;
    }
    if (!other_name.empty()) {
        if (other_name.size() > Contact::max_name) return fail(AcceptError::bad_name);
        if (find(other_name) != nullptr) return fail(AcceptError::name_taken);
        if (full()) return fail(AcceptError::book_full);
        contacts_.push_back({std::string{other_name}, *peer_, ContactVerification::unverified, {}, {}, {}});
        broken_.reset();
        adopt(contacts_.back());
    } else if (life_ == IdentityLife::one_run) {
        tolerated_ = true;
        broken_.reset();
        return Accepted::this_session;
    } else {
        Contact& contact = *find_mutable(broken_->contact);
        contact.fingerprint = *peer_;
        contact.verification = ContactVerification::unverified;
        contact.hardware.reset();
        contact.last_endpoints.clear();
        broken_.reset();
        adopt(contact);
    }
    changed_ = true;
    return Accepted::as_contact;
}

}  // namespace chat
