/// The search itself: it finds what is there, also in pieces and in the pages of secrets, and not itself.

#include "memory/memory_image.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

#include "base/secret.hpp"
#include "crypto/system_rng.hpp"

namespace chat::test {
namespace {

/// Random bytes whose only copy is the given memory.
void fill(MutableByteView memory) { SystemRng{}.fill(memory); }

TEST(MemoryImage, FindsWhatIsThereUntilItIsWiped) {
    Bytes bytes(64);
    fill(bytes);
    Needles needles;
    needles.add("needle", bytes);
    ASSERT_EQ(needles.search(0).size(), 1U);
    EXPECT_EQ(needles.search(0)[0].what, "needle");
    guarded_memory::wipe(bytes);
    EXPECT_TRUE(needles.search(0).empty());
}

TEST(MemoryImage, LooksIntoAnotherProcess) {
    Bytes bytes(64);
    fill(bytes);
    Needles needles;
    needles.add("needle", bytes);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::pause();
        ::_exit(0);
    }
    EXPECT_EQ(needles.search(child).size(), 1U);
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    EXPECT_THROW((void)needles.search(child), std::runtime_error);
}

TEST(MemoryImage, FindsAPieceOfIt) {
    Bytes bytes(64);
    fill(bytes);
    Needles needles;
    needles.add("needle", bytes);
    guarded_memory::wipe(MutableByteView{bytes}.first(20));
    guarded_memory::wipe(MutableByteView{bytes}.last(28));
    EXPECT_EQ(needles.search(0).size(), 1U) << "16 bytes in the middle";
    bytes[20] ^= 0xFFU;
    const auto findings = needles.search(0);
    EXPECT_TRUE(findings.empty()) << to_text(findings);
}

TEST(MemoryImage, FindsATextOfWideCharacters) {
    std::u32string wide;
    std::string text;
    Bytes random(40);
    fill(random);
    for (const u8 byte : random) {
        text += static_cast<char>('0' + byte % 64);
        wide += static_cast<char32_t>('0' + byte % 64);
    }
    Needles needles;
    needles.add_text("text", text);
    EXPECT_EQ(needles.search(0).size(), 2U);
    guarded_memory::wipe({reinterpret_cast<u8*>(text.data()), text.size()});  // NOLINT: bytes of it
    ASSERT_EQ(needles.search(0).size(), 1U);
    EXPECT_EQ(needles.search(0)[0].what, "text (UTF-32)");
}

TEST(MemoryImage, SeesThePagesOfSecrets) {
    Secret<struct MemoryImageTag, 32> secret;
    fill(secret.expose_mutable());
    Needles needles;
    needles.add("secret", secret.expose());
    EXPECT_EQ(needles.search(0).size(), 1U);
    secret.reset();
    EXPECT_TRUE(needles.search(0).empty());
}

}  // namespace
}  // namespace chat::test
