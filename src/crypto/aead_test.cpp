#include "crypto/aead.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/wycheproof.hpp"

namespace chat {
namespace {

template <class Cipher>
constexpr const char* vector_file = "";
template <>
constexpr const char* vector_file<ChaCha20Poly1305> = TEST_VECTORS "/crypto/chacha20_poly1305.vec";
template <>
constexpr const char* vector_file<XChaCha20Poly1305> = TEST_VECTORS "/crypto/xchacha20_poly1305.vec";
template <>
constexpr const char* vector_file<Aes256Gcm> = TEST_VECTORS "/crypto/aes_256_gcm.vec";

template <class Cipher>
class Aead : public testing::Test {
  protected:
    using NonceView = typename Cipher::NonceView;

    Bytes seal(ByteView plaintext) {
        Bytes out(plaintext.size() + Cipher::tag_size);
        Cipher::seal(key_view(), nonce_view(), ad_, plaintext, out);
        return out;
    }

    /// Opens into a buffer of noise, so that a failure has something to clear.
    Result<void, CryptoError> open(ByteView sealed) {
        opened_.assign(sealed.size() < Cipher::tag_size ? 5 : sealed.size() - Cipher::tag_size, 0xee);
        return Cipher::open(key_view(), nonce_view(), ad_, sealed, opened_);
    }

    void expect_refused(ByteView sealed, CryptoError error, const std::string& what) {
        const auto result = open(sealed);
        ASSERT_FALSE(result) << what;
        EXPECT_EQ(result.error(), error) << what;
        EXPECT_EQ(opened_, Bytes(opened_.size())) << "output is all zero after a failure: " << what;
    }

    [[nodiscard]] AeadKeyView key_view() const { return AeadKeyView{key_}; }
    [[nodiscard]] NonceView nonce_view() const { return NonceView{nonce_}; }

