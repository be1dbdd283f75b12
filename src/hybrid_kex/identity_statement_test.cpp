#include "hybrid_kex/identity_statement.hpp"

#include <gtest/gtest.h>

#include <set>

#include "base/wire_reader.hpp"
#include "crypto/info.hpp"
#include "crypto/signed_message.hpp"
#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::StoredPair;

class Statement : public testing::Test {
  protected:
    test::SeededRng rng_{1};
    std::unique_ptr<SoftwareIdentityKeys> keys_ = test::stored_identity(StoredPair::identity_a, rng_);
    const IdentityPublic& identity_ = keys_->public_identity();
    const falcon1024::PublicKey efk_ = test::stored_pair(StoredPair::efk_a).public_key;

    const BundleStatement bundle_{
        rng_.bytes<BootstrapTranscript>(), rng_.bytes<TlsExporter>(), rng_.bytes<Fingerprint>(),
        rng_.bytes<X25519PublicKey>(),     identity_.mlkem(),         efk_,
        rng_.bytes<SasCommitment>()};
    const InitStatement init_{rng_.bytes<BootstrapTranscript>(),
                              rng_.bytes<TlsExporter>(),
                              rng_.bytes<BundleHash>(),
                              efk_,
                              rng_.bytes<X25519PublicKey>(),
                              identity_.mlkem(),
                              rng_.bytes<MlKem1024Ciphertext>(),
                              rng_.bytes<MlKem1024Ciphertext>(),
                              rng_.bytes<SasNonceB>()};
    const RotationStatement rotation_{Role::b, rng_.bytes<SessionIdBytes>(), rng_.bytes<Fingerprint>(),
                                      0x01020304, efk_};

    [[nodiscard]] std::array<IdentityStatement, 3> all() const { return {bundle_, init_, rotation_}; }
};

TEST_F(Statement, ComesBackFromItsEncoding) {
    for (const IdentityStatement& statement : all()) {
        const auto decoded = decode_statement(encode(statement));
        ASSERT_TRUE(decoded);
        EXPECT_EQ(*decoded, statement);
    }
}

TEST_F(Statement, HasOneLengthForEachKind) {
    EXPECT_EQ(encode(bundle_).size(), 1U + 64 + 32 + 32 + 32 + 1568 + 1793 + 32);
    EXPECT_EQ(encode(init_).size(), 1U + 64 + 32 + 64 + 1793 + 32 + 3 * 1568 + 32);
    EXPECT_EQ(encode(rotation_).size(), 1U + 1 + 32 + 32 + 4 + 1793);
}

TEST_F(Statement, RefusesOtherLengths) {
    EXPECT_EQ(decode_statement({}).error(), StatementError::wrong_length);
    for (const IdentityStatement& statement : all()) {
        Bytes bytes = encode(statement);
        bytes.push_back(0);
        EXPECT_EQ(decode_statement(bytes).error(), StatementError::wrong_length);
        bytes.pop_back();
        bytes.pop_back();
        EXPECT_EQ(decode_statement(bytes).error(), StatementError::wrong_length);
    }
}

TEST_F(Statement, RefusesAnUnknownKind) {
    Bytes bytes = encode(bundle_);
    for (const u8 kind : {u8{0}, u8{4}, u8{255}}) {
        bytes[0] = kind;
        EXPECT_EQ(decode_statement(bytes).error(), StatementError::unknown_kind);
    }
}

TEST_F(Statement, RefusesARoleThatIsNone) {
    Bytes bytes = encode(rotation_);
    bytes[1] = 'C';
    EXPECT_EQ(decode_statement(bytes).error(), StatementError::bad_role);
}

TEST_F(Statement, RefusesAMalformedEphemeralSigningKey) {
    const std::array<std::size_t, 3> offsets{1U + 64 + 32 + 32 + 32 + 1568, 1U + 64 + 32 + 64,
                                             1U + 1 + 32 + 32 + 4};
    const auto statements = all();
    for (std::size_t i = 0; i < statements.size(); ++i) {
        Bytes bytes = encode(statements.at(i));
        ASSERT_EQ(bytes.at(offsets.at(i)), 0x0A);
        bytes.at(offsets.at(i)) = 0x00;
        EXPECT_EQ(decode_statement(bytes).error(), StatementError::bad_ephemeral_signing_key);
    }
}

