#include "hybrid_kex/key_schedule.hpp"

#include "crypto/hkdf.hpp"
#include "crypto/info.hpp"

namespace chat {

namespace {

/// Keeps this input apart from any that could be read as an X25519 key, as in X3DH (there F).
constexpr std::array<u8, 32> domain_separator = [] {
    std::array<u8, 32> out{};
    for (u8& byte : out) byte = 0xFF;
    return out;
}();

using KexMacKey = Secret<struct KexMacKeyTag, 32>;

KexMac confirm(ByteView key, std::string_view label, const Sha512Digest& transcript) {
    KexMacKey mac_key;
    hkdf_expand_sha512(key, label, mac_key.expose_mutable());
    KexMac out;
    hmac_sha256(mac_key.expose(), {transcript.bytes}, out.bytes);
    return out;
}

}  // namespace

CanonicalHash begin_transcript(const BootstrapTranscript& bootstrap, const TlsExporter& exporter) {
    CanonicalHash out{info::kex_transcript};
    out.variable(bytes_of(info::suite)).fixed(bootstrap.bytes).fixed(exporter.bytes);
    return out;
}

BundleHash bundle_hash(const BundleBytes& bundle) {
    return BundleHash::from(CanonicalHash{info::bundle_hash}.fixed(bundle.bytes).digest().view());
}

Sha512Digest bundle_init_hash(const BundleBytes& bundle, const InitBytes& init) {
    return CanonicalHash{info::bundle_init_hash}.fixed(bundle.bytes).fixed(init.bytes).digest();
}

Sha512Digest sas_salt(const BootstrapTranscript& bootstrap, const TlsExporter& exporter,
                      const BundleBytes& bundle, const InitBytes& init) {
    return CanonicalHash{info::sas_salt}
        .fixed(bootstrap.bytes)
        .fixed(exporter.bytes)
        .fixed(bundle.bytes)
        .fixed(init.bytes)
        .digest();
}

InitKey derive_init_key(const Sha512Digest& transcript, const InitSecrets& secrets) {
    InitKey out;
    hkdf_sha512(transcript.bytes,
                {domain_separator, secrets.dh1.expose(), secrets.dh2.expose(), secrets.dh3.expose(),
                 secrets.ks1.expose(), secrets.ks2.expose()},
                info::init_key, out.expose_mutable());
    return out;
}

RootKey derive_root_key(const Sha512Digest& transcript, const InitSecrets& init, const RespSecrets& resp) {
    RootKey out;
    hkdf_sha512(transcript.bytes,
                {domain_separator, init.dh1.expose(), init.dh2.expose(), init.dh3.expose(), resp.dh4.expose(),
                 init.ks1.expose(), init.ks2.expose(), resp.ks3.expose(), resp.ks4.expose()},
                info::root_key, out.expose_mutable());
    return out;
}

SessionIdBytes derive_session_id(const RootKey& root_key) {
    SessionIdBytes out;
    hkdf_expand_sha512(root_key.expose(), info::session_id, out.bytes);
    return out;
}

KexMac init_mac(const InitKey& key, const Sha512Digest& transcript) {
    return confirm(key.expose(), info::init_mac_key, transcript);
}

KexMac resp_mac(const RootKey& key, const Sha512Digest& transcript) {
    return confirm(key.expose(), info::resp_mac_key, transcript);
}

bool macs_equal(const KexMac& one, const KexMac& other) {
    return guarded_memory::equal_constant_time(one.bytes, other.bytes);
}

}  // namespace chat
