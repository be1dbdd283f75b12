#include "secure_p2p/node/node.hpp"

namespace chat {

void Node::drain_reception(Time now) {
    while (auto output = reception_->poll()) {
        if (auto* visitor = std::get_if<Reception::Visitor>(&*output)) {
            greet(std::move(*visitor), now);
        } else if (auto* answer = std::get_if<Reception::Answer>(&*output)) {
            outputs_.emplace_back(Transmit{answer->stream, std::move(answer->reply)});
        } else if (const auto* reset = std::get_if<Reception::Reset>(&*output)) {
            connections_.erase(reset->stream);
            outputs_.emplace_back(CloseStream{reset->stream, StreamEnd::reset});
        } else if (auto* event = std::get_if<Event>(&*output)) {
            say(std::move(*event));
        }
    }
}

void Node::greet(Reception::Visitor visitor, Time now) {
    const SecretId id = visitor.hello.secret_id();
    std::optional<FirstContact> first;
    if (visitor.hello.kind() != SecretKind::resume) {
        const Reception::Offer* const offer = reception_->offer(id);
        if (offer == nullptr) return reception_->refused(visitor.stream, now);
        first = FirstContact{Role::b, offer->identity, std::nullopt};
        if (visitor.hello.kind() == SecretKind::invite) {
            first->invited_identity = chat::fingerprint(offer->identity->public_identity());
        }
    }
    auto link = Link::accept(std::move(visitor.hello), supply_.take_certificate(), tls_, rng_, log_);
    if (!link) {
        say(SecurityEvent{SecurityEventKind::hello_refused, std::string{describe(link.error())},
                          bootstrap_hello_size});
        return reception_->refused(visitor.stream, now);
    }
    const Purpose purpose = first ? Purpose::first_contact : Purpose::resumption;
    // Until its finish came the reception's hold time is the connection's deadline.
    Entry entry{Connection{std::move(*link), std::move(first), supply_, rng_}, purpose, Time::max(), id,
                std::nullopt};
    const auto placed = connections_.emplace(visitor.stream, std::move(entry)).first;
    if (!visitor.rest.empty()) placed->second.connection.receive(visitor.rest);
}

void Node::bundle_arrived(StreamId stream, Entry& entry, Time now) {
    const Reception::Offer* const offer = reception_->offer(*entry.secret_id);
    const bool open = offer != nullptr && !offer->expiry;
    const bool free = vacancy() == Reception::Vacancy::free && offer != nullptr;
    if (!free || (open && !guesses_.may_begin(now))) {
        // Its hello came before another guest spent the invite.
        if (offer == nullptr) say(SpentInviteTried{});
        entry.connection.refuse();
        static_cast<void>(drain(stream, now));
        return drop_connection(stream, StreamEnd::orderly);
    }
    if (open) {
        guesses_.begun();
        entry.guess_under_way = true;
        entry.deadline = now + deadlines::open_listener_resp;
    }
    entry.connection.allow_init();
}

void Node::failed_at_host(StreamId stream, const Connection::Failed& failure, Time now) {
    Entry& entry = connections_.at(stream);
    if (!entry.authenticated) {
        // A bad finish is held like noise: nothing is sent, and the reception resets the stream when its time has come.
        connections_.erase(stream);
        reception_->refused(stream, now);
        return say(SecurityEvent{SecurityEventKind::hello_refused, failure.reason, bootstrap_finish_size});
    }
    if (entry.guess_under_way) guesses_.failed(now);
    const Purpose purpose = entry.purpose;
    drop_connection(stream, StreamEnd::orderly);
    if (purpose == Purpose::first_contact) say(HandshakeFailed{failure.stage, failure.reason});
}

}  // namespace chat
