// The vectors of tests/vectors/kex, replayed.

#include <gtest/gtest.h>

#include "hybrid_kex/key_exchange.hpp"
#include "hybrid_kex/rotation.hpp"
#include "support/kex_fixtures.hpp"

namespace chat {
namespace {

using test::VecBlock;

/// The identity `name` of a block, whose signatures draw from `random`.
std::unique_ptr<IdentityKeys> identity(const VecBlock& block, const std::string& name, Rng& random) {
    auto falcon = test::stored_pair(static_cast<test::StoredPair>(block.number(name + "_falcon_pair")));
    return std::make_unique<SoftwareIdentityKeys>(
        IdentitySecrets{std::move(falcon.secret_key), block.get<Ed25519PrivateKey>(name + "_ed25519_private"),
                        block.get<X25519PrivateKey>(name + "_x25519_private"),
                        block.get<MlKem1024Seed>(name + "_mlkem_seed")},
        falcon.public_key, random);
}

EphemeralSigningPair efk(const VecBlock& block, const std::string& key) {
    return test::stored_signing_pair(static_cast<test::StoredPair>(block.number(key)));
}

KexContext context_of(const VecBlock& block) {
    KexContext out{block.get<BootstrapTranscript>("bootstrap_transcript"),
                   block.get<TlsExporter>("tls_exporter"), std::nullopt};
    const auto expected = block.get<Fingerprint>("expected_peer");
    if (expected != Fingerprint{}) out.invited_identity = expected;
    return out;
}

void replay_handshake(const VecBlock& block) {
    test::FixedRng random_a{block.bytes("random_bundle_signature")};
    test::FixedRng random_b{block.bytes("random_init_signature")};
    const auto a_keys = identity(block, "a", random_a);
    const auto b_keys = identity(block, "b", random_b);
    EXPECT_EQ(a_keys->public_identity().encoded(), block.get<IdentityPublicBytes>("a_public"));
    EXPECT_EQ(b_keys->public_identity().encoded(), block.get<IdentityPublicBytes>("b_public"));
    EXPECT_EQ(fingerprint(a_keys->public_identity()), block.get<Fingerprint>("a_fingerprint"));
    EXPECT_EQ(fingerprint(b_keys->public_identity()), block.get<Fingerprint>("b_fingerprint"));
    const KexContext context = context_of(block);

    test::FixedRng for_bundle{block.bytes("random_bundle")};
    auto a = start_as_a(context, *a_keys, efk(block, "a_efk_pair"), for_bundle);
    ASSERT_TRUE(a);
    EXPECT_EQ(a->bundle, block.get<BundleBytes>("bundle"));
    test::FixedRng for_init{block.bytes("random_init")};
    auto b = accept_bundle(context, *b_keys, efk(block, "b_efk_pair"), a->bundle.bytes, for_init);
    ASSERT_TRUE(b);
    EXPECT_EQ(b->init, block.get<InitBytes>("init"));
    test::FixedRng for_resp{block.bytes("random_resp")};
    const auto agreed = std::move(a->next).accept_init(b->init.bytes, for_resp);
    ASSERT_TRUE(agreed);
    EXPECT_EQ(agreed->resp, block.get<RespBytes>("resp"));
    const auto accepted = std::move(b->next).accept_resp(agreed->resp.bytes);
    ASSERT_TRUE(accepted);
    EXPECT_TRUE(for_bundle.used_up() && for_init.used_up() && for_resp.used_up());

    for (const Established* session : {&agreed->session, &*accepted}) {
        EXPECT_TRUE(session->root_key.equals(block.get<RootKey>("root_key")));
        EXPECT_EQ(session->session_id, block.get<SessionIdBytes>("session_id"));
        EXPECT_EQ(to_hex(session->authentication_string.bytes), block.text("sas"));
        EXPECT_EQ(session->authentication_string.text(), block.text("sas_words"));
        EXPECT_EQ(session->safety_number.text(), block.text("safety_number"));
    }
}

TEST(KexVectors, HandshakesAreTheSameByteForByte) {
    const auto blocks = test::read_vec_file(TEST_VECTORS "/kex/handshake.vec");
    EXPECT_EQ(blocks.size(), 2U);
    for (const VecBlock& block : blocks) replay_handshake(block);
}

TEST(KexVectors, RotationIsTheSameByteForByte) {
    for (const VecBlock& block : test::read_vec_file(TEST_VECTORS "/kex/rotation.vec")) {
        test::FixedRng random{block.bytes("random_signature")};
        test::SeededRng others{1};
        const auto old = identity(block, "old", others);
        const auto next = identity(block, "next", random);
        const auto receiver = test::stored_identity(test::StoredPair::identity_b, others);
        const RotationContext context{Role::a,
                                      block.get<SessionIdBytes>("session_id"),
                                      old->public_identity(),
                                      receiver->public_identity(),
                                      static_cast<u32>(block.number("efk_index")),
                                      efk(block, "efk_pair").public_key};
        const auto made =
            make_rotation(*next, {context.sender, context.session_id, fingerprint(context.old_identity),
                                  context.efk_index, context.efk});
        ASSERT_TRUE(made);
        EXPECT_EQ(made->encode(), block.get<RotationBytes>("rotation"));
        EXPECT_TRUE(verify_rotation(*made, context));
    }
}

}  // namespace
}  // namespace chat
