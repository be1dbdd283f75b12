// Writes the test vectors of the key exchange and of identity rotation: gen_kex_vectors FOLDER, which is tests/vectors/kex. Every random
// byte comes from a seed, so the same program writes the same files.

#include <fstream>
#include <iostream>

#include "base/wire_reader.hpp"
#include "hybrid_kex/key_schedule.hpp"
#include "hybrid_kex/peer_checks.hpp"
#include "hybrid_kex/rotation.hpp"
#include "support/kex_fixtures.hpp"

namespace chat::test {
namespace {

/// Passes on and remembers what it gave.
class RecordingRng final : public Rng {
  public:
    explicit RecordingRng(Rng& source) : source_{source} {}
    void fill(MutableByteView out) override {
        source_.fill(out);
        append(given_, out);
    }
    /// What was given since the last take().
    [[nodiscard]] Bytes take() { return std::exchange(given_, {}); }

  private:
    Rng& source_;
    Bytes given_;
};

/// One identity with its secrets on show.
struct OpenIdentity {
    OpenIdentity(StoredPair which, Rng& rng) : pair{which}, random{rng} {
        StoredFalconPair falcon = stored_pair(which);
        ed25519 = ed25519::generate(rng).private_key;
        x25519 = x25519::generate(rng).private_key;
        mlkem = mlkem1024::generate(rng).seed;
        keys = std::make_unique<SoftwareIdentityKeys>(
            IdentitySecrets{std::move(falcon.secret_key), ed25519.clone(), x25519.clone(), mlkem.clone()},
            falcon.public_key, random);
    }
    StoredPair pair;
    RecordingRng random;  ///< for signatures
    Ed25519PrivateKey ed25519;
    X25519PrivateKey x25519;
    MlKem1024Seed mlkem;
    std::unique_ptr<SoftwareIdentityKeys> keys;
};

class Block {
  public:
    explicit Block(std::ostream& out) : out_{out} { out_ << '\n'; }
    void hex(std::string_view key, ByteView value) { out_ << key << " = " << to_hex(value) << '\n'; }
    void text(std::string_view key, std::string_view value) { out_ << key << " = " << value << '\n'; }
    void identity(const std::string& name, const OpenIdentity& identity) {
        text(name + "_falcon_pair", std::to_string(static_cast<std::size_t>(identity.pair)));
        hex(name + "_ed25519_private", identity.ed25519.expose());
        hex(name + "_x25519_private", identity.x25519.expose());
        hex(name + "_mlkem_seed", identity.mlkem.expose());
        hex(name + "_public", identity.keys->public_identity().encoded().bytes);
        hex(name + "_fingerprint", fingerprint(identity.keys->public_identity()).bytes);
    }

