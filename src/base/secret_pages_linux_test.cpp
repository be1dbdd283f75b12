/// Where Linux puts the pages of secrets, with and without memfd_secret(2) and the right to lock memory.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <fstream>
#include <sstream>

#include "base/secret.hpp"
#include "base/secret_pages.hpp"

namespace chat {
namespace {

using guarded_memory::usage;
using secret_pages::PageKind;
using testing::ExitedWithCode;

constexpr long memfd_secret_number = 447;

bool kernel_offers_secret_memory() {
    const auto descriptor = static_cast<int>(::syscall(memfd_secret_number, O_CLOEXEC));
    if (descriptor >= 0) ::close(descriptor);
    return descriptor >= 0;
}

/// What /proc/self/smaps says of the mapping that begins at `data`: its first line, and its VmFlags.
struct MappingFacts {
    std::string first_line;
    std::string flags;
};
MappingFacts facts_of(const u8* data) {
    std::ostringstream begin;
    begin << std::hex << reinterpret_cast<std::uintptr_t>(data) << '-';  // NOLINT: an address as text
    MappingFacts out;
    std::ifstream smaps{"/proc/self/smaps"};
    for (std::string line; std::getline(smaps, line);) {
        if (line.starts_with(begin.str())) out.first_line = line;
        if (!out.first_line.empty() && line.starts_with("VmFlags:")) {
            out.flags = line + " ";
            return out;
        }
    }
    return out;
}

std::size_t mappings() {
    std::ifstream maps{"/proc/self/maps"};
    return static_cast<std::size_t>(
        std::count(std::istreambuf_iterator<char>{maps}, std::istreambuf_iterator<char>{}, '\n'));
}

void expect_locked_and_private(const u8* data) {
    const MappingFacts facts = facts_of(data);
    for (const char* flag : {" lo ", " dd ", " dc "}) {
        EXPECT_NE(facts.flags.find(flag), std::string::npos) << flag << "is not in " << facts.flags;
    }
}

bool readable_by_proc_mem(const u8* data) {
    const int memory = ::open("/proc/self/mem", O_RDONLY | O_CLOEXEC);
    u8 byte = 0;
    const ssize_t count = ::pread(memory, &byte, 1, reinterpret_cast<off_t>(data));  // NOLINT: an address
    ::close(memory);
    return count == 1;
}

/// As an ordinary process in a container is: without the right to lock more than `bytes`.
void allow_locking_only(std::size_t bytes) {
    const rlimit limit{bytes, bytes};
    if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0) std::_Exit(90);
    if (::geteuid() == 0 && ::setresuid(65534, 65534, 65534) != 0) std::_Exit(91);
}

void refuse_system_call(long number) {
    std::array filter = {
        sock_filter BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(seccomp_data, nr)),
        sock_filter BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, static_cast<u32>(number), 0, 1),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | 1U),
        sock_filter BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
    if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) std::_Exit(92);
    if (::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0) std::_Exit(93);
}

TEST(SecretPages, AreMemfdSecretWhereTheKernelOffersIt) {
    const auto pages = secret_pages::map(1);
    pages.data[0] = 1;
    EXPECT_EQ(pages.kind == PageKind::secret_memory, kernel_offers_secret_memory());
    if (pages.kind == PageKind::secret_memory) {
        EXPECT_NE(facts_of(pages.data).first_line.find("/secretmem"), std::string::npos);
        EXPECT_FALSE(readable_by_proc_mem(pages.data)) << "not even root reads them through the kernel";
    }
    expect_locked_and_private(pages.data);
    secret_pages::unmap(pages);
}

TEST(SecretPages, CanBeReadAndWrittenBySystemCalls) {
    std::array<int, 2> ends{};
    ASSERT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
    const SecretBuffer from = SecretBuffer::copy_of(Bytes(3000, 0x5A));
    SecretBuffer to{3000};
    EXPECT_EQ(::write(ends[1], from.expose().data(), from.size()), 3000);
    EXPECT_EQ(::read(ends[0], to.expose_mutable().data(), to.size()), 3000);
    EXPECT_EQ(to.expose().back(), 0x5A);
    for (const int end : ends) ::close(end);
}

