#include "secure_key_manager/isolation/keys/key_protocol.hpp"

#include <gtest/gtest.h>

#include <set>

#include "support/key_process_kit.hpp"

namespace chat::key_protocol {
namespace {

using test::StoredPair;

class KeyProtocol : public testing::Test {
  protected:
    /// What comes out of decoding is what went in, by its bytes.
    static void expect_round_trip(KeyRequest request) {
        const ServiceFrame frame = encode(request);
        const auto decoded = decode_request(frame.kind, frame.body.expose());
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->index(), request.index());
        expect_same(encode(*decoded), frame);
        expect_length(request_sizes(frame.kind), frame);
    }
    static void expect_round_trip(KeyReply reply) {
        const ServiceFrame frame = encode(reply);
        const auto decoded = decode_reply(frame.kind, frame.body.expose());
        ASSERT_TRUE(decoded);
        EXPECT_EQ(decoded->index(), reply.index());
        expect_same(encode(*decoded), frame);
        expect_length(reply_sizes(frame.kind), frame);
    }
    static void expect_same(const ServiceFrame& a, const ServiceFrame& b) {
        EXPECT_EQ(a.kind, b.kind);
        EXPECT_TRUE(std::ranges::equal(a.body.expose(), b.body.expose()));
    }
    static void expect_length(std::optional<BodySizes> sizes, const ServiceFrame& frame) {
        ASSERT_TRUE(sizes);
        EXPECT_GE(frame.body.size(), sizes->least);
        EXPECT_LE(frame.body.size(), sizes->most);
    }

    [[nodiscard]] static OpenVaultFile opening() {
        return {Bytes(100, 9),
                {SecretBuffer::copy_of(bytes_of("secret")), "device:/dev/tpmrm0", "pkcs11:token=a"}};
    }

