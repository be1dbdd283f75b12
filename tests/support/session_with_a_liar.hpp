#pragma once
/// B's session against an A who has every key of the session and sends what it likes.

#include <functional>

#include "secure_p2p/session/session.hpp"
#include "support/cell_cipher_pair.hpp"
#include "support/ciphertext_trace.hpp"
#include "support/kex_fixtures.hpp"
#include "support/virtual_time.hpp"

namespace chat::test {

/// Tells when a signature is about to be verified, the first thing of a cell's opening that this project's code does with a key.
class WatchedVerifier final : public CellVerifier {
  public:
    WatchedVerifier(std::unique_ptr<CellVerifier> inner, const std::function<void()>& on_verify)
        : inner_{std::move(inner)}, on_verify_{on_verify} {}
    [[nodiscard]] bool verify(ByteView message, const falcon1024::PaddedSignature& signature) const override {
        if (on_verify_) on_verify_();
        return inner_->verify(message, signature);
    }
    [[nodiscard]] const falcon1024::PublicKey& public_key() const override { return inner_->public_key(); }

  private:
    std::unique_ptr<CellVerifier> inner_;
    const std::function<void()>& on_verify_;
};

class NoMoreKeys final : public SessionKeySupply {
  public:
    [[nodiscard]] CellSigningKey take_cell_signing_key() override {
        throw std::logic_error{"this test replaces no signing key"};
    }
    [[nodiscard]] std::shared_ptr<IdentityKeys> take_identity() override { return nullptr; }
    [[nodiscard]] const CellVerifierLoader& verifiers() const override { return loader_; }

  private:
    MacCellVerifierLoader loader_;
};

class SessionWithALiar {
  public:
    explicit SessionWithALiar(NodeOptions options = {}) : now_{at(std::chrono::seconds{0})} {
        options.rotation_interval = {};
        auto inputs = cell_cipher_inputs(pair_.secrets, Role::b, pair_.loader);
        inputs.peer_verifier = std::make_unique<WatchedVerifier>(std::move(inputs.peer_verifier), on_verify);
        const auto& secrets = pair_.secrets;
        session_ = std::make_unique<Session>(
            Session::Inputs{Role::b, secrets.session_id,
                            CellCipher::start_b(std::move(inputs), secrets.clone_first_keys()),
                            pair_.rng.secret<falcon1024::Seed>(),
                            ResumeFrames{Role::b, secrets.session_id, secrets.root_key}, own_identity_,
                            liar_identity_->public_identity(), trace},
            options, pair_.rng, supply_, now_);
        session_->begin(1, now_);
    }

    Cell seal(ContentType type, ByteView content) {
        std::array<u8, inner_record_size> record{};
        encode_content({type, ++stream_}, content, pair_.rng, record);
        return pair_.a.seal(record, pair_.rng).cell;
    }
    void give(ByteView cell) { session_->receive(1, FrameKind::cell, cell, now_); }
    void say(ContentType type, ByteView content) { give(seal(type, content).view()); }
    /// What the session told since the last call.
    std::vector<Event> events() {
        std::vector<Event> out;
        while (auto output = session_->poll()) {
            if (auto* event = std::get_if<Event>(&*output)) out.push_back(std::move(*event));
        }
        return out;
    }
    template <class E>
    std::vector<E> told() {
        std::vector<E> out;
        for (Event& event : events()) {
            if (auto* found = std::get_if<E>(&event)) out.push_back(std::move(*found));
        }
        return out;
    }

    [[nodiscard]] Session& session() { return *session_; }
    [[nodiscard]] Time now() const { return now_; }
    [[nodiscard]] const SessionIdBytes& session_id() const { return pair_.secrets.session_id; }
    [[nodiscard]] Fingerprint liars_fingerprint() const {
        return fingerprint(liar_identity_->public_identity());
    }
    [[nodiscard]] Fingerprint own_fingerprint() const {
        return fingerprint(own_identity_->public_identity());
    }

    CiphertextTrace trace;
    std::function<void()> on_verify;

  private:
    CellCipherPair pair_{1};
    std::shared_ptr<IdentityKeys> own_identity_ = stored_identity(StoredPair::identity_b, pair_.rng);
    std::shared_ptr<IdentityKeys> liar_identity_ = stored_identity(StoredPair::identity_a, pair_.rng);
    NoMoreKeys supply_;
    Time now_;
    std::unique_ptr<Session> session_;
    u32 stream_ = 0;
};

}  // namespace chat::test
