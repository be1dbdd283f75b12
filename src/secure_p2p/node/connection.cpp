#include "secure_p2p/node/connection.hpp"

#include <cassert>

namespace chat {
namespace {

std::vector<Fact> exchange_facts() {
    std::vector<Fact> out;
    for (const KexFact& fact : kex_facts()) out.push_back({std::string{fact.name}, std::string{fact.value}});
    return out;
}

}  // namespace

Connection::Connection(Link link, std::optional<FirstContact> first, KeySupply& supply, Rng& rng)
    : link_{std::move(link)}, first_{std::move(first)}, supply_{supply}, rng_{rng} {
    drain_link();
}

void Connection::receive(ByteView bytes) {
    link_.receive(bytes);
    drain_link();
    link_.flush();
    drain_link();
}

void Connection::stream_ended() {
    link_.stream_ended();
    drain_link();
}

void Connection::send(FrameKind kind, ByteView body) {
    link_.send(kind, body);
    drain_link();
}

void Connection::close() {
    link_.close();
    drain_link();
}

void Connection::refuse() {
    link_.send(FrameKind::alert, {});
    close();
}

void Connection::drain_link() {
    while (auto output = link_.poll()) {
        if (auto* secured_link = std::get_if<Link::Secured>(&*output)) {
            secured(std::move(*secured_link));
        } else if (auto* frame = std::get_if<Link::Received>(&*output)) {
            handle_frame(std::move(*frame));
        } else if (auto* write = std::get_if<Link::Write>(&*output)) {
            outputs_.emplace_back(std::move(*write));
        } else if (std::holds_alternative<Link::Authenticated>(*output)) {
            outputs_.emplace_back(Link::Authenticated{});
        } else if (auto* failed = std::get_if<Link::Failed>(&*output)) {
            // TLS stands, but what broke it came in the middle of the key exchange.
            const Stage stage = secured_ ? Stage::key_exchange : failed->stage;
            outputs_.emplace_back(Failed{stage, std::move(failed->reason), failed->bootstrap_error,
                                         failed->transport, failed->orderly, failed->framing});
        }
    }
}

void Connection::secured(Link::Secured secured) {
    if (!first_) {
        outputs_.emplace_back(SecuredForResume{secured.exporter});
        return;
    }
    outputs_.emplace_back(StageReached{Stage::bootstrap, secured.bootstrap_facts});
    outputs_.emplace_back(StageReached{Stage::tls, secured.tls_facts});
    secured_.emplace(std::move(secured));
    if (first_->own_role == Role::b) return;
    auto started = start_as_a(context(), *first_->identity, supply_.take_ephemeral_pair(), rng_);
    if (!started) return fail_exchange(started.error());
    exchange_ = std::move(started->next);
    link_.send(FrameKind::bundle, started->bundle.view());
}

KexContext Connection::context() const {
    assert(secured_ && first_);
    return {secured_->bootstrap_transcript, secured_->exporter, first_->invited_identity};
}

void Connection::handle_frame(Link::Received frame) {
    if (!secured_) {
        outputs_.emplace_back(std::move(frame));
        return;
    }
    link_.ciphertext_log().arriving(Ciphertext::key_exchange, frame.body.size());
    if (frame.kind == FrameKind::alert) return fail_exchange("the other side refused the handshake");
    if (frame.kind == FrameKind::init && std::holds_alternative<AwaitingInit>(exchange_))
        return accept_init(frame.body);
    if (frame.kind == FrameKind::resp && std::holds_alternative<AwaitingResp>(exchange_))
        return accept_resp(frame.body);
    const bool bundle_due = first_->own_role == Role::b && std::holds_alternative<Idle>(exchange_);
    if (frame.kind == FrameKind::bundle && bundle_due) {
        exchange_ = HeldBundle{std::move(frame.body)};
        outputs_.emplace_back(BundleArrived{});
        return;
    }
    fail_exchange("a frame came out of turn during the key exchange");
}

void Connection::allow_init() {
    const auto* held = std::get_if<HeldBundle>(&exchange_);
    assert(held != nullptr);
    auto started =
        accept_bundle(context(), *first_->identity, supply_.take_ephemeral_pair(), held->body, rng_);
    if (!started) return fail_exchange(started.error());
    exchange_ = std::move(started->next);
    send(FrameKind::init, started->init.view());
}

void Connection::accept_init(ByteView body) {
    auto agreed_a = std::get<AwaitingInit>(std::move(exchange_)).accept_init(body, rng_);
    if (!agreed_a) return fail_exchange(agreed_a.error());
    link_.send(FrameKind::resp, agreed_a->resp.view());
    agreed(std::move(agreed_a->session));
}

void Connection::accept_resp(ByteView body) {
    auto established = std::get<AwaitingResp>(std::move(exchange_)).accept_resp(body);
    if (!established) return fail_exchange(established.error());
    agreed(std::move(*established));
}

void Connection::agreed(Established established) {
    exchange_ = Idle{};
    outputs_.emplace_back(StageReached{Stage::key_exchange, exchange_facts()});
    outputs_.emplace_back(Agreement{std::move(established), std::move(secured_->bootstrap_secret),
                                    secured_->bootstrap_transcript, first_->identity});
    secured_.reset();
}

void Connection::fail_exchange(KexError error) {
    fail_exchange(describe(error));
    std::get<Failed>(outputs_.back()).own_keys = error == KexError::identity_keys_unavailable;
}

void Connection::fail_exchange(std::string_view reason) {
    exchange_ = Idle{};
    secured_.reset();
    link_.send(FrameKind::alert, {});
    link_.close();
    while (auto output = link_.poll()) {
        if (auto* write = std::get_if<Link::Write>(&*output)) outputs_.emplace_back(std::move(*write));
    }
    outputs_.emplace_back(Failed{Stage::key_exchange, std::string{reason}, std::nullopt});
}

std::optional<Connection::Output> Connection::poll() {
    if (outputs_.empty()) return std::nullopt;
    Output out = std::move(outputs_.front());
    outputs_.pop_front();
    return out;
}

}  // namespace chat
