#include "hybrid_kex/key_exchange.hpp"
#include "hybrid_kex/key_schedule.hpp"
#include "hybrid_kex/peer_checks.hpp"

namespace chat {

struct AwaitingResp::State {
    KexContext context;
    IdentityKeys& keys;
    EphemeralSigningPair signing;    ///< EFK_B
    x25519::KeyPair ephemeral;       ///< EK_B
    MlKem1024KeyPair ephemeral_kem;  ///< PQEK_B
    InitSecrets secrets;
    SasNonceB sas_nonce_b;

    IdentityPublic peer;
    falcon1024::PublicKey peer_signing_key;  ///< EFK_A
    SasCommitment peer_commitment;

    CanonicalHash transcript;  ///< up to and with init's MAC
    Sha512Digest bundle_init;
    Sha512Digest authentication_salt;

    [[nodiscard]] Result<void, KexError> check_public_parts(const Resp& resp, ByteView received) const;
    [[nodiscard]] Result<RespSecrets, KexError> resp_secrets(const Resp& resp) const;
    /// Consumes: the shared secrets die with it.
    [[nodiscard]] Established established(const Resp& resp, RootKey root_key) &&;
};

namespace {

Result<Bundle, KexError> check_bundle(const KexContext& context, const IdentityPublic& own,
                                      const EphemeralSigningPair& signing, ByteView received) {
    auto bundle = Bundle::decode(received);
    if (!bundle) return fail(bundle.error());
    const ShownKeys theirs{bundle->identity, bundle->ephemeral_signing_key, bundle->signed_prekey,
                           bundle->signed_kem_prekey};
    if (const auto apart = check_not_reflected(theirs, {own, signing.public_key, {}, {}}); !apart) {
        return fail(apart.error());
    }
    const BundleStatement statement{context.bootstrap_transcript,
                                    context.tls_exporter,
                                    context.invited_identity.value_or(Fingerprint{}),
                                    bundle->signed_prekey,
                                    bundle->signed_kem_prekey,
                                    bundle->ephemeral_signing_key,
                                    bundle->sas_commitment};
    const auto endorsed = check_identity_signature(bundle->identity, statement, bundle->signature);
    if (!endorsed) return fail(endorsed.error());
    return bundle;
}

/// B's ephemeral keys, the ciphertexts to A and the secrets they make.
struct Answer {
    x25519::KeyPair ephemeral;
    MlKem1024KeyPair ephemeral_kem;
    MlKem1024Ciphertext ct1;
    MlKem1024Ciphertext ct2;
    InitSecrets secrets;
};

Result<Answer, KexError> answer(IdentityKeys& keys, const Bundle& bundle, Rng& rng) {
    auto dh1 = keys.agree(bundle.signed_prekey);
    if (!dh1) {
        return fail(dh1.error() == KeyError::all_zero_shared_secret ? KexError::zero_dh1
                                                                    : KexError::identity_keys_unavailable);
    }
    x25519::KeyPair ephemeral = x25519::generate(rng);
    auto dh2 = x25519::agree(ephemeral.private_key, bundle.identity.x25519());
    if (!dh2) return fail(KexError::zero_dh2);
    auto dh3 = x25519::agree(ephemeral.private_key, bundle.signed_prekey);
    if (!dh3) return fail(KexError::zero_dh3);
    MlKem1024KeyPair ephemeral_kem = mlkem1024::generate(rng);
    auto to_prekey = mlkem1024::encapsulate(bundle.signed_kem_prekey, rng);
    if (!to_prekey) return fail(KexError::bad_signed_mlkem_prekey);
    auto to_identity = mlkem1024::encapsulate(bundle.identity.mlkem(), rng);
    if (!to_identity) return fail(KexError::bad_identity_mlkem_key);
    return Answer{std::move(ephemeral), std::move(ephemeral_kem), to_prekey->ciphertext,
                  to_identity->ciphertext,
                  InitSecrets{std::move(*dh1), std::move(*dh2), std::move(*dh3),
                              std::move(to_prekey->shared_secret), std::move(to_identity->shared_secret)}};
}

/// Everything of init but its MAC.
Result<Init, KexError> signed_init(const KexContext& context, IdentityKeys& keys,
                                   EphemeralSigningPair& signing, const BundleHash& bundle,
                                   const Answer& made, Rng& rng) {
    const InitStatement statement{context.bootstrap_transcript,
                                  context.tls_exporter,
                                  bundle,
                                  signing.public_key,
                                  made.ephemeral.public_key,
                                  made.ephemeral_kem.encapsulation_key,
                                  made.ct1,
                                  made.ct2,
                                  rng.bytes<SasNonceB>()};
    const auto signature = keys.sign(statement);
    if (!signature) return fail(KexError::identity_keys_unavailable);
    Init init{keys.public_identity(),
              statement.ephemeral_signing_key,
              statement.ephemeral_key,
              statement.ephemeral_kem_key,
              statement.ct1,
              statement.ct2,
              statement.sas_nonce_b,
              *signature,
              {},
              {}};
    init.ec_pq_binding = falcon1024::sign_padded(
        signing.signing_key,
        init_binding_message(signing.public_key, bundle, init.encode().view().first<Init::binding_offset>()),
        rng);
    return init;
}

}  // namespace

AwaitingResp::AwaitingResp(std::unique_ptr<State> state) : state_{std::move(state)} {}

AwaitingResp::AwaitingResp(AwaitingResp&&) noexcept = default;
AwaitingResp& AwaitingResp::operator=(AwaitingResp&&) noexcept = default;
AwaitingResp::~AwaitingResp() = default;

Result<StartedB, KexError> accept_bundle(const KexContext& context, IdentityKeys& keys,
                                         EphemeralSigningPair signing, ByteView received, Rng& rng) {
    assert(!context.invited_identity || *context.invited_identity == fingerprint(keys.public_identity()));
    const auto bundle = check_bundle(context, keys.public_identity(), signing, received);
    if (!bundle) return fail(bundle.error());
    const auto bundle_bytes = BundleBytes::from(received.first<bundle_size>());

    auto made = answer(keys, *bundle, rng);
    if (!made) return fail(made.error());
    auto init = signed_init(context, keys, signing, bundle_hash(bundle_bytes), *made, rng);
    if (!init) return fail(init.error());

    CanonicalHash transcript = begin_transcript(context.bootstrap_transcript, context.tls_exporter);
    transcript.fixed(bundle_bytes.bytes).fixed(init->encode().view().first<Init::mac_offset>());
    const Sha512Digest up_to_mac = transcript.digest();
    init->mac = init_mac(derive_init_key(up_to_mac, made->secrets), up_to_mac);
    transcript.fixed(init->mac.bytes);

    const InitBytes init_bytes = init->encode();
    AwaitingResp next{std::make_unique<AwaitingResp::State>(AwaitingResp::State{
        context, keys, std::move(signing), std::move(made->ephemeral), std::move(made->ephemeral_kem),
        std::move(made->secrets), init->sas_nonce_b, bundle->identity, bundle->ephemeral_signing_key,
        bundle->sas_commitment, std::move(transcript), bundle_init_hash(bundle_bytes, init_bytes),
        sas_salt(context.bootstrap_transcript, context.tls_exporter, bundle_bytes, init_bytes)})};
    return StartedB{std::move(next), init_bytes};
}

Result<void, KexError> AwaitingResp::State::check_public_parts(const Resp& resp, ByteView received) const {
    if (same_x25519_key(resp.ephemeral_key, ephemeral.public_key) ||
        same_x25519_key(resp.ephemeral_key, keys.public_identity().x25519())) {
        return fail(KexError::reflected_ephemeral_x25519_key);
    }
    if (commit(SasNonceA::copy_of(resp.sas_nonce_a.bytes)) != peer_commitment) {
        return fail(KexError::bad_sas_commitment);
    }
    const Bytes bound =
        resp_binding_message(peer_signing_key, bundle_init, received.first<Resp::binding_offset>());
    if (!falcon1024::verify(peer_signing_key, bound, resp.ec_pq_binding)) {
        return fail(KexError::bad_ec_pq_binding);
    }
    return {};
}

Result<RespSecrets, KexError> AwaitingResp::State::resp_secrets(const Resp& resp) const {
    auto dh4 = x25519::agree(ephemeral.private_key, resp.ephemeral_key);
    if (!dh4) return fail(KexError::zero_dh4);
    auto ks3 = keys.decapsulate(resp.ct3);
    if (!ks3) return fail(KexError::identity_keys_unavailable);
    return RespSecrets{std::move(*dh4), std::move(*ks3),
                       mlkem1024::decapsulate(ephemeral_kem.seed, resp.ct4)};
}

Established AwaitingResp::State::established(const Resp& resp, RootKey root_key) && {
    const Fingerprint own_print = fingerprint(keys.public_identity());
    const Fingerprint peer_print = fingerprint(peer);
    return {
        Role::b,
        derive_session_id(root_key),
        std::move(root_key),
        peer,
        own_print,
        peer_print,
        std::move(signing),
        peer_signing_key,
        OwnFirstRatchetKeys{std::move(ephemeral), std::move(ephemeral_kem)},
        authentication_string(authentication_salt, SasNonceA::copy_of(resp.sas_nonce_a.bytes), sas_nonce_b),
        safety_number(own_print, peer_print),
        context.invited_identity ? PeerAssurance::came_with_invite : PeerAssurance::unverified};
}

Result<Established, KexError> AwaitingResp::accept_resp(ByteView received) && {
    const std::unique_ptr<State> state = std::move(state_);
    const auto resp = Resp::decode(received);
    if (!resp) return fail(resp.error());
    if (const auto checked = state->check_public_parts(*resp, received); !checked) {
        return fail(checked.error());
    }
    const auto secrets = state->resp_secrets(*resp);
    if (!secrets) return fail(secrets.error());
    state->transcript.fixed(received.first(Resp::mac_offset));
    const Sha512Digest up_to_mac = state->transcript.digest();
    RootKey root_key = derive_root_key(up_to_mac, state->secrets, *secrets);
    if (!macs_equal(resp_mac(root_key, up_to_mac), resp->mac)) return fail(KexError::bad_resp_mac);
    return std::move(*state).established(*resp, std::move(root_key));
}

}  // namespace chat