void expect_fallback() {
    const auto pages = secret_pages::map(1);
    pages.data[0] = 1;
    EXPECT_EQ(pages.kind, PageKind::locked);
    EXPECT_TRUE(readable_by_proc_mem(pages.data));
    expect_locked_and_private(pages.data);
    std::_Exit(testing::Test::HasFailure() ? 1 : 0);
}

TEST(SecretPagesDeathTest, AreOrdinaryLockedOnesForWhoMustHibernate) {
    EXPECT_EXIT(
        {
            secret_pages::use_ordinary_pages();
            expect_fallback();
        },
        ExitedWithCode(0), "");
}

TEST(SecretPagesDeathTest, AreOrdinaryLockedOnesWhereMemfdSecretIsForbidden) {
    EXPECT_EXIT(
        {
            refuse_system_call(memfd_secret_number);
            expect_fallback();
        },
        ExitedWithCode(0), "");
}

/// 0 when everything works, and is said, with `limit` bytes of lockable memory.
int work_within(std::size_t limit) {
    allow_locking_only(limit);
    std::vector<SecretBuffer> secrets;
    for (int i = 0; i < 3000; ++i) secrets.push_back(SecretBuffer::copy_of(Bytes(64, 0x22)));
    secrets.push_back(SecretBuffer::copy_of(Bytes(100'000, 0x22)));
    if (usage().unlocked_regions == 0) return 1;
    if ((usage().unlocked_regions == usage().regions) != (limit == 0)) return 2;
    const auto warning = guarded_memory::warning(usage());
    if (!warning || warning->find("ulimit -l unlimited") == std::string::npos) return 3;
    if (warning->find(std::to_string(limit / 1024) + " KiB") == std::string::npos) return 4;
    if (describe(usage()).find("NOT locked") == std::string::npos) return 5;
    for (const SecretBuffer& each : secrets) {
        if (each.expose().back() != 0x22) return 6;
    }
    secrets.clear();
    return usage().live_secrets == 0 ? 0 : 7;
}

TEST(SecretPagesDeathTest, WorkAndSaySoWhenTheLimitOfLockedMemoryIsReached) {
    for (const std::size_t limit : {0UL, 8UL * 1024, 64UL * 1024}) {
        EXPECT_EXIT(std::_Exit(work_within(limit)), ExitedWithCode(0), "") << limit;
    }
}

TEST(SecretPagesDeathTest, OneSecretOfEachSizeIsLockedWithin64KiB) {
    EXPECT_EXIT(
        {
            allow_locking_only(64 * 1024);
            std::vector<SecretBuffer> secrets;
            for (std::size_t size = 32; size <= 512; size += 32) secrets.emplace_back(size);
            std::_Exit(usage().unlocked_regions == 0 && !guarded_memory::warning(usage()) ? 0 : 1);
        },
        ExitedWithCode(0), "");
}

TEST(SecretPagesDeathTest, SparePagesGiveWayToNewOnesAtTheLimit) {
    EXPECT_EXIT(
        {
            allow_locking_only(64 * 1024);
            { const SecretBuffer spare{40'000}; }
            const SecretBuffer larger{50'000};
            std::_Exit(usage().unlocked_regions == 0 ? 0 : 1);
        },
        ExitedWithCode(0), "");
}

TEST(SecretPages, WarnOfNothingWhenAllIsLocked) {
    guarded_memory::Usage all_locked;
    all_locked.regions = all_locked.locked_regions = 3;
    EXPECT_FALSE(guarded_memory::warning(all_locked));
}

TEST(SecretPages, ThousandsOfSecretsTakeFewMappings) {
    const std::size_t before = mappings();
    std::vector<SecretBuffer> secrets;
    for (int i = 0; i < 20'000; ++i) secrets.emplace_back(32);
    EXPECT_LT(mappings(), before + 200);
}

}  // namespace
}  // namespace chat
