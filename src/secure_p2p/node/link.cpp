#include "secure_p2p/node/link.hpp"

#include <cassert>

namespace chat {
namespace {

std::vector<Fact> bootstrap_facts(std::size_t certificate_size) {
    return {{"key agreement", "X25519 + ML-KEM-1024, ephemeral, under the shared secret"},
            {"certificate exchange", "ChaCha20-Poly1305, keys from HKDF-SHA256"},
            {"peer's certificate", std::to_string(certificate_size) + " bytes, pinned for TLS"}};
}

std::vector<Fact> facts_of(const TlsFacts& tls) {
    return {
        {"version", tls.version},
        {"key agreement", tls.group},
        {"cipher suite", tls.suite},
        {"certificates", tls.signature + ", mutual, " + std::to_string(tls.certificate_size) + " bytes"},
        {"verified", tls.peer_matches_pin ? "the peer's certificate is the one from layer 1, byte for byte"
                                          : "the peer's certificate was not compared"}};
}

}  // namespace

Link::Link(State state, StreamSide side, ChannelCertificate certificate, const TlsContext& tls,
           CiphertextLog& log)
    : state_{std::move(state)}, side_{side}, certificate_{std::move(certificate)}, tls_{&tls}, log_{&log} {}

Link Link::dial(const PresharedSecret* secret, Role own_role, ChannelCertificate certificate,
                const TlsContext& tls, Rng& rng, CiphertextLog& log) {
    auto started = secret != nullptr ? BootstrapDialler::start(*secret, own_role, certificate.der(), rng)
                                     : BootstrapDialler::start_open(certificate.der(), rng);
    Link link{AwaitReply{std::move(started.state)}, StreamSide::dialler, std::move(certificate), tls, log};
    link.outputs_.emplace_back(Write{std::move(started.hello)});
    return link;
}

Result<Link, BootstrapError> Link::accept(OpenedHello hello, ChannelCertificate certificate,
                                          const TlsContext& tls, Rng& rng, CiphertextLog& log) {
    auto replied = std::move(hello).reply(certificate.der(), rng);
    if (!replied) return fail(replied.error());
    Link link{AwaitFinish{std::move(replied->state)}, StreamSide::listener, std::move(certificate), tls, log};
    link.outputs_.emplace_back(Write{std::move(replied->reply)});
    return link;
}

Stage Link::stage() const {
    if (std::holds_alternative<Handshake>(state_)) return Stage::tls;
    return secured() ? Stage::key_exchange : Stage::bootstrap;
}

void Link::receive(ByteView bytes) {
    if (std::holds_alternative<AwaitReply>(state_)) receive_reply(bytes);
    if (std::holds_alternative<AwaitFinish>(state_)) receive_finish(bytes);
    if (bytes.empty()) return;
    if (std::holds_alternative<Handshake>(state_)) {
        receive_handshake(bytes);
    } else if (secured()) {
        receive_records(bytes);
    }
}

void Link::receive_reply(ByteView& bytes) {
    auto& await = std::get<AwaitReply>(state_);
    if (!await.reader.read(bytes)) return;
    log_->arriving(Ciphertext::certificate, await.reader.frame().size());
    auto finished = std::move(await.state).accept_reply(await.reader.frame());
    if (!finished) return fail_bootstrap(finished.error());
    begin_tls(std::move(finished->done), std::move(finished->finish));
}

void Link::receive_finish(ByteView& bytes) {
    auto& await = std::get<AwaitFinish>(state_);
    if (!await.reader.read(bytes)) return;
    log_->arriving(Ciphertext::certificate, await.reader.frame().size());
    auto accepted = std::move(await.state).accept_finish(await.reader.frame());
    if (!accepted) return fail_bootstrap(accepted.error());
    begin_tls(std::move(accepted->done), {});
}

void Link::begin_tls(BootstrapDone done, Bytes first) {
    assert(certificate_);
    outputs_.emplace_back(Authenticated{});
    auto tls = side_ == StreamSide::dialler
                   ? TlsHandshake::client(*tls_, std::move(*certificate_), done.peer_certificate)
                   : TlsHandshake::server(*tls_, std::move(*certificate_), done.peer_certificate);
    certificate_.reset();
    certificate_size_ = done.peer_certificate.view().size();
    state_ = Handshake{std::move(tls), std::move(done.secret), done.transcript};
    advance_tls(std::move(first));
}

void Link::log_records(ByteView bytes) {
    records_.see(bytes, [this](std::size_t size) { log_->arriving(Ciphertext::tls_record, size); });
}

void Link::receive_handshake(ByteView bytes) {
    log_records(bytes);
    const auto taken = std::get<Handshake>(state_).tls.handle_input(bytes);
    if (!taken) return fail_tls(taken.error());
    advance_tls({});
}

void Link::advance_tls(Bytes first) {
    auto& handshake = std::get<Handshake>(state_);
    const auto progress = handshake.tls.advance();
    if (!progress) {
        flush(std::move(first));
        return fail_tls(progress.error());
    }
    if (*progress == TlsHandshake::Progress::needs_input) return flush(std::move(first));
    finish_tls(std::move(handshake));
}

void Link::finish_tls(Handshake handshake) {
    TlsChannel tls = std::move(handshake.tls).into_channel();
    Secured secured{std::move(handshake.secret), handshake.transcript, tls.exporter(handshake.transcript),
                    bootstrap_facts(certificate_size_), facts_of(tls.facts())};
    state_ = Open{std::move(tls), {}};
    outputs_.emplace_back(std::move(secured));
    read_frames();
}

void Link::receive_records(ByteView bytes) {
    log_records(bytes);
    const auto taken = std::get<Open>(state_).tls.handle_input(bytes);
    if (!taken) return fail_tls(taken.error());
    read_frames();
}

void Link::read_frames() {
    while (auto* open = std::get_if<Open>(&state_)) {
        auto record = open->tls.read();
        if (!record) return fail_tls(record.error());
        if (!*record) return;
        const auto frame = open->assembler.accept(**record);
        if (!frame) {
            Failed failed{Stage::key_exchange, std::string{describe(frame.error())}, std::nullopt};
            failed.framing = true;
            outputs_.emplace_back(std::move(failed));
            state_ = Over{};
            return;
        }
        if (*frame)
            outputs_.emplace_back(
                Received{(*frame)->kind, Bytes{(*frame)->body.begin(), (*frame)->body.end()}});
    }
}

void Link::send(FrameKind kind, ByteView body) {
    auto* open = std::get_if<Open>(&state_);
    if (open == nullptr) return;
    const auto written = open->tls.write(encode_frame(kind, body));
    if (!written) return fail_tls(written.error());
    flush();
}

void Link::close() {
    auto* open = std::get_if<Open>(&state_);
    if (open == nullptr) return;
    open->tls.close();
    flush();
    state_ = Over{};
}

void Link::stream_ended() {
    if (auto* handshake = std::get_if<Handshake>(&state_)) return fail_tls(handshake->tls.input_ended());
    if (auto* open = std::get_if<Open>(&state_)) return fail_tls(open->tls.input_ended());
    if (std::holds_alternative<Over>(state_)) return;
    outputs_.emplace_back(
        Failed{Stage::bootstrap, "the connection ended during the certificate exchange", {}, true});
    state_ = Over{};
}

void Link::flush(Bytes first) {
    Bytes more;
    if (auto* handshake = std::get_if<Handshake>(&state_)) more = handshake->tls.take_output();
    if (auto* open = std::get_if<Open>(&state_)) more = open->tls.take_output();
    append(first, more);
    if (!first.empty()) outputs_.emplace_back(Write{std::move(first)});
}

void Link::fail_bootstrap(BootstrapError error) {
    outputs_.emplace_back(Failed{Stage::bootstrap, std::string{describe(error)}, error});
    state_ = Over{};
}

void Link::fail_tls(TlsError error) {
    const bool during_handshake = std::holds_alternative<Handshake>(state_);
    flush();
    outputs_.emplace_back(Failed{during_handshake ? Stage::tls : Stage::conversation,
                                 std::string{describe(error)},
                                 {},
                                 error == TlsError::cut_off,
                                 error == TlsError::closed_by_peer});
    state_ = Over{};
}

std::optional<Link::Output> Link::poll() {
    if (outputs_.empty()) return std::nullopt;
    Output out = std::move(outputs_.front());
    outputs_.pop_front();
    return out;
}

}  // namespace chat
