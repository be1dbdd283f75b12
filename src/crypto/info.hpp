#pragma once
/// Every label of the protocol, each used in one place: KDF infos, AEAD contexts, signature and hash prefixes
/// (docs/protocol.md, "Labels"). A label never changes its meaning; a new use gets a new label.

#include <array>
#include <string_view>

namespace chat::info {

inline constexpr std::string_view suite =
    "secure-p2p v1 X25519+ML-KEM-1024 FALCON-1024+Ed25519 AES-256-GCM+XChaCha20-Poly1305";

// 1. Identity
inline constexpr std::string_view safety_number = "secure-p2p v1 safety number";
inline constexpr std::string_view rotation_signature = "secure-p2p v1 identity rotation signature";

// 2. Invite
inline constexpr std::string_view invite_checksum = "secure-p2p v1 invite checksum";

// 3. Bootstrap
inline constexpr std::string_view hello_key_a = "secure-p2p v1 hello key, sent by A";
inline constexpr std::string_view hello_key_b = "secure-p2p v1 hello key, sent by B";
inline constexpr std::string_view reply_key_a = "secure-p2p v1 reply key, sent by A";
inline constexpr std::string_view reply_key_b = "secure-p2p v1 reply key, sent by B";
inline constexpr std::string_view hello_hash = "secure-p2p v1 hello hash";
inline constexpr std::string_view bootstrap_extract = "secure-p2p v1 bootstrap extract salt";
inline constexpr std::string_view certificate_key_from_listener =
    "chacha20poly1305 certificate exchange v1 listener to dialler";
inline constexpr std::string_view certificate_key_from_dialler =
    "chacha20poly1305 certificate exchange v1 dialler to listener";
inline constexpr std::string_view bootstrap_secret = "secure-p2p v1 bootstrap secret";
inline constexpr std::string_view bootstrap_transcript = "secure-p2p v1 bootstrap transcript";

// 4. TLS
inline constexpr std::string_view tls_exporter = "EXPORTER-secure-p2p-channel-binding";

// 5. Key exchange
inline constexpr std::string_view fingerprint = "secure-p2p v1 identity fingerprint";
inline constexpr std::string_view verification_key_hash = "secure-p2p v1 verification key hash";
inline constexpr std::string_view sas_commitment = "secure-p2p v1 authentication string commitment";
inline constexpr std::string_view bundle_identity_signature = "secure-p2p v1 bundle identity signature";
inline constexpr std::string_view init_identity_signature = "secure-p2p v1 init identity signature";
inline constexpr std::string_view init_ec_pq_binding = "secure-p2p v1 init ec_pq_binding_sig";
inline constexpr std::string_view resp_ec_pq_binding = "secure-p2p v1 resp ec_pq_binding_sig";
inline constexpr std::string_view kex_transcript = "secure-p2p v1 key exchange transcript";
inline constexpr std::string_view bundle_hash = "secure-p2p v1 bundle hash";
inline constexpr std::string_view bundle_init_hash = "secure-p2p v1 bundle and init hash";
inline constexpr std::string_view init_key = "Hybrid X3DH+PQ Init Key";
inline constexpr std::string_view root_key = "Hybrid X3DH+PQ Root Key";
inline constexpr std::string_view init_mac_key = "secure-p2p v1 init MAC key";
inline constexpr std::string_view resp_mac_key = "secure-p2p v1 resp MAC key";
inline constexpr std::string_view session_id = "secure-p2p v1 session id";
inline constexpr std::string_view ratchet_root = "secure-p2p v1 ratchet root RK_0";
inline constexpr std::string_view header_key_1 = "secure-p2p v1 header key HK_1";
inline constexpr std::string_view header_key_2 = "secure-p2p v1 header key HK_2";
inline constexpr std::string_view resume_frame_key_a = "secure-p2p v1 resume frame key, sent by A";
inline constexpr std::string_view resume_frame_key_b = "secure-p2p v1 resume frame key, sent by B";
inline constexpr std::string_view sas_salt = "secure-p2p v1 authentication string salt";
inline constexpr std::string_view sas = "secure-p2p v1 authentication string";

// 6. Double Ratchet
inline constexpr std::string_view root_step = "DR_ROOT_UPDATE_HYBRID_MLKEM1024_DH_v2";
inline constexpr std::string_view chain_init_from_a = "DR_CHAIN_INIT_SEND_X25519_v2";
inline constexpr std::string_view chain_init_from_b = "DR_CHAIN_INIT_RECV_X25519_v2";
inline constexpr std::string_view message_key = "KDF_INFO_MSG";
inline constexpr std::string_view next_chain_key = "KDF_INFO_CHAIN";
inline constexpr std::string_view message_key_expansion = "DR_MESSAGE_KEY_AES256GCM_v2";
inline constexpr std::string_view header_ad = "secure-p2p v1 ratchet header";
inline constexpr std::string_view body_ad = "secure-p2p v1 ratchet body";
inline constexpr std::string_view cell_signature = "secure-p2p v1 cell signature";
inline constexpr std::string_view hardware_endorsement = "secure-p2p v1 hardware endorsement";
inline constexpr std::string_view efk_announcement = "secure-p2p v1 EFK announcement signature";

// 7. Application cipher
inline constexpr std::string_view application_root = "application layer root";
inline constexpr std::string_view application_epoch = "application layer epoch";
inline constexpr std::string_view application_message_key = "application layer message key";
inline constexpr std::string_view application_next_chain_key = "application layer next chain key";
inline constexpr std::string_view application_ad = "secure-p2p v1 application layer";

// 10. Resumption
inline constexpr std::string_view resume_secret = "resume v1";
inline constexpr std::string_view resume_frame_ad = "secure-p2p v1 resume frame";
inline constexpr std::string_view tls_exporter_hash = "secure-p2p v1 exporter hash";

// Kept identities (docs/hardware.md)
inline constexpr std::string_view tpm_authorization = "secure-p2p v1 TPM authorization value";

// Storage (docs/storage.md)
inline constexpr std::string_view vault_content_key = "secure-p2p v1 vault content key";
inline constexpr std::string_view vault_key_check = "secure-p2p v1 vault key check";

inline constexpr std::array all = {suite,
                                   safety_number,
                                   rotation_signature,
                                   invite_checksum,
                                   hello_key_a,
                                   hello_key_b,
                                   reply_key_a,
                                   reply_key_b,
                                   hello_hash,
                                   bootstrap_extract,
                                   certificate_key_from_listener,
                                   certificate_key_from_dialler,
                                   bootstrap_secret,
                                   bootstrap_transcript,
                                   tls_exporter,
                                   fingerprint,
                                   verification_key_hash,
                                   sas_commitment,
                                   bundle_identity_signature,
                                   init_identity_signature,
                                   init_ec_pq_binding,
                                   resp_ec_pq_binding,
                                   kex_transcript,
                                   bundle_hash,
                                   bundle_init_hash,
                                   init_key,
                                   root_key,
                                   init_mac_key,
                                   resp_mac_key,
                                   session_id,
                                   ratchet_root,
                                   header_key_1,
                                   header_key_2,
                                   resume_frame_key_a,
                                   resume_frame_key_b,
                                   sas_salt,
                                   sas,
                                   root_step,
                                   chain_init_from_a,
                                   chain_init_from_b,
                                   message_key,
                                   next_chain_key,
                                   message_key_expansion,
                                   header_ad,
                                   body_ad,
                                   cell_signature,
                                   hardware_endorsement,
                                   efk_announcement,
                                   application_root,
                                   application_epoch,
                                   application_message_key,
                                   application_next_chain_key,
                                   application_ad,
                                   resume_secret,
                                   resume_frame_ad,
                                   tls_exporter_hash,
                                   tpm_authorization,
                                   vault_content_key,
                                   vault_key_check};

template <class Labels>
constexpr bool all_distinct(const Labels& labels) {
    for (std::size_t i = 0; i < labels.size(); ++i) {
        for (std::size_t k = i + 1; k < labels.size(); ++k) {
            if (labels[i] == labels[k]) return false;
        }
    }
    return true;
}
static_assert(all_distinct(all));

}  // namespace chat::info
