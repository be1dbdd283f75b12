#include "app/chat/acquaintance.hpp"

#include <algorithm>

#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

std::string two_digits(unsigned value) {
    std::string text = std::to_string(value);
    return text.size() < 2 ? "0" + text : text;
}

std::string date_text(WallTime when) {
    const std::chrono::year_month_day day{std::chrono::floor<std::chrono::days>(when)};
    return std::to_string(static_cast<int>(day.year())) + "-" +
           two_digits(static_cast<unsigned>(day.month())) + "-" +
           two_digits(static_cast<unsigned>(day.day()));
}

std::string short_fingerprint(const Fingerprint& fingerprint) {
    return to_hex(ByteView{fingerprint.bytes}.first(8));
}

std::string_view reason_of(ContinuityBreak::Kind kind) {
    switch (kind) {
        case ContinuityBreak::Kind::name_taken: return "a contact's name with another identity";
        case ContinuityBreak::Kind::not_expected: return "an identity that is not the contact's";
        case ContinuityBreak::Kind::other_contact: return "another contact than the expected one";
        case ContinuityBreak::Kind::rotated_device:
            return "a rotation of an identity that a device co-signed";
    }
    return "";
}

}  // namespace

Acquaintance::Acquaintance(Environment& environment, Console& console, ChatView& view, NodeRunner& runner,
                           const Options& options, Contacts contacts)
    : environment_{environment},
      console_{console},
      view_{view},
      runner_{runner},
      options_{options},
      book_{std::move(contacts), options.keys.contact},
      hardware_timer_{environment.loop} {}

bool Acquaintance::keep_back(Event& event) {
    const auto* const text = std::get_if<TextReceived>(&event);
    if (text == nullptr || !blocked()) return false;
    kept_back_bytes_ += text->text.size() + sizeof(Event);
    if (kept_back_bytes_ > most_kept_back) {
        overflown_ = true;
    } else {
        kept_back_.push_back(std::move(event));
    }
    return true;
}

std::vector<Event> Acquaintance::take_kept_back() {
    if (blocked()) return {};
    kept_back_bytes_ = 0;
    return std::exchange(kept_back_, {});
}

void Acquaintance::on_event(const Event& event) {
    if (const auto* identity = std::get_if<PeerIdentified>(&event)) identified(*identity);
    if (const auto* name = std::get_if<PeerNamed>(&event)) named(*name);
    if (std::holds_alternative<Connected>(event)) connected();
    if (const auto* rotated = std::get_if<IdentityRotated>(&event);
        rotated != nullptr && rotated->whose == Whose::theirs)
        book_.rotated(rotated->new_fingerprint);
    if (const auto* changed = std::get_if<VerificationChanged>(&event)) {
        if (changed->verification == Verification::verified) book_.compared(true);
        if (changed->verification == Verification::words_differ) book_.compared(false);
    }
    if (const auto* backed = std::get_if<HardwareBacked>(&event)) hardware(*backed);
    if (std::holds_alternative<SessionEnded>(event)) {
        book_.session_over();
        hardware_timer_.cancel();
        kept_back_.clear();
        kept_back_bytes_ = 0;
        break_shown_ = connected_ = false;
    }
    if (book_.lacks_room() && !std::exchange(told_full_, true)) {
        console_.alert("no more contacts fit: this one is not remembered (see identity forget)");
    }
    consider_break();
    save();
}

void Acquaintance::identified(const PeerIdentified& event) {
    break_shown_ = false;
    book_.identified(event.fingerprint);
    if (const Contact* const contact = book_.current()) recognised(*contact);
}

void Acquaintance::recognised(const Contact& contact) {
    const bool verified = contact.verification == ContactVerification::verified;
    console_.status("known contact " + clean_name(contact.name, "peer") +
                    (verified ? ", verified earlier" : ", not verified yet") + "; last seen on " +
                    date_text(contact.last_seen));
    view_.call_peer(clean_name(contact.name, "peer"));
}

void Acquaintance::named(const PeerNamed& event) {
    const std::string name = clean_name(event.name, "");
    book_.named(name, event.identity_life);
    if (event.identity_life == IdentityLife::one_run && book_.current() == nullptr && !blocked()) {
        console_.status("the other side's identity is made for this run, so it is not remembered");
    }
    const Contact* const contact = book_.current();
    if (contact == nullptr || !book_.known_before()) return;
    if (!name.empty() && folded_name(name) != folded_name(contact->name)) {
        console_.alert("your contact " + clean_name(contact->name, "peer") + " calls itself " + name +
                       " now");
    }
    view_.call_peer(clean_name(contact->name, "peer"));
}

void Acquaintance::connected() {
    connected_ = true;
    book_.confirmed(environment_.loop.wall_now(), dialled());
    const Contact* const contact = book_.current();
    if (contact == nullptr) return;
    if (!book_.known_before()) {
        console_.status(clean_name(contact->name, "peer") + " is a new contact, remembered by this identity");
        return;
    }
    if (contact->verification == ContactVerification::verified) runner_.restore_verification();
    await_hardware();
}

void Acquaintance::await_hardware() {
    if (!book_.misses_hardware()) return;
    hardware_timer_.set(environment_.loop.now() + hardware_patience, [this] { hardware_missing(); });
}

