#include "crypto/hash.hpp"

#include <gtest/gtest.h>

#include "support/vec_reader.hpp"

namespace chat {
namespace {

using test::read_vec_file;

Bytes hash_by_name(const std::string& name, ByteView input) {
    const auto bytes = [](const auto& digest) { return Bytes(digest.bytes.begin(), digest.bytes.end()); };
    if (name == "sha256") return bytes(sha256(input));
    if (name == "sha384") return bytes(sha384(input));
    if (name == "sha512") return bytes(sha512(input));
    if (name == "sha3_256") return bytes(sha3_256({input}));
    if (name == "sha3_512") return bytes(sha3_512({input}));
    throw std::runtime_error{"unknown hash " + name};
}

TEST(Hash, GivesThePublishedDigests) {
    for (const auto& block : read_vec_file(TEST_VECTORS "/crypto/hash.vec")) {
        EXPECT_EQ(hash_by_name(block.text("hash"), block.bytes("input")), block.bytes("digest"))
            << block.text("hash") << " of " << block.text("input");
    }
}

TEST(Hash, JoinsItsParts) {
    const Bytes data(300, 0x5a);
    const ByteView view{data};
    EXPECT_EQ(sha256({view.first(1), view.subspan(1, 64), {}, view.subspan(65)}), sha256(view));
    EXPECT_EQ(sha512({view.first(128), view.subspan(128)}), sha512(view));
    EXPECT_EQ(sha3_256({view.first(136), view.subspan(136)}), sha3_256({view}));
    EXPECT_EQ(sha3_512({view.first(71), view.subspan(71)}), sha3_512({view}));
}

TEST(Hash, DigestsAMillionLettersIncrementally) {
    Sha256 hash256;
    Sha512 hash512;
    const Bytes letters(1000, 'a');
    for (int i = 0; i < 1000; ++i) {
        hash256.update(letters);
        hash512.update(letters);
    }
    // FIPS 180-4's example of 1,000,000 times 'a'.
    EXPECT_EQ(to_hex(hash256.digest().bytes),
              "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    EXPECT_EQ(to_hex(hash512.digest().bytes),
              "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973eb"
              "de0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b");
}

TEST(Hasher, PeeksWithoutEndingAndCopiesContinue) {
    Sha512 hash;
    hash.update(bytes_of("one"));
    EXPECT_EQ(hash.peek(), sha512(bytes_of("one")));
    Sha512 copy{hash};
    copy.update(bytes_of(" two"));
    hash.update(bytes_of(" three"));
    EXPECT_EQ(copy.digest(), sha512(bytes_of("one two")));
    EXPECT_EQ(hash.digest(), sha512(bytes_of("one three")));
    EXPECT_EQ(hash.digest(), sha512(ByteView{})) << "digest() starts the hasher afresh";
}

TEST(Hasher, CanBeAssigned) {
    Sha256 source;
    source.update(bytes_of("left"));
    Sha256 target;
    target.update(bytes_of("forgotten"));
    target = source;
    EXPECT_EQ(target.peek(), sha256(bytes_of("left")));
    Sha256 moved{std::move(target)};
    target = source;  // a moved-from hasher may be assigned to
    EXPECT_EQ(target.digest(), moved.digest());
}

}  // namespace
}  // namespace chat
