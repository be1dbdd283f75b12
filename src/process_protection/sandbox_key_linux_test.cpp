#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <thread>

#include "base/secret.hpp"
#include "process_protection/flavour.hpp"
#include "process_protection/landlock_linux.hpp"
#include "process_protection/sandbox.hpp"
#include "support/forked_child.hpp"

namespace chat {
namespace {

using test::ChildEnd;
using test::in_child;

constexpr ChildEnd killed{-1, SIGSYS};
constexpr ChildEnd well{0, 0};

/// `act` in a confined process that has one end of a socket pair.
template <class Act>
ChildEnd confined(Act act) {
    return in_child([&act] {
        std::array<int, 2> pair{};
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.data()) != 0) return 90;
        const SandboxReport report = confine_key_process(pair[0]);
        return report.seccomp ? act(pair[0]) : 91;
    });
}

TEST(KeyProcessSandbox, KeepsWhatKeysNeed) {
    EXPECT_EQ(confined([](int socket) {
                  const SecretBuffer small{64};
                  const SecretBuffer large{300'000};
                  std::array<u8, 32> random{};
                  if (::getrandom(random.data(), random.size(), 0) != 32) return 1;
                  pollfd watched{socket, POLLIN, 0};
                  // The other end is closed by now: its end is read.
                  if (::poll(&watched, 1, 5000) != 1) return 2;
                  if (::recv(socket, random.data(), random.size(), 0) != 0) return 3;
                  timespec now{};
                  if (::clock_gettime(CLOCK_MONOTONIC, &now) != 0) return 4;
                  std::fputs("", stderr);
                  return std::string(200'000, 'x').size() == 200'000 ? 0 : 5;
              }),
              well);
}

TEST(KeyProcessSandbox, MemfdSecretStaysWhereTheKernelHasIt) {
    EXPECT_EQ(confined([](int) {
                  const long memory = ::syscall(SYS_memfd_secret, O_CLOEXEC);
                  if (memory < 0) return errno == ENOSYS ? 0 : 1;
                  const int file = static_cast<int>(memory);
                  if (::ftruncate(file, 4096) != 0) return 2;
                  void* const page = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
                  return page == MAP_FAILED ? 3 : 0;
              }),
              well);
}

TEST(KeyProcessSandbox, ClosesEveryDescriptorButItsOwn) {
    EXPECT_EQ(in_child([] {
                  std::array<int, 2> pair{};
                  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0) return 90;
                  const int file = ::open("/etc/passwd", O_RDONLY);
                  const int high = ::fcntl(file, F_DUPFD, 200);
                  confine_key_process(pair[1]);
                  for (const int gone : {pair[0], file, high})
                      if (::fcntl(gone, F_GETFD) != -1) return 1;
                  char byte = 0;
                  if (::read(STDIN_FILENO, &byte, 1) != 0) return 2;  // /dev/null
                  return ::fcntl(pair[1], F_GETFD) >= 0 && ::fcntl(STDERR_FILENO, F_GETFD) >= 0 ? 0 : 3;
              }),
              well);
}

TEST(KeyProcessSandbox, ABugStillEndsItByAbort) {
    EXPECT_EQ(confined([](int) -> int { std::abort(); }), (ChildEnd{-1, SIGABRT}));
}

TEST(KeyProcessSandbox, ADamagedCanaryStillEndsItByAbort) {
    EXPECT_EQ(confined([](int) {
                  u8* const secret = guarded_memory::allocate(32);
                  secret[32] ^= 1U;
                  guarded_memory::release(secret, 32);
                  return 0;
              }),
              (ChildEnd{-1, SIGABRT}));
}

#ifndef CHAT_SANITIZED  // a sanitizer needs some of these itself
TEST(KeyProcessSandbox, OpeningAFileKills) {
    EXPECT_EQ(confined([](int) { return ::open("/etc/hostname", O_RDONLY) >= 0 ? 1 : 2; }), killed);
    EXPECT_EQ(confined([](int) { return ::open("/tmp/x", O_WRONLY | O_CREAT, 0600) >= 0 ? 1 : 2; }), killed);
    EXPECT_EQ(confined([](int) { return ::unlink("/tmp/no-such-file"); }), killed);
}

TEST(KeyProcessSandbox, LookingIntoOtherProcessesKills) {
    EXPECT_EQ(
        confined([](int) { return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0 ? 1 : 2; }),
        killed);
    EXPECT_EQ(confined([](int) { return ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0); }), killed);
    EXPECT_EQ(confined([](int) { return ::kill(::getppid(), 0); }), killed);
    rlimit limit{};
    EXPECT_EQ(confined([&](int) { return ::prlimit(::getppid(), RLIMIT_CORE, nullptr, &limit); }), killed);
    EXPECT_EQ(confined([&](int) { return ::setrlimit(RLIMIT_NOFILE, &limit); }), killed);
}

TEST(KeyProcessSandbox, ThreadsAndProcessesKill) {
    EXPECT_EQ(confined([](int) { return ::fork() >= 0 ? 1 : 2; }), killed);
    EXPECT_EQ(confined([](int) {
                  std::thread{[] {}}.join();
                  return 1;
              }),
              killed);
}
#endif

TEST(KeyProcessSandbox, SocketsKill) {
    for (const int family : {AF_INET, AF_INET6, AF_UNIX, AF_NETLINK})
        EXPECT_EQ(confined([family](int) { return ::socket(family, SOCK_STREAM, 0) >= 0 ? 1 : 2; }), killed);
}

TEST(KeyProcessSandbox, StartingAProgramKills) {
    EXPECT_EQ(confined([](int) {
                  std::array<char*, 1> none{nullptr};
                  ::execve("/bin/true", none.data(), none.data());
                  return 1;
              }),
              killed);
}

TEST(KeyProcessSandbox, ExecutableMemoryKills) {
    EXPECT_EQ(confined([](int) {
                  ::mmap(nullptr, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return 1;
              }),
              killed);
    EXPECT_EQ(confined([](int) {
                  void* const page =
                      ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  if (page == MAP_FAILED) return 1;
                  ::mprotect(page, 4096, PROT_READ | PROT_EXEC);
                  return 2;
              }),
              killed);
}

#ifdef __x86_64__
TEST(KeyProcessSandbox, CallsOfTheOldArchitectureKill) {
    EXPECT_EQ(confined([](int) {
                  long result = 20;  // getpid of the 32-bit table
                  asm volatile("int $0x80" : "+a"(result) : : "memory");
                  return 1;
              }),
              killed);
}
#endif

TEST(KeyProcessSandbox, TheReportSaysWhatThisKernelHas) {
    EXPECT_EQ(in_child([] {
                  std::array<int, 2> pair{};
                  if (::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) != 0) return 90;
                  const int expected = coverage_build ? 0 : landlock::abi();
                  const SandboxReport report = confine_key_process(pair[0]);
                  return report.seccomp && report.landlock == expected ? 0 : 1;
              }),
              well);
    EXPECT_EQ(describe(SandboxReport{true, 7}), "seccomp, Landlock (ABI 7)");
    EXPECT_EQ(describe(SandboxReport{false, 3}), "Landlock (ABI 3)");
    EXPECT_EQ(describe(SandboxReport{true, 0}), "seccomp");
    EXPECT_EQ(describe(SandboxReport{}), "none");
}

}  // namespace
}  // namespace chat