/// The place that led there first.
std::vector<std::string> Acquaintance::dialled() const {
    std::vector<std::string> out;
    const auto add = [&out](const std::string& place) {
        const bool fits = !place.empty() && place.size() <= Contact::max_endpoint;
        if (fits && std::ranges::find(out, place) == out.end()) out.push_back(place);
    };
    const auto report = runner_.dial_report();
    for (const DialReportLine& line : report) {
        if (line.state == DialReportLine::State::won) add(line.place);
    }
    for (const DialReportLine& line : report) add(line.place);
    return out;
}

void Acquaintance::hardware(const HardwareBacked& event) {
    hardware_timer_.cancel();
    const HardwareKey key{static_cast<HsmKind>(event.kind), event.key};
    static_assert(static_cast<u8>(DeviceKind::tpm) == static_cast<u8>(HsmKind::tpm));
    static_assert(static_cast<u8>(DeviceKind::pkcs11) == static_cast<u8>(HsmKind::pkcs11));
    static_assert(static_cast<u8>(DeviceKind::cng) == static_cast<u8>(HsmKind::cng));
    switch (book_.hardware(key)) {
        case HardwareStanding::same: console_.status("the same key as before"); return;
        case HardwareStanding::pinned_now: console_.status("the key is remembered for this contact"); return;
        case HardwareStanding::not_kept: return;
        case HardwareStanding::changed: return hardware_changed();
    }
}

void Acquaintance::hardware_changed() {
    report("the contact's hardware key changed");
    console_.alert("!!! THE KEY IN THE DEVICE IS NOT THE ONE THAT THIS CONTACT HAD BEFORE !!!");
    console_.alert(
        "a new device, or somebody who has a copy of the identity without the device. Ask over another "
        "channel; "
        "/accept remembers the new key");
}

void Acquaintance::hardware_missing() {
    if (!book_.misses_hardware()) return;
    report("the contact's hardware key is missing");
    console_.alert(
        "!!! THIS CONTACT'S IDENTITY WAS CO-SIGNED BY A KEY IN A DEVICE BEFORE, AND NOW IT IS NOT !!!");
    console_.alert(
        "the device may be slow or gone, or somebody has a copy of the identity without it. Ask over another "
        "channel");
}

void Acquaintance::consider_break() {
    if (!blocked() || std::exchange(break_shown_, true)) return;
    report(std::string{reason_of(book_.broken()->kind)});
    show_break();
    if (!options_.keys.accept_changed_identity) return;
    console_.alert("accepted by --accept-changed-identity");
    accept({});
}

void Acquaintance::show_break() {
    const ContinuityBreak& it = *book_.broken();
    const std::string name = clean_name(it.contact, "peer");
    if (it.kind == ContinuityBreak::Kind::other_contact) {
        console_.alert("!!! THIS IS NOT " + name + ", BUT YOUR CONTACT " + clean_name(it.known_as, "peer") +
                       " !!!");
    } else if (it.kind == ContinuityBreak::Kind::rotated_device) {
        console_.alert("!!! YOUR CONTACT " + name +
                       " HAS REPLACED AN IDENTITY THAT A DEVICE CO-SIGNED: THAT NEVER HAPPENS !!!");
    } else {
        console_.alert("!!! THIS IS NOT THE IDENTITY OF YOUR CONTACT " + name +
                       ", AND NOTHING PROVES THAT IT FOLLOWS IT !!!");
    }
    console_.alert("    known as " + name + (it.was_verified ? " (verified): " : ": ") +
                   short_fingerprint(it.pinned) + "; now here: " + short_fingerprint(it.shown));
    console_.alert("    either " + name +
                   " has a new identity, or somebody else is here. Ask over another channel that you trust");
    if (options_.plain) return;
    if (it.kind == ContinuityBreak::Kind::rotated_device) return console_.alert("    leave: /quit");
    console_.alert("    nothing that you type is sent, and nothing that arrives is shown, until you decide:");
    console_.alert("    /accept        go on with this identity; it is unverified");
    if (it.kind == ContinuityBreak::Kind::name_taken) {
        console_.alert("    /accept NAME   this is somebody else, to be remembered as NAME");
    }
    console_.alert("    /quit          leave");
}

void Acquaintance::accept(std::string_view name) {
    const auto accepted = book_.accept(name.empty() ? std::string{} : clean_name(name, ""));
    if (!accepted) return console_.alert(describe(accepted.error()));
    break_shown_ = false;  // a rotation may bring another one
    if (*accepted == Accepted::this_session) {
        view_.call_peer("somebody");
        return console_.alert(
            "accepted for this session, unverified and as 'somebody'; the contact stays as it was, since "
            "this identity is made for one run");
    }
    const Contact& contact = *book_.current();
    if (*accepted == Accepted::as_contact) {
        view_.call_peer(clean_name(contact.name, "peer"));
        console_.alert("accepted: this identity is " + clean_name(contact.name, "peer") + " from now on");
        if (contact.verification == ContactVerification::verified) runner_.restore_verification();
        // Nobody looked at the device while it was not settled whose it should be.
        if (book_.shows_other_hardware()) hardware_changed();
        await_hardware();
    } else {
        console_.alert("accepted: the key in the device is remembered for this contact");
    }
    save();
}

/// Without the name: the log is not told whom one talks to.
void Acquaintance::report(std::string reason) {
    runner_.report(SecurityEventKind::contact_changed, std::move(reason));
}

void Acquaintance::save() {
    if (!book_.take_change() || !environment_.identity.contact_store) return;
    const auto saved = environment_.identity.contact_store->save(book_.contacts());
    if (!saved) console_.alert("the contacts were not saved: " + saved.error());
}

}  // namespace chat
