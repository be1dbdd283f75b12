#include "secure_p2p/node/make_session.hpp"

#include <cassert>

#include "double_ratchet/falcon_cell_signer.hpp"

namespace chat {
namespace {

CellCipher make_cipher(Agreement& agreement, const CellVerifierLoader& verifiers) {
    Established& established = agreement.established;
    CellCipher::Inputs inputs{
        .session_id = established.session_id,
        .root_key = established.root_key,
        .bootstrap_secret = agreement.bootstrap_secret,
        .bootstrap_transcript = agreement.bootstrap_transcript,
        .own_signer = std::make_unique<FalconCellSigner>(std::move(established.own_signing.signing_key),
                                                         established.own_signing.public_key),
        .peer_verifier = verifiers.load(established.peer_signing_key),
        .verifier_loader = verifiers,
    };
    assert(inputs.peer_verifier != nullptr);
    if (const auto* peer = std::get_if<PeerFirstRatchetKeys>(&established.first_ratchet_keys)) {
        return CellCipher::start_a(std::move(inputs), RatchetPublicKeys{peer->dh, peer->kem});
    }
    auto& own = std::get<OwnFirstRatchetKeys>(established.first_ratchet_keys);
    return CellCipher::start_b(std::move(inputs), RatchetPair{std::move(own.dh), std::move(own.kem)});
}

}  // namespace

std::unique_ptr<Session> make_session(Agreement agreement, const NodeOptions& options, Rng& rng,
                                      SessionKeySupply& supply, CiphertextLog& log, Time now) {
    Established& established = agreement.established;
    Session::Inputs inputs{
        .role = established.role,
        .session_id = established.session_id,
        .cipher = make_cipher(agreement, supply.verifiers()),
        .first_efk_seed = std::move(established.own_signing.seed),
        .resume_frames = ResumeFrames{established.role, established.session_id, established.root_key},
        .own_identity = std::move(agreement.own_identity),
        .peer_identity = established.peer_identity,
        .ciphertext_log = log,
    };
    return std::make_unique<Session>(std::move(inputs), options, rng, supply, now);
}

Verification verification_of(PeerAssurance assurance) {
    switch (assurance) {
        case PeerAssurance::unverified: return Verification::unverified;
        case PeerAssurance::named_by_invite: return Verification::invite_verified;
        case PeerAssurance::came_with_invite: return Verification::came_with_your_invite;
    }
    return Verification::unverified;
}

PeerIdentified identify_peer(const Established& established) {
    PeerIdentified out;
    out.verification = verification_of(established.assurance);
    const auto words = established.authentication_string.words();
    std::copy(words.begin(), words.end(), out.words.begin());
    out.safety_number = established.safety_number.text();
    out.fingerprint = established.peer_fingerprint;
    return out;
}

}  // namespace chat
