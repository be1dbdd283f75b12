#pragma once
/// What the key exchange derives from its secrets and its transcript (docs/protocol.md 5.2, 5.4).

#include "crypto/canonical_hash.hpp"
#include "crypto/session_secret.hpp"
#include "hybrid_kex/messages.hpp"

namespace chat {

using InitKey = Secret<struct InitKeyTag, 64>;

/// What both sides share when init is made: DH1 to DH3, KS1, KS2.
struct InitSecrets {
    X25519SharedSecret dh1;     ///< X25519(dh_B, SPK_A)
    X25519SharedSecret dh2;     ///< X25519(EK_B, dh_A)
    X25519SharedSecret dh3;     ///< X25519(EK_B, SPK_A)
    MlKem1024SharedSecret ks1;  ///< of ct1, to PQSPK_A
    MlKem1024SharedSecret ks2;  ///< of ct2, to kem_A
};

/// What resp adds.
struct RespSecrets {
    X25519SharedSecret dh4;     ///< X25519(EK_B, EK_A)
    MlKem1024SharedSecret ks3;  ///< of ct3, to kem_B
    MlKem1024SharedSecret ks4;  ///< of ct4, to PQEK_B
};

/// Label, suite, channel; the bytes of the messages follow as fixed fields. Its digest after all of init but the MAC is the salt of
/// init_key, its digest after all of resp but the MAC that of root_key.
[[nodiscard]] CanonicalHash begin_transcript(const BootstrapTranscript& bootstrap,
                                             const TlsExporter& exporter);

/// H(bundle), which B's signatures name.
[[nodiscard]] BundleHash bundle_hash(const BundleBytes& bundle);
/// H(bundle, init), which A's ec_pq_binding_sig names.
[[nodiscard]] Sha512Digest bundle_init_hash(const BundleBytes& bundle, const InitBytes& init);
/// H(bootstrap_transcript, tls_exporter, bundle, init), the salt of the authentication string.
[[nodiscard]] Sha512Digest sas_salt(const BootstrapTranscript& bootstrap, const TlsExporter& exporter,
                                    const BundleBytes& bundle, const InitBytes& init);

/// HKDF-SHA512(transcript, 0xFF * 32 || DH1..DH3 || KS1 || KS2, label, 64).
[[nodiscard]] InitKey derive_init_key(const Sha512Digest& transcript, const InitSecrets& secrets);
/// HKDF-SHA512(transcript, 0xFF * 32 || DH1..DH4 || KS1..KS4, label, 64).
[[nodiscard]] RootKey derive_root_key(const Sha512Digest& transcript, const InitSecrets& init,
                                      const RespSecrets& resp);
/// Expanded from root_key; public.
[[nodiscard]] SessionIdBytes derive_session_id(const RootKey& root_key);

/// HMAC-SHA256 over the transcript's digest under a key expanded from the derived key with a label of its own.
[[nodiscard]] KexMac init_mac(const InitKey& key, const Sha512Digest& transcript);
[[nodiscard]] KexMac resp_mac(const RootKey& key, const Sha512Digest& transcript);
/// In constant time.
[[nodiscard]] bool macs_equal(const KexMac& one, const KexMac& other);

}  // namespace chat