  private:
    std::ostream& out_;
};

/// The ephemeral secrets, in the order in which they are drawn.
struct Ephemerals {
    X25519PrivateKey spk_a;
    MlKem1024Seed pqspk_a;
    X25519PrivateKey ek_b;
    MlKem1024Seed pqek_b;
};

struct Messages {
    Bundle bundle;
    Init init;
    Resp resp;
};

template <class S>
S read_secret(WireReader& in) {
    return S::copy_of(std::span<const u8, S::size>{in.read(S::size).data(), S::size});
}

/// Both keys with what they are derived from, the same whoever derives them.
void write_keys(Block& block, const KexContext& context, const OpenIdentity& a, const OpenIdentity& b,
                const Ephemerals& e, const Messages& m) {
    const auto dh = [](const X25519PrivateKey& ours, const X25519PublicKey& theirs) {
        return std::move(*x25519::agree(ours, theirs));
    };
    const InitSecrets init{dh(b.x25519, m.bundle.signed_prekey), dh(e.ek_b, m.bundle.identity.x25519()),
                           dh(e.ek_b, m.bundle.signed_prekey), mlkem1024::decapsulate(e.pqspk_a, m.init.ct1),
                           mlkem1024::decapsulate(a.mlkem, m.init.ct2)};
    const RespSecrets resp{dh(e.ek_b, m.resp.ephemeral_key), mlkem1024::decapsulate(b.mlkem, m.resp.ct3),
                           mlkem1024::decapsulate(e.pqek_b, m.resp.ct4)};
    block.hex("dh1", init.dh1.expose());
    block.hex("dh2", init.dh2.expose());
    block.hex("dh3", init.dh3.expose());
    block.hex("dh4", resp.dh4.expose());
    block.hex("ks1", init.ks1.expose());
    block.hex("ks2", init.ks2.expose());
    block.hex("ks3", resp.ks3.expose());
    block.hex("ks4", resp.ks4.expose());

    const BundleBytes bundle_bytes = m.bundle.encode();
    const InitBytes init_bytes = m.init.encode();
    CanonicalHash transcript = begin_transcript(context.bootstrap_transcript, context.tls_exporter);
    transcript.fixed(bundle_bytes.bytes).fixed(init_bytes.view().first<Init::mac_offset>());
    const Sha512Digest up_to_init_mac = transcript.digest();
    transcript.fixed(m.init.mac.bytes).fixed(m.resp.encode().view().first<Resp::mac_offset>());
    const Sha512Digest up_to_resp_mac = transcript.digest();
    block.hex("transcript_init", up_to_init_mac.bytes);
    block.hex("init_key", derive_init_key(up_to_init_mac, init).expose());
    block.hex("transcript_resp", up_to_resp_mac.bytes);
    block.hex("root_key", derive_root_key(up_to_resp_mac, init, resp).expose());
    block.hex("sas_salt",
              sas_salt(context.bootstrap_transcript, context.tls_exporter, bundle_bytes, init_bytes).bytes);
}

/// SHA-512 of the four messages that are signed, whole.
void write_signed(Block& block, const KexContext& context, const Messages& m) {
    const BundleHash bundle = bundle_hash(m.bundle.encode());
    const BundleStatement of_a{context.bootstrap_transcript,
                               context.tls_exporter,
                               context.invited_identity.value_or(Fingerprint{}),
                               m.bundle.signed_prekey,
                               m.bundle.signed_kem_prekey,
                               m.bundle.ephemeral_signing_key,
                               m.bundle.sas_commitment};
    const InitStatement of_b{context.bootstrap_transcript,
                             context.tls_exporter,
                             bundle,
                             m.init.ephemeral_signing_key,
                             m.init.ephemeral_key,
                             m.init.ephemeral_kem_key,
                             m.init.ct1,
                             m.init.ct2,
                             m.init.sas_nonce_b};
    block.hex("bundle_signed_sha512", sha512(signed_bytes(of_a, m.bundle.identity)).bytes);
    block.hex("init_signed_sha512", sha512(signed_bytes(of_b, m.init.identity)).bytes);
    block.hex("init_bound_sha512",
              sha512(init_binding_message(m.init.ephemeral_signing_key, bundle,
                                          m.init.encode().view().first<Init::binding_offset>()))
                  .bytes);
    block.hex("resp_bound_sha512",
              sha512(resp_binding_message(m.bundle.ephemeral_signing_key,
                                          bundle_init_hash(m.bundle.encode(), m.init.encode()),
                                          m.resp.encode().view().first<Resp::binding_offset>()))
                  .bytes);
}

enum class Invite { none, of_b };

void write_handshake(std::ostream& out, u64 seed, Invite invite) {
    SeededRng source{seed};
    KexContext context{source.bytes<BootstrapTranscript>(), source.bytes<TlsExporter>(), std::nullopt};
    OpenIdentity a{StoredPair::identity_a, source};
    OpenIdentity b{StoredPair::identity_b, source};
    if (invite == Invite::of_b) context.invited_identity = fingerprint(b.keys->public_identity());
    RecordingRng random{source};

    Block block{out};
    block.hex("bootstrap_transcript", context.bootstrap_transcript.bytes);
    block.hex("tls_exporter", context.tls_exporter.bytes);
    block.hex("expected_peer", context.invited_identity.value_or(Fingerprint{}).bytes);
    block.identity("a", a);
    block.identity("b", b);
    block.text("a_efk_pair", std::to_string(static_cast<std::size_t>(StoredPair::efk_a)));
    block.text("b_efk_pair", std::to_string(static_cast<std::size_t>(StoredPair::efk_b)));

    auto started_a = start_as_a(context, *a.keys, stored_signing_pair(StoredPair::efk_a), random);
    const Bytes random_bundle = random.take();
    auto started_b = accept_bundle(context, *b.keys, stored_signing_pair(StoredPair::efk_b),
                                   started_a->bundle.bytes, random);
    const Bytes random_init = random.take();
    const auto agreed = std::move(started_a->next).accept_init(started_b->init.bytes, random);
    const Bytes random_resp = random.take();
    const auto accepted = std::move(started_b->next).accept_resp(agreed->resp.bytes);

    block.hex("random_bundle_signature", a.random.take());
    block.hex("random_bundle", random_bundle);
    block.hex("bundle", started_a->bundle.bytes);
    block.hex("random_init_signature", b.random.take());
    block.hex("random_init", random_init);
    block.hex("init", started_b->init.bytes);
    block.hex("random_resp", random_resp);
    block.hex("resp", agreed->resp.bytes);

    const Messages messages{*Bundle::decode(started_a->bundle.bytes), *Init::decode(started_b->init.bytes),
                            *Resp::decode(agreed->resp.bytes)};
    WireReader of_a{random_bundle};
    WireReader of_b{random_init};
    Ephemerals ephemerals;
    ephemerals.spk_a = read_secret<X25519PrivateKey>(of_a);
    ephemerals.pqspk_a = read_secret<MlKem1024Seed>(of_a);
    ephemerals.ek_b = read_secret<X25519PrivateKey>(of_b);
    ephemerals.pqek_b = read_secret<MlKem1024Seed>(of_b);
    write_signed(block, context, messages);
    write_keys(block, context, a, b, ephemerals, messages);
    block.hex("session_id", accepted->session_id.bytes);
    block.hex("sas", accepted->authentication_string.bytes);
    block.text("sas_words", accepted->authentication_string.text());
    block.text("safety_number", accepted->safety_number.text());
}

void write_rotation(std::ostream& out, u64 seed) {
    SeededRng source{seed};
    const OpenIdentity old{StoredPair::identity_a, source};
    OpenIdentity next{StoredPair::next_a, source};
    const RotationStatement statement{Role::a, source.bytes<SessionIdBytes>(),
                                      fingerprint(old.keys->public_identity()), 2,
                                      stored_pair(StoredPair::efk_a).public_key};
    const auto message = make_rotation(*next.keys, statement);
    Block block{out};
    block.hex("session_id", statement.session_id.bytes);
    block.identity("old", old);
    block.identity("next", next);
    block.text("role", "A");
    block.text("efk_index", std::to_string(statement.efk_index));
    block.text("efk_pair", std::to_string(static_cast<std::size_t>(StoredPair::efk_a)));
    block.hex("signed_sha512", sha512(signed_bytes(statement, next.keys->public_identity())).bytes);
    block.hex("random_signature", next.random.take());
    block.hex("rotation", message->encode().bytes);
}

void write_all(const std::string& folder) {
    std::ofstream handshake{folder + "/handshake.vec"};
    handshake << "# The key exchange (docs/protocol.md 5) from fixed random bytes, without and with an "
                 "invite. Made by "
                 "tools/gen_vectors/kex_vectors.cpp.\n"
                 "# *_pair is the count of a FALCON key in falcon_pairs.vec; random_* are the bytes drawn "
                 "for a message, in order;\n"
                 "# *_sha512 are hashes of what is signed.\n";
    write_handshake(handshake, 501, Invite::none);
    write_handshake(handshake, 502, Invite::of_b);
    std::ofstream rotation{folder + "/rotation.vec"};
    rotation << "# An identity rotation (docs/protocol.md 1) from fixed random bytes. Made by "
                "tools/gen_vectors/kex_vectors.cpp.\n";
    write_rotation(rotation, 503);
    if (!handshake.flush() || !rotation.flush()) throw std::runtime_error{"cannot write into " + folder};
}

}  // namespace
}  // namespace chat::test

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: gen_kex_vectors FOLDER\n";
        return 2;
    }
    try {
        chat::test::write_all(argv[1]);
    } catch (const std::exception& error) {
        std::cerr << "gen_kex_vectors: " << error.what() << '\n';
        return 1;
    }
    return 0;
}
