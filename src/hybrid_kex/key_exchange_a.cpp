#include "hybrid_kex/key_exchange.hpp"
#include "hybrid_kex/key_schedule.hpp"
#include "hybrid_kex/peer_checks.hpp"

namespace chat {

namespace {

/// An init that passed every check, and what A shares with B by it.
struct CheckedInit {
    Init message;
    InitBytes bytes;
    InitSecrets secrets;
    CanonicalHash transcript;  ///< up to and with init's MAC
};

}  // namespace

struct AwaitingInit::State {
    KexContext context;
    IdentityKeys& keys;
    EphemeralSigningPair signing;        ///< EFK_A
    x25519::KeyPair signed_prekey;       ///< SPK_A
    MlKem1024KeyPair signed_kem_prekey;  ///< PQSPK_A
    SasNonceA sas_nonce;
    BundleBytes bundle;

    [[nodiscard]] Result<void, KexError> check_keys_of(const Init& init) const;
    [[nodiscard]] Result<void, KexError> check_signatures_of(const Init& init, const InitBytes& bytes) const;
    [[nodiscard]] Result<InitSecrets, KexError> init_secrets(const Init& init) const;
    [[nodiscard]] Result<CheckedInit, KexError> check(ByteView received) const;
    /// Consumes: the ephemeral keys and all shared secrets die with it.
    [[nodiscard]] Result<AgreedA, KexError> agree(CheckedInit init, Rng& rng) &&;
    [[nodiscard]] Established established(const CheckedInit& init, RootKey root_key) &&;
};

AwaitingInit::AwaitingInit(std::unique_ptr<State> state) : state_{std::move(state)} {}

AwaitingInit::AwaitingInit(AwaitingInit&&) noexcept = default;
AwaitingInit& AwaitingInit::operator=(AwaitingInit&&) noexcept = default;
AwaitingInit::~AwaitingInit() = default;

Result<StartedA, KexError> start_as_a(const KexContext& context, IdentityKeys& keys,
                                      EphemeralSigningPair signing, Rng& rng) {
    x25519::KeyPair signed_prekey = x25519::generate(rng);
    MlKem1024KeyPair signed_kem_prekey = mlkem1024::generate(rng);
    auto sas_nonce = rng.secret<SasNonceA>();

    const BundleStatement statement{context.bootstrap_transcript,
                                    context.tls_exporter,
                                    context.invited_identity.value_or(Fingerprint{}),
                                    signed_prekey.public_key,
                                    signed_kem_prekey.encapsulation_key,
                                    signing.public_key,
                                    commit(sas_nonce)};
    const auto signature = keys.sign(statement);
    if (!signature) return fail(KexError::identity_keys_unavailable);
    const BundleBytes bundle =
        Bundle{keys.public_identity(),          statement.signed_prekey,  statement.signed_kem_prekey,
               statement.ephemeral_signing_key, statement.sas_commitment, *signature}
            .encode();

    AwaitingInit next{std::make_unique<AwaitingInit::State>(
        AwaitingInit::State{context, keys, std::move(signing), std::move(signed_prekey),
                            std::move(signed_kem_prekey), std::move(sas_nonce), bundle})};
    return StartedA{std::move(next), bundle};
}

Result<void, KexError> AwaitingInit::State::check_keys_of(const Init& init) const {
    const ShownKeys theirs{init.identity, init.ephemeral_signing_key, init.ephemeral_key,
                           init.ephemeral_kem_key};
    const ShownKeys ours{keys.public_identity(), signing.public_key, signed_prekey.public_key,
                         signed_kem_prekey.encapsulation_key};
    if (const auto apart = check_not_reflected(theirs, ours); !apart) return apart;
    if (context.invited_identity.has_value() && *context.invited_identity != fingerprint(init.identity)) {
        return fail(KexError::not_the_invited_identity);
    }
    return {};
}

Result<void, KexError> AwaitingInit::State::check_signatures_of(const Init& init,
                                                                const InitBytes& bytes) const {
    const BundleHash hash = bundle_hash(bundle);
    const InitStatement statement{context.bootstrap_transcript,
                                  context.tls_exporter,
                                  hash,
                                  init.ephemeral_signing_key,
                                  init.ephemeral_key,
                                  init.ephemeral_kem_key,
                                  init.ct1,
                                  init.ct2,
                                  init.sas_nonce_b};
    const auto endorsed = check_identity_signature(init.identity, statement, init.signature);
    if (!endorsed) return endorsed;
    const Bytes bound =
        init_binding_message(init.ephemeral_signing_key, hash, bytes.view().first<Init::binding_offset>());
    if (!falcon1024::verify(init.ephemeral_signing_key, bound, init.ec_pq_binding)) {
        return fail(KexError::bad_ec_pq_binding);
    }
    return {};
}

Result<InitSecrets, KexError> AwaitingInit::State::init_secrets(const Init& init) const {
    auto dh1 = x25519::agree(signed_prekey.private_key, init.identity.x25519());
    if (!dh1) return fail(KexError::zero_dh1);
    auto dh3 = x25519::agree(signed_prekey.private_key, init.ephemeral_key);
    if (!dh3) return fail(KexError::zero_dh3);
    auto dh2 = keys.agree(init.ephemeral_key);
    if (!dh2) {
        return fail(dh2.error() == KeyError::all_zero_shared_secret ? KexError::zero_dh2
                                                                    : KexError::identity_keys_unavailable);
    }
    auto ks2 = keys.decapsulate(init.ct2);
    if (!ks2) return fail(KexError::identity_keys_unavailable);
    return InitSecrets{std::move(*dh1), std::move(*dh2), std::move(*dh3),
                       mlkem1024::decapsulate(signed_kem_prekey.seed, init.ct1), std::move(*ks2)};
}

Result<CheckedInit, KexError> AwaitingInit::State::check(ByteView received) const {
    auto init = Init::decode(received);
    if (!init) return fail(init.error());
    const auto bytes = InitBytes::from(received.first<init_size>());
    if (const auto checked = check_keys_of(*init); !checked) return fail(checked.error());
    if (const auto checked = check_signatures_of(*init, bytes); !checked) return fail(checked.error());

    auto secrets = init_secrets(*init);
    if (!secrets) return fail(secrets.error());
    CanonicalHash transcript = begin_transcript(context.bootstrap_transcript, context.tls_exporter);
    transcript.fixed(bundle.bytes).fixed(bytes.view().first<Init::mac_offset>());
    const Sha512Digest up_to_mac = transcript.digest();
    if (!macs_equal(init_mac(derive_init_key(up_to_mac, *secrets), up_to_mac), init->mac)) {
        return fail(KexError::bad_init_mac);
    }
    transcript.fixed(init->mac.bytes);
    return CheckedInit{*init, bytes, std::move(*secrets), std::move(transcript)};
}

Result<AgreedA, KexError> AwaitingInit::State::agree(CheckedInit init, Rng& rng) && {
    const x25519::KeyPair ephemeral = x25519::generate(rng);
    auto dh4 = x25519::agree(ephemeral.private_key, init.message.ephemeral_key);
    if (!dh4) return fail(KexError::zero_dh4);
    auto to_identity = mlkem1024::encapsulate(init.message.identity.mlkem(), rng);
    if (!to_identity) return fail(KexError::bad_identity_mlkem_key);
    auto to_ephemeral = mlkem1024::encapsulate(init.message.ephemeral_kem_key, rng);
    if (!to_ephemeral) return fail(KexError::bad_ephemeral_mlkem_key);
    const RespSecrets secrets{std::move(*dh4), std::move(to_identity->shared_secret),
                              std::move(to_ephemeral->shared_secret)};

    Resp resp{ephemeral.public_key,
              to_identity->ciphertext,
              to_ephemeral->ciphertext,
              OpenedSasNonceA::from(sas_nonce.expose()),
              {},
              {}};
    resp.ec_pq_binding =
        falcon1024::sign_padded(signing.signing_key,
                                resp_binding_message(signing.public_key, bundle_init_hash(bundle, init.bytes),
                                                     resp.encode().view().first<Resp::binding_offset>()),
                                rng);
    init.transcript.fixed(resp.encode().view().first<Resp::mac_offset>());
    const Sha512Digest up_to_mac = init.transcript.digest();
    RootKey root_key = derive_root_key(up_to_mac, init.secrets, secrets);
    resp.mac = resp_mac(root_key, up_to_mac);

    return AgreedA{std::move(*this).established(init, std::move(root_key)), resp.encode()};
}

Established AwaitingInit::State::established(const CheckedInit& init, RootKey root_key) && {
    const Fingerprint own = fingerprint(keys.public_identity());
    const Fingerprint peer = fingerprint(init.message.identity);
    return {Role::a,
            derive_session_id(root_key),
            std::move(root_key),
            init.message.identity,
            own,
            peer,
            std::move(signing),
            init.message.ephemeral_signing_key,
            PeerFirstRatchetKeys{init.message.ephemeral_key, init.message.ephemeral_kem_key},
            authentication_string(
                sas_salt(context.bootstrap_transcript, context.tls_exporter, bundle, init.bytes), sas_nonce,
                init.message.sas_nonce_b),
            safety_number(own, peer),
            context.invited_identity ? PeerAssurance::named_by_invite : PeerAssurance::unverified};
}

Result<AgreedA, KexError> AwaitingInit::accept_init(ByteView init, Rng& rng) && {
    const std::unique_ptr<State> state = std::move(state_);
    auto checked = state->check(init);
    if (!checked) return fail(checked.error());
    return std::move(*state).agree(std::move(*checked), rng);
}

}  // namespace chat
