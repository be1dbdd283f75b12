#include "secure_p2p/cell_cipher.hpp"

#include <cassert>

namespace chat {
namespace {

Ratchet::Inputs ratchet_inputs(CellCipher::Inputs& inputs) {
    return {inputs.session_id,
            inputs.root_key,
            std::move(inputs.own_signer),
            std::move(inputs.peer_verifier),
            inputs.verifier_loader,
            inputs.limits,
            inputs.observer};
}

ApplicationCipher application_cipher(Role role, const CellCipher::Inputs& inputs) {
    return {role, inputs.session_id, inputs.bootstrap_secret, inputs.bootstrap_transcript};
}

}  // namespace

CellCipher CellCipher::start_a(Inputs inputs, const RatchetPublicKeys& first_keys_of_b) {
    ApplicationCipher application = application_cipher(Role::a, inputs);
    return {Ratchet::start_a(ratchet_inputs(inputs), first_keys_of_b), std::move(application)};
}

CellCipher CellCipher::start_b(Inputs inputs, RatchetPair first_keys) {
    ApplicationCipher application = application_cipher(Role::b, inputs);
    return {Ratchet::start_b(ratchet_inputs(inputs), std::move(first_keys)), std::move(application)};
}

CellCipher::CellCipher(Ratchet ratchet, ApplicationCipher application)
    : ratchet_{std::move(ratchet)},
      application_{std::move(application)},
      body_{body_size},
      inner_{inner_size} {}

std::span<u8, body_size> CellCipher::body() { return std::span<u8, body_size>{body_.expose_mutable()}; }

std::span<u8, inner_size> CellCipher::inner() { return std::span<u8, inner_size>{inner_.expose_mutable()}; }

CellCipher::Sealed CellCipher::seal(std::span<const u8, inner_size> inner, Rng& rng) {
    assert(can_seal());
    const WipeOnExit wipe{body()};
    Ratchet::SealDraft ratchet_draft = ratchet_.draft_seal(rng);
    auto application_draft =
        application_.draft_seal(ratchet_draft.index(), ratchet_draft.application_secret());
    application_.seal(application_draft, inner, rng, body());
    if (SealObserver* const observer = ratchet_.observer()) {
        observer->sealing(SealLayer::application, application_draft.key().expose(),
                          body().first<application_nonce_size>());
    }
    Sealed sealed;
    sealed.position = ratchet_draft.position();
    sealed.efk_index = own_efk_index();
    ratchet_.seal(ratchet_draft, body(), sealed.cell.bytes);

    ratchet_.commit(std::move(ratchet_draft));
    application_.commit(std::move(application_draft));
    follow_ratchet();
    return sealed;
}

Result<CellCipher::Opened, CellError> CellCipher::open(std::span<const u8, cell_size> cell,
                                                       Time connected_time) {
    return open_at(cell, std::nullopt, connected_time);
}

Result<CellCipher::Opened, CellError> CellCipher::open_next(std::span<const u8, cell_size> cell,
                                                            Time connected_time) {
    return open_at(cell, ratchet_.cells_opened(), connected_time);
}

Result<CellCipher::Opened, CellError> CellCipher::open_at(std::span<const u8, cell_size> cell,
                                                          std::optional<u64> position, Time connected_time) {
    const WipeOnExit wipe{body()};
    guarded_memory::wipe(inner());
    auto ratchet_draft = ratchet_.open(cell, connected_time, body());
    if (!ratchet_draft) return fail(ratchet_draft.error());
    if (position && ratchet_draft->position() != *position) return fail(CellError::out_of_sequence);
    std::optional<PeerApplicationStep> step;
    if (const ApplicationSecret* const secret = ratchet_draft->application_secret()) {
        step.emplace(PeerApplicationStep{ratchet_draft->previous_length(), *secret});
    }
    auto application_draft =
        application_.open(ratchet_draft->index(), step ? &*step : nullptr, body(), inner());
    if (!application_draft) return fail(CellError::application_layer_unreadable);

    const Opened opened{inner(), ratchet_draft->position(), ratchet_draft->efk_index()};
    ratchet_.commit(std::move(*ratchet_draft), connected_time);
    application_.commit(std::move(*application_draft));
    follow_ratchet();
    return opened;
}

void CellCipher::forget_expired(Time connected_time) {
    ratchet_.forget_expired(connected_time);
    follow_ratchet();
}

/// The application cipher keeps skipped keys for exactly the cells for which the ratchet does.
void CellCipher::follow_ratchet() {
    const SkippedKeys& kept = ratchet_.skipped();
    if (application_.skipped_kept() == kept.size()) return;
    application_.keep_skipped_if([&](CellIndex index) { return kept.holds(index); });
    assert(application_.skipped_kept() == kept.size());
}

CellCipher::Status CellCipher::status() const {
    return {ratchet_.epoch(), ratchet_.skipped().size(), ratchet_.skipped().dropped(),
            ratchet_.cells_sealed(), ratchet_.cells_opened()};
}

}  // namespace chat