TEST_F(Statement, RefusesAMalformedMlKemKey) {
    BundleStatement bundle = bundle_;
    bundle.signed_kem_prekey.bytes[0] = bundle.signed_kem_prekey.bytes[1] = 0xFF;
    EXPECT_EQ(decode_statement(encode(bundle)).error(), StatementError::bad_mlkem_key);
    InitStatement init = init_;
    init.ephemeral_kem_key.bytes[0] = init.ephemeral_kem_key.bytes[1] = 0xFF;
    EXPECT_EQ(decode_statement(encode(init)).error(), StatementError::bad_mlkem_key);
}

TEST_F(Statement, SignsTheBundlesFieldsInOrder) {
    SignedMessage expected{info::bundle_identity_signature, verification_key_hash(identity_.encoded().bytes),
                           Role::a};
    expected.fixed(bundle_.bootstrap_transcript.bytes)
        .fixed(bundle_.tls_exporter.bytes)
        .fixed(bundle_.expected_peer.bytes)
        .fixed(identity_.encoded().bytes)
        .fixed(bundle_.signed_prekey.bytes)
        .fixed(bundle_.signed_kem_prekey.bytes)
        .fixed(bundle_.ephemeral_signing_key.bytes)
        .fixed(bundle_.sas_commitment.bytes);
    EXPECT_EQ(signed_bytes(bundle_, identity_), std::move(expected).take());
}

TEST_F(Statement, SignsEveryFieldOfInit) {
    SignedMessage expected{info::init_identity_signature, verification_key_hash(identity_.encoded().bytes),
                           Role::b};
    expected.fixed(init_.bootstrap_transcript.bytes)
        .fixed(init_.tls_exporter.bytes)
        .fixed(init_.bundle_hash.bytes)
        .fixed(identity_.encoded().bytes)
        .fixed(init_.ephemeral_signing_key.bytes)
        .fixed(init_.ephemeral_key.bytes)
        .fixed(init_.ephemeral_kem_key.bytes)
        .fixed(init_.ct1.bytes)
        .fixed(init_.ct2.bytes)
        .fixed(init_.sas_nonce_b.bytes);
    EXPECT_EQ(signed_bytes(init_, identity_), std::move(expected).take());
}

TEST_F(Statement, SignsTheRotationUnderTheSignersRole) {
    SignedMessage expected{info::rotation_signature, verification_key_hash(identity_.encoded().bytes),
                           Role::b};
    expected.fixed(rotation_.session_id.bytes)
        .fixed(rotation_.old_fingerprint.bytes)
        .fixed_u32(rotation_.efk_index)
        .fixed(rotation_.efk.bytes);
    EXPECT_EQ(signed_bytes(rotation_, identity_), std::move(expected).take());
}

TEST_F(Statement, ChangesWhatIsSignedWithEveryByteOfItsEncoding) {
    for (const IdentityStatement& statement : all()) {
        const Bytes honest = encode(statement);
        const Bytes signed_honest = signed_bytes(statement, identity_);
        std::size_t changed = 0;
        for (std::size_t i = 1; i < honest.size(); ++i) {
            Bytes bytes = honest;
            bytes[i] ^= 1U;
            const auto decoded = decode_statement(bytes);
            if (!decoded) continue;  // the changed byte made a key malformed
            EXPECT_NE(signed_bytes(*decoded, identity_), signed_honest) << "byte " << i;
            ++changed;
        }
        EXPECT_GT(changed, honest.size() / 2);
    }
}

TEST(StatementError, HasALineForEach) {
    std::set<std::string_view> texts;
    for (const auto error :
         {StatementError::unknown_kind, StatementError::wrong_length, StatementError::bad_role,
          StatementError::bad_ephemeral_signing_key, StatementError::bad_mlkem_key}) {
        texts.insert(describe(error));
    }
    EXPECT_EQ(texts.size(), 5U);
}

}  // namespace
}  // namespace chat
