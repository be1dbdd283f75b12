/// What guarded memory does to who breaks its rules, in children that break them.

#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "base/secret.hpp"
#include "base/secret_pages.hpp"

namespace chat {
namespace {

using testing::ExitedWithCode;
using testing::KilledBySignal;

constexpr auto damaged = "memory next to a secret was overwritten \\(canary damaged\\); stopping at once";

/// Sizes with and without slack behind them, pooled and large, at and beside the page size.
constexpr std::array<std::size_t, 9> sizes = {1, 32, 33, 500, 512, 513, 4032, 4096, 100'000};

u8* begin_of(SecretBuffer& secret) { return secret.expose_mutable().data(); }

/// The statement of a death test, up to the access that has to be the one that kills.
u8 read_after_saying_so(const volatile u8* address) {
    std::signal(SIGSEGV, SIG_DFL);  // not the sanitizers' handler
    static_cast<void>(::write(STDERR_FILENO, "touching", 8));
    return *address;
}

u8* page_of(u8* address) {
    return address - reinterpret_cast<std::uintptr_t>(address) % secret_pages::page_size();  // NOLINT
}

void overwrite_and_release(std::size_t size, std::ptrdiff_t at) {
    SecretBuffer secret{size};
    u8* const byte = begin_of(secret) + at;
    *byte = static_cast<u8>(*byte ^ 1U);
    secret.reset();
    std::_Exit(0);
}

TEST(GuardedMemoryDeathTest, OneBitBeforeASecretEndsTheProcess) {
    for (const std::size_t size : sizes) {
        EXPECT_EXIT(overwrite_and_release(size, -1), KilledBySignal(SIGABRT), damaged) << size;
        EXPECT_EXIT(overwrite_and_release(size, -16), KilledBySignal(SIGABRT), damaged) << size;
    }
}

TEST(GuardedMemoryDeathTest, OneBitBehindASecretEndsTheProcess) {
    for (const std::size_t size : sizes) {
        const auto behind = static_cast<std::ptrdiff_t>(size);
        EXPECT_EXIT(overwrite_and_release(size, behind), KilledBySignal(SIGABRT), damaged) << size;
        EXPECT_EXIT(overwrite_and_release(size, behind + 15), KilledBySignal(SIGABRT), damaged) << size;
    }
}

TEST(GuardedMemoryDeathTest, AnUntouchedSecretIsReleasedInPeace) {
    for (const std::size_t size : sizes) {
        EXPECT_EXIT(
            {
                SecretBuffer secret{size};
                std::ranges::fill(secret.expose_mutable(), u8{0xFF});
                secret.reset();
                std::_Exit(0);
            },
            ExitedWithCode(0), "^$")
            << size;
    }
}

TEST(GuardedMemoryDeathTest, ALargeSecretsWholePageIsWatched) {
    EXPECT_EXIT(
        {
            SecretBuffer secret{1000};
            *page_of(begin_of(secret)) ^= 1U;
            secret.reset();
            std::_Exit(0);
        },
        KilledBySignal(SIGABRT), damaged);
}

TEST(GuardedMemoryDeathTest, PagesOfSecretsLieBetweenGuardPages) {
    const auto end = [](const secret_pages::Pages& pages) { return pages.data + pages.size; };
    EXPECT_EXIT(read_after_saying_so(secret_pages::map(1).data - 1), KilledBySignal(SIGSEGV), "touching$");
    EXPECT_EXIT(read_after_saying_so(end(secret_pages::map(10'000))), KilledBySignal(SIGSEGV), "touching$");
    const auto pages = secret_pages::map(1);
    pages.data[0] = 1;
    pages.data[pages.size - 1] = 1;
    secret_pages::unmap(pages);
}

/// A child's first region of a size is one page.
TEST(GuardedMemoryDeathTest, PooledSecretsLieBetweenGuardPages) {
    const std::size_t page = secret_pages::page_size();
    EXPECT_EXIT(
        {
            SecretBuffer secret{32};
            read_after_saying_so(page_of(begin_of(secret)) - 1);
        },
        KilledBySignal(SIGSEGV), "touching$");
    EXPECT_EXIT(
        {
            SecretBuffer secret{32};
            read_after_saying_so(page_of(begin_of(secret)) + page);
        },
        KilledBySignal(SIGSEGV), "touching$");
}

TEST(GuardedMemoryDeathTest, LargeSecretsLieBetweenGuardPages) {
    EXPECT_EXIT(
        {
            SecretBuffer secret{1000};
            read_after_saying_so(page_of(begin_of(secret)) - 1);
        },
        KilledBySignal(SIGSEGV), "touching$");
    // At most 47 bytes may be read behind a secret before the guard page.
    EXPECT_EXIT(
        {
            SecretBuffer secret{100'000};
            read_after_saying_so(begin_of(secret) + 100'000 + 47);
        },
        KilledBySignal(SIGSEGV), "touching$");
}

TEST(GuardedMemoryDeathTest, AFreedLargeSecretIsGone) {
    for (const std::size_t size : {std::size_t{513}, std::size_t{100'000}}) {
        EXPECT_EXIT(
            {
                SecretBuffer secret{size};
                const u8* const address = begin_of(secret);
                secret.reset();
                read_after_saying_so(address);
            },
            KilledBySignal(SIGSEGV), "touching$");
    }
}

TEST(GuardedMemoryDeathTest, ReleasingWhatDoesNotExistEndsTheProcess) {
    EXPECT_EXIT(
        {
            SecretBuffer secret{1000};
            u8* const address = begin_of(secret);
            guarded_memory::release(address, 1000);
            guarded_memory::release(address, 1000);
            std::_Exit(0);
        },
        KilledBySignal(SIGABRT), "a secret was released that does not exist");
}

TEST(GuardedMemoryDeathTest, AChildHasNoSecretsOfItsParent) {
    SecretBuffer pooled{32};
    SecretBuffer large{1000};
    EXPECT_EXIT(read_after_saying_so(begin_of(pooled)), KilledBySignal(SIGSEGV), "touching$");
    EXPECT_EXIT(read_after_saying_so(begin_of(large)), KilledBySignal(SIGSEGV), "touching$");
}

TEST(GuardedMemoryDeathTest, AChildMakesSecretsOfItsOwnAndReleasesWhatItInherited) {
    SecretBuffer pooled = SecretBuffer::copy_of(Bytes(32, 0x5A));
    SecretBuffer large = SecretBuffer::copy_of(Bytes(1000, 0x5A));
    EXPECT_EXIT(
        {
            if (guarded_memory::usage().regions != 0) std::_Exit(1);
            std::vector<SecretBuffer> own;
            for (int i = 0; i < 1000; ++i) own.push_back(SecretBuffer::copy_of(Bytes(32, 0x11)));
            own.push_back(SecretBuffer::copy_of(Bytes(1000, 0x11)));
            pooled.reset();
            large.reset();
            for (const SecretBuffer& each : own) {
                if (each.expose().back() != 0x11) std::_Exit(2);
            }
            own.clear();
            std::_Exit(guarded_memory::usage().live_secrets == 0 ? 0 : 3);
        },
        ExitedWithCode(0), "");
    EXPECT_EQ(pooled.expose().back(), 0x5A);
    EXPECT_EQ(large.expose().back(), 0x5A);
}

/// A core file that the kernel would write to the working directory holds memory: the way out must leave none.
TEST(GuardedMemoryDeathTest, TheProcessEndsWithoutACoreDump) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
        ::close(STDERR_FILENO);
        rlimit cores{};
        ::getrlimit(RLIMIT_CORE, &cores);
        cores.rlim_cur = cores.rlim_max;
        ::setrlimit(RLIMIT_CORE, &cores);
        overwrite_and_release(32, -1);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT);
    EXPECT_FALSE(WCOREDUMP(status));
}

TEST(GuardedMemory, CountsWhatItHolds) {
    const auto before = guarded_memory::usage();
    const SecretBuffer large{100'000};
    const auto with = guarded_memory::usage();
    EXPECT_EQ(with.live_secrets, before.live_secrets + 1);
    EXPECT_EQ(with.regions, before.regions + 1);
    EXPECT_GE(with.bytes, before.bytes + 100'000);
    EXPECT_EQ(with.regions, with.secret_memory_regions + with.locked_regions + with.unlocked_regions);
    EXPECT_NE(describe(with).find(std::to_string(with.live_secrets) + " secrets in"), std::string::npos);
}

TEST(GuardedMemory, SparePagesComeBackZeroed) {
    for (int round = 0; round < 3; ++round) {
        SecretBuffer secret{70'000};
        EXPECT_TRUE(std::ranges::all_of(secret.expose(), [](u8 byte) { return byte == 0; })) << round;
        std::ranges::fill(secret.expose_mutable(), u8{0xEE});
    }
}

}  // namespace
}  // namespace chat