    Bytes key_ = Bytes(Cipher::key_size, 0x0b);
    Bytes nonce_ = Bytes(Cipher::nonce_size, 0x0c);
    Bytes ad_ = Bytes(20, 0x0d);
    Bytes opened_;
};

using Ciphers = testing::Types<ChaCha20Poly1305, XChaCha20Poly1305, Aes256Gcm>;
TYPED_TEST_SUITE(Aead, Ciphers);

TYPED_TEST(Aead, GivesThePublishedCiphertexts) {
    for (const auto& block : test::read_vec_file(vector_file<TypeParam>)) {
        this->key_ = block.bytes("key");
        this->nonce_ = block.bytes("nonce");
        this->ad_ = block.bytes("ad");
        Bytes sealed = block.bytes("ciphertext");
        append(sealed, block.bytes("tag"));
        if (block.text("expect") == "ok") {
            EXPECT_EQ(this->seal(block.bytes("plaintext")), sealed);
            EXPECT_TRUE(this->open(sealed));
            EXPECT_EQ(this->opened_, block.bytes("plaintext"));
        } else {
            ASSERT_EQ(block.text("expect"), "bad_tag");
            this->expect_refused(sealed, CryptoError::bad_tag, block.text("tag"));
        }
    }
}

TYPED_TEST(Aead, OpensWhatItSealedAtEverySize) {
    test::SeededRng rng{1};
    for (std::size_t size : {0UL, 1UL, 15UL, 16UL, 17UL, 63UL, 64UL, 65UL, 1112UL, 3184UL, 8192UL, 65488UL}) {
        Bytes plaintext(size);
        rng.fill(plaintext);
        const Bytes sealed = this->seal(plaintext);
        ASSERT_EQ(sealed.size(), size + TypeParam::tag_size);
        EXPECT_TRUE(this->open(sealed)) << size;
        EXPECT_EQ(this->opened_, plaintext) << size;
    }
}

TYPED_TEST(Aead, RefusesEveryChangedBit) {
    const Bytes sealed = this->seal(bytes_of("seventeen letters"));
    const auto flipped = [](Bytes bytes, std::size_t bit) {
        bytes[bit / 8] = static_cast<u8>(bytes[bit / 8] ^ (1U << (bit % 8)));
        return bytes;
    };
    for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
        this->expect_refused(flipped(sealed, bit), CryptoError::bad_tag, "sealed bit " + std::to_string(bit));
    }
    const auto expect_refused_when_changed = [&](Bytes& input, const std::string& name) {
        const Bytes right = input;
        for (std::size_t bit = 0; bit < right.size() * 8; ++bit) {
            input = flipped(right, bit);
            this->expect_refused(sealed, CryptoError::bad_tag, name + " bit " + std::to_string(bit));
        }
        input = right;
    };
    expect_refused_when_changed(this->key_, "key");
    expect_refused_when_changed(this->nonce_, "nonce");
    expect_refused_when_changed(this->ad_, "associated data");
    EXPECT_TRUE(this->open(sealed));
}

TYPED_TEST(Aead, RefusesOtherLengths) {
    const Bytes sealed = this->seal(bytes_of("text"));
    for (std::size_t size = 0; size < sealed.size(); ++size) {
        this->expect_refused(
            ByteView{sealed}.first(size),
            size < TypeParam::tag_size ? CryptoError::ciphertext_too_short : CryptoError::bad_tag,
            std::to_string(size));
    }
    Bytes longer = sealed;
    longer.push_back(0);
    this->expect_refused(longer, CryptoError::bad_tag, "one byte more");
    this->ad_.push_back(0);
    this->expect_refused(sealed, CryptoError::bad_tag, "longer associated data");
    this->ad_.clear();
    this->expect_refused(sealed, CryptoError::bad_tag, "no associated data");
}

TYPED_TEST(Aead, WorksInPlace) {
    const Bytes plaintext(100, 0x42);
    const Bytes sealed = this->seal(plaintext);
    Bytes buffer = plaintext;
    buffer.resize(sealed.size());
    TypeParam::seal(this->key_view(), this->nonce_view(), this->ad_, ByteView{buffer}.first(100), buffer);
    EXPECT_EQ(buffer, sealed);
    EXPECT_TRUE(TypeParam::open(this->key_view(), this->nonce_view(), this->ad_, buffer,
                                MutableByteView{buffer}.first(100)));
    buffer.resize(100);
    EXPECT_EQ(buffer, plaintext);
}

using XChaChaDetached = Aead<XChaCha20Poly1305>;

TEST_F(XChaChaDetached, PutsTheTagApart) {
    const Bytes plaintext(50, 0x24);
    const Bytes sealed = seal(plaintext);
    Bytes ciphertext(50);
    std::array<u8, aead_tag_size> tag{};
    XChaCha20Poly1305::seal_detached(key_view(), nonce_view(), ad_, plaintext, ciphertext, tag);
    EXPECT_TRUE(std::equal(ciphertext.begin(), ciphertext.end(), sealed.begin()));
    EXPECT_TRUE(std::equal(tag.begin(), tag.end(), sealed.begin() + 50));

    Bytes out(50, 0xee);
    EXPECT_TRUE(XChaCha20Poly1305::open_detached(key_view(), nonce_view(), ad_, ciphertext, tag, out));
    EXPECT_EQ(out, plaintext);
    tag[0] = static_cast<u8>(tag[0] ^ 1U);
    const auto refused =
        XChaCha20Poly1305::open_detached(key_view(), nonce_view(), ad_, ciphertext, tag, out);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error(), CryptoError::bad_tag);
    EXPECT_EQ(out, Bytes(50));
}

class XChaChaWycheproof : public Aead<XChaCha20Poly1305> {
  protected:
    void check(const nlohmann::json& test) {
        key_ = test::hex_of(test, "key");
        nonce_ = test::hex_of(test, "iv");
        ad_ = test::hex_of(test, "aad");
        // A nonce of another size does not compile here: the function takes a span of 24.
        if (nonce_.size() != XChaCha20Poly1305::nonce_size) {
            EXPECT_EQ(test::text_of(test, "result"), "invalid");
            return;
        }
        Bytes sealed = test::hex_of(test, "ct");
        append(sealed, test::hex_of(test, "tag"));
        const Bytes plaintext = test::hex_of(test, "msg");
        if (test::text_of(test, "result") == "valid") {
            EXPECT_EQ(seal(plaintext), sealed);
            EXPECT_TRUE(open(sealed));
            EXPECT_EQ(opened_, plaintext);
        } else {
            expect_refused(sealed, CryptoError::bad_tag, test.at("tcId").dump());
        }
    }
};

TEST_F(XChaChaWycheproof, AllCases) {
    EXPECT_GT(test::for_each_wycheproof_test("xchacha20_poly1305_test.json",
                                             [&](const auto&, const auto& test) { check(test); }),
              300U);
}

}  // namespace
}  // namespace chat
