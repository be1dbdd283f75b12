/// What a chat does about contacts: acquaintance.hpp decides, this carries it out.

#include "app/chat/chat.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {

std::unique_ptr<Acquaintance> Chat::make_acquaintance() {
    auto contacts = decode_contacts(environment_.identity.contacts);
    if (!contacts) {
        // Nothing is kept rather than something lost.
        console_.alert("the contacts of this identity can't be read, and are left as they are: " +
                       std::string{describe(contacts.error())});
        return nullptr;
    }
    return std::make_unique<Acquaintance>(environment_, console_, view_, *runner_, options_,
                                          std::move(*contacts));
}

bool Chat::contact_is_known() const {
    if (options_.keys.contact.empty()) return true;
    if (acquaintance_ && acquaintance_->expected() != nullptr) return true;
    console_.alert("no contact is named " + clean_line(bytes_of(options_.keys.contact)) +
                   " (see secure-p2p identity contacts)");
    return false;
}

std::vector<std::string> Chat::contact_places() const {
    const Contact* const contact = acquaintance_ ? acquaintance_->expected() : nullptr;
    return contact == nullptr ? std::vector<std::string>{} : contact->last_endpoints;
}

bool Chat::kept_from_talking() const { return connected_ && acquaintance_ && acquaintance_->blocked(); }

bool Chat::may_talk() const { return connected_ && !kept_from_talking(); }

/// Last of what is said at the beginning, so that a break of continuity is not scrolled away unseen.
void Chat::show_hint() {
    if (!for_a_person()) return;
    if (kept_from_talking()) return console_.alert(undecided);
    console_.status(std::string{"what you type is sent with Enter; /help shows the commands. "} +
                    (environment_.identity.kept ? "Nothing that is said is kept on disk here"
                                                : "Nothing is kept on disk here"));
}

std::string Chat::own_identity() const {
    std::string print = to_hex(runner_->fingerprint().view());
    if (!environment_.identity.kept) return print;
    return print + " (" + options_.keys.identity_name +
           ", kept in: " + std::string{name_of(*options_.keys.identity)} + ")";
}

/// A script can't be asked.
bool Chat::leave_stranger() {
    if (!acquaintance_ || !acquaintance_->blocked() || for_a_person() || leaving_) return false;
    console_.alert("left, since nobody can be asked; --accept-changed-identity goes on");
    leave_soon(ExitCode::contact_changed);
    return true;
}

void Chat::accept(std::string_view line) {
    if (!acquaintance_) return console_.alert("there is nothing to accept");
    constexpr std::string_view command = "accept ";
    acquaintance_->accept(line.size() > command.size() ? line.substr(command.size()) : std::string_view{});
    for (Event& event : acquaintance_->take_kept_back()) on_event(std::move(event));
    if (may_talk()) send_waiting();
    show_pending();
}

}  // namespace chat
