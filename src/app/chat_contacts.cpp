/// What a chat does about contacts: acquaintance.hpp decides, this carries it out.

#include "app/chat.hpp"
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

bool Chat::may_talk() const { return connected_ && !(acquaintance_ && acquaintance_->blocked()); }

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