    test::SeededRng rng_{1};
    std::unique_ptr<SoftwareIdentityKeys> keys_ = test::stored_identity(StoredPair::identity_a, rng_);
    const IdentityPublic identity_ = keys_->public_identity();
};

TEST_F(KeyProtocol, EveryRequestComesBackFromItsEncoding) {
    expect_round_trip(KeyRequest{StartEphemeral{}});
    expect_round_trip(KeyRequest{opening()});
    expect_round_trip(KeyRequest{OpenVaultFile{}});
    expect_round_trip(KeyRequest{Generate{}});
    expect_round_trip(KeyRequest{Forget{0x01020304}});
    expect_round_trip(KeyRequest{Sign{5, test::rotation_statement()}});
    expect_round_trip(KeyRequest{Agree{6, identity_.x25519()}});
    expect_round_trip(KeyRequest{Decapsulate{7, rng_.bytes<MlKem1024Ciphertext>()}});
    expect_round_trip(KeyRequest{SealContacts{test::some_contacts()}});
    expect_round_trip(KeyRequest{MixEntropy{SecretBuffer::copy_of(bytes_of("dice"))}});
}

TEST_F(KeyProtocol, EveryReplyComesBackFromItsEncoding) {
    const KeyProtection all{true, true, 7, true, true, true};
    expect_round_trip(KeyReply{Started{all}});
    expect_round_trip(KeyReply{Opened{all, 1, identity_, test::some_contacts()}});
    expect_round_trip(KeyReply{VaultRefused{VaultError::wrong_passphrase}});
    expect_round_trip(KeyReply{Generated{2, identity_}});
    expect_round_trip(KeyReply{Signed{rng_.bytes<CompositeSignature>()}});
    expect_round_trip(KeyReply{Agreed{rng_.secret<X25519SharedSecret>()}});
    expect_round_trip(KeyReply{Decapsulated{rng_.secret<MlKem1024SharedSecret>()}});
    expect_round_trip(KeyReply{Sealed{Bytes(500, 3)}});
    expect_round_trip(KeyReply{Done{}});
    expect_round_trip(KeyReply{Refused{KeyError::no_room}});
}

TEST_F(KeyProtocol, EachProtectionHasABitOfItsOwn) {
    const std::array one_each{KeyProtection{true, false, 0, false, false, false},
                              KeyProtection{false, true, 0, false, false, false},
                              KeyProtection{false, false, 9, false, false, false},
                              KeyProtection{false, false, 0, true, false, false},
                              KeyProtection{false, false, 0, false, true, false},
                              KeyProtection{false, false, 0, false, false, true}};
    for (const KeyProtection& protection : one_each) {
        const ServiceFrame frame = encode(KeyReply{Started{protection}});
        const auto decoded = decode_reply(frame.kind, frame.body.expose());
        EXPECT_EQ(std::get<Started>(*decoded).protection, protection);
    }
}

TEST_F(KeyProtocol, TheStartOfAVaultKeepsItsParts) {
    const ServiceFrame frame = encode(KeyRequest{opening()});
    const auto decoded = decode_request(frame.kind, frame.body.expose());
    const auto& open = std::get<OpenVaultFile>(*decoded);
    EXPECT_EQ(open.file, Bytes(100, 9));
    EXPECT_TRUE(std::ranges::equal(open.secrets.passphrase.expose(), bytes_of("secret")));
    EXPECT_EQ(open.secrets.tcti, "device:/dev/tpmrm0");
    EXPECT_EQ(open.secrets.token_uri, "pkcs11:token=a");
}

TEST_F(KeyProtocol, RefusesAnUnknownKind) {
    for (const u8 kind : {u8{0}, u8{10}, u8{255}}) {
        EXPECT_EQ(decode_request(kind, {}).error(), KeyProtocolError::unknown_kind);
        EXPECT_FALSE(request_sizes(kind));
    }
    for (const u8 kind : {u8{0}, u8{11}, u8{255}}) {
        EXPECT_EQ(decode_reply(kind, {}).error(), KeyProtocolError::unknown_kind);
        EXPECT_FALSE(reply_sizes(kind));
    }
}

TEST_F(KeyProtocol, RefusesOtherLengths) {
    for (u8 kind = 1; kind <= 9; ++kind) {
        const BodySizes sizes = request_sizes(kind).value();
        EXPECT_EQ(decode_request(kind, Bytes(sizes.most + 1)).error(), KeyProtocolError::wrong_length);
        if (sizes.least > 0) {
            EXPECT_EQ(decode_request(kind, Bytes(sizes.least - 1)).error(), KeyProtocolError::wrong_length);
        }
    }
    for (u8 kind = 1; kind <= 10; ++kind) {
        const BodySizes sizes = reply_sizes(kind).value();
        EXPECT_EQ(decode_reply(kind, Bytes(sizes.most + 1)).error(), KeyProtocolError::wrong_length);
        if (sizes.least > 0) {
            EXPECT_EQ(decode_reply(kind, Bytes(sizes.least - 1)).error(), KeyProtocolError::wrong_length);
        }
    }
}

TEST_F(KeyProtocol, NoFrameIsLargerThanTheChannelCarries) {
    for (u8 kind = 1; kind <= 9; ++kind) EXPECT_LE(request_sizes(kind)->most, ServiceChannel::largest_body);
    for (u8 kind = 1; kind <= 10; ++kind) EXPECT_LE(reply_sizes(kind)->most, ServiceChannel::largest_body);
}

TEST_F(KeyProtocol, RefusesAPartOfAnOpeningThatIsTooLarge) {
    const auto opening_with = [](std::size_t passphrase, std::size_t tcti, std::size_t uri) {
        Bytes body(4 + 2 + passphrase + 2 + tcti + 2 + uri, 'x');
        const auto put = [&](std::size_t at, std::size_t value) {
            body.at(at) = static_cast<u8>(value >> 8U);
            body.at(at + 1) = static_cast<u8>(value);
        };
        for (std::size_t i = 0; i < 4; ++i) body.at(i) = 0;
        put(4, passphrase);
        put(4 + 2 + passphrase, tcti);
        put(4 + 2 + passphrase + 2 + tcti, uri);
        return decode_request(2, body);
    };
    EXPECT_TRUE(opening_with(UnlockSecrets::max_passphrase, HsmLocation::max_place, HsmLocation::max_place));
    EXPECT_EQ(opening_with(UnlockSecrets::max_passphrase + 1, 0, 0).error(), KeyProtocolError::wrong_length);
    EXPECT_EQ(opening_with(0, HsmLocation::max_place + 1, 0).error(), KeyProtocolError::wrong_length);
    EXPECT_EQ(opening_with(0, 0, HsmLocation::max_place + 1).error(), KeyProtocolError::wrong_length);
}

TEST_F(KeyProtocol, RefusesAnOpeningWithBytesLeftOverOrMissing) {
    const ServiceFrame frame = encode(KeyRequest{opening()});
    Bytes body(frame.body.expose().begin(), frame.body.expose().end());
    body.push_back(0);
    EXPECT_EQ(decode_request(frame.kind, body).error(), KeyProtocolError::wrong_length);
    body.pop_back();
    body.pop_back();
    EXPECT_EQ(decode_request(frame.kind, body).error(), KeyProtocolError::wrong_length);
}

TEST_F(KeyProtocol, RefusesAPlaceThatIsNoText) {
    for (const char bad : {'\0', '\n', '\x7f', '\xc3'}) {
        OpenVaultFile open = opening();
        open.secrets.tcti += bad;
        const ServiceFrame first = encode(KeyRequest{std::move(open)});
        EXPECT_EQ(decode_request(first.kind, first.body.expose()).error(), KeyProtocolError::bad_text);
        open = opening();
        open.secrets.token_uri += bad;
        const ServiceFrame second = encode(KeyRequest{std::move(open)});
        EXPECT_EQ(decode_request(second.kind, second.body.expose()).error(), KeyProtocolError::bad_text);
    }
}

TEST_F(KeyProtocol, RefusesToSignWhatIsNoStatement) {
    const ServiceFrame frame = encode(KeyRequest{Sign{1, test::rotation_statement()}});
    Bytes body(frame.body.expose().begin(), frame.body.expose().end());
    body[4] = 4;  // no such statement
    EXPECT_EQ(decode_request(frame.kind, body).error(), KeyProtocolError::bad_statement);
    body[4] = 3;
    body[5] = 'C';  // no such role
    EXPECT_EQ(decode_request(frame.kind, body).error(), KeyProtocolError::bad_statement);
}

TEST_F(KeyProtocol, RefusesAnIdentityThatIsNone) {
    for (const KeyReply& reply :
         {KeyReply{Generated{1, identity_}}, KeyReply{Opened{{}, 1, identity_, {}}}}) {
        const ServiceFrame frame = encode(reply);
        Bytes body(frame.body.expose().begin(), frame.body.expose().end());
        body[body.size() - identity_public_size] = 0xff;  // head of the FALCON key
        EXPECT_EQ(decode_reply(frame.kind, body).error(), KeyProtocolError::bad_identity);
    }
}

TEST_F(KeyProtocol, RefusesCodesThatNobodyKnows) {
    EXPECT_EQ(decode_reply(3, Bytes{0xff}).error(), KeyProtocolError::bad_code);
    EXPECT_EQ(decode_reply(10, Bytes{0xff}).error(), KeyProtocolError::bad_code);
    EXPECT_EQ(decode_reply(10, Bytes{4}).error(), KeyProtocolError::bad_code);
    EXPECT_EQ(decode_reply(1, Bytes{0x20, 0}).error(), KeyProtocolError::bad_code);
    const ServiceFrame frame = encode(KeyReply{Opened{{}, 1, identity_, {}}});
    Bytes body(frame.body.expose().begin(), frame.body.expose().end());
    body[0] = 0x80;
    EXPECT_EQ(decode_reply(frame.kind, body).error(), KeyProtocolError::bad_code);
}

TEST_F(KeyProtocol, EveryErrorHasATextOfItsOwn) {
    std::set<std::string_view> texts;
    for (u8 i = 0; i <= static_cast<u8>(KeyProtocolError::bad_code); ++i)
        texts.insert(describe(static_cast<KeyProtocolError>(i)));
    EXPECT_EQ(texts.size(), 6U);
}

TEST(KeyProtection, IsToldAsItIs) {
    EXPECT_EQ(describe(KeyProtection{true, true, 7, true, true, true}),
              "in a process of their own, without network and files (seccomp, Landlock ABI 7), locked in "
              "memory, closed to debuggers");
    EXPECT_EQ(describe(KeyProtection{true, false, 0, false, false, false}),
              "in a process of their own, which this system can't keep from network and files, NOT locked in "
              "memory (see the limit memlock), OPEN to debuggers");
    EXPECT_EQ(
        describe(KeyProtection{true, false, 3, true, true, true}),
        "in a process of their own, without files (Landlock ABI 3), but not without network: no seccomp, "
        "locked in memory, closed to debuggers");
    EXPECT_EQ(describe(KeyProtection{true, true, 0, true, true, true}),
              "in a process of their own, without network and files (seccomp), locked in memory, closed to "
              "debuggers");
    EXPECT_EQ(describe(KeyProtection{false, false, 0, true, true, true}),
              "in this process, which talks to the network, locked in memory, closed to debuggers");
}

}  // namespace
}  // namespace chat::key_protocol
