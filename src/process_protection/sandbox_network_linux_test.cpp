#include <fcntl.h>
#include <gtest/gtest.h>
#include <linux/io_uring.h>
#include <netdb.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <thread>

#include "process_protection/flavour.hpp"
#include "process_protection/hardening.hpp"
#include "process_protection/sandbox.hpp"
#include "support/forked_child.hpp"
#include "support/temporary_folder.hpp"

namespace chat {
namespace {

using test::ChildEnd;
using test::in_child;

constexpr ChildEnd killed{-1, SIGSYS};
constexpr ChildEnd well{0, 0};

class NetworkSandbox : public testing::Test {
  protected:
    NetworkSandbox() {
        std::filesystem::create_directory(at("writable"));
        std::filesystem::create_directory(at("other"));
        write(at("other/there"));
    }

    [[nodiscard]] std::string at(std::string_view name) const { return folder_.file(name); }
    /// 0, or errno.
    static int write(const std::string& path) {
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) return errno;
        const bool written = ::write(file, "x", 1) == 1;
        ::close(file);
        return written ? 0 : EIO;
    }
    static int read(const std::string& path) {
        const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (file < 0) return errno;
        ::close(file);
        return 0;
    }

    template <class Act>
    ChildEnd confined(Act act) {
        return in_child([this, &act] {
            NetworkProcessNeeds needs;
            needs.writable = {at("writable"), at("missing")};
            return confine_network_process(needs).seccomp ? act() : 91;
        });
    }

  private:
    test::TemporaryFolder folder_;
};

TEST_F(NetworkSandbox, KeepsNetworkTerminalAndNames) {
    EXPECT_EQ(confined([] {
                  for (const int family : {AF_INET, AF_INET6, AF_NETLINK})
                      if (::socket(family, SOCK_DGRAM, 0) < 0) return 1;
                  addrinfo* found = nullptr;
                  if (::getaddrinfo("localhost", nullptr, nullptr, &found) != 0) return 2;
                  ::freeaddrinfo(found);
                  if (write("/dev/null") != 0 || read("/etc/hosts") != 0 || read("/dev/urandom") != 0)
                      return 3;
                  if (is_traced()) return 4;
                  int number = 0;
                  std::thread{[&number] { number = 1; }}.join();
                  return number == 1 ? 0 : 5;
              }),
              well);
}

TEST_F(NetworkSandbox, ReachesNoProgramOfThePersonByALocalSocket) {
    EXPECT_EQ(confined([] {
                  if (::socket(AF_UNIX, SOCK_STREAM, 0) >= 0 || errno != EPERM) return 1;
                  std::array<int, 2> pair{};
                  return ::socketpair(AF_UNIX, SOCK_STREAM, 0, pair.data()) < 0 && errno == EPERM ? 0 : 2;
              }),
              well);
}

TEST_F(NetworkSandbox, ThreadsThatRanBeforeAreFiltered) {
    EXPECT_EQ(in_child([] {
                  std::array<int, 2> go{};
                  if (::pipe(go.data()) != 0) return 90;
                  std::thread early{[&go] {
                      char byte = 0;
                      if (::read(go[0], &byte, 1) == 1) ::syscall(SYS_io_uring_setup, 1, nullptr);
                  }};
                  confine_network_process({});
                  if (::write(go[1], "x", 1) != 1) return 91;
                  early.join();
                  return 1;
              }),
              killed);
}

TEST_F(NetworkSandbox, OtherSocketsAreRefused) {
    EXPECT_EQ(confined([] {
                  for (const int family : {AF_PACKET, AF_ALG, AF_VSOCK, AF_BLUETOOTH})
                      if (::socket(family, SOCK_RAW, 0) >= 0 || errno != EPERM) return 1;
                  // What stands above the 32 bits that the kernel looks at changes nothing.
                  if (::syscall(SYS_socket, (1L << 40) | AF_ALG, SOCK_SEQPACKET, 0) >= 0 || errno != EPERM)
                      return 2;
                  return 0;
              }),
              well);
}

TEST_F(NetworkSandbox, MemoryThatIsWrittenIsNeverExecuted) {
    EXPECT_EQ(confined([] {
                  void* const both = ::mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                                            MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
                  return both == MAP_FAILED && errno == EPERM ? 0 : 1;
              }),
              well);
}

TEST_F(NetworkSandbox, NewNamespacesKill) {
    EXPECT_EQ(confined([] { return ::unshare(CLONE_NEWUSER); }), killed);
    EXPECT_EQ(
        confined([] { return static_cast<int>(::syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0)); }),
        killed);
}

TEST_F(NetworkSandbox, WhatOnlyAnAttackerCallsKills) {
    EXPECT_EQ(confined([] { return static_cast<int>(::syscall(SYS_io_uring_setup, 1, nullptr)); }), killed);
    EXPECT_EQ(confined([] { return static_cast<int>(::syscall(SYS_bpf, 0, nullptr, 0)); }), killed);
    EXPECT_EQ(confined([] { return static_cast<int>(::syscall(SYS_userfaultfd, 0)); }), killed);
    EXPECT_EQ(confined([] { return static_cast<int>(::syscall(SYS_keyctl, 0, 0, 0, 0, 0)); }), killed);
    EXPECT_EQ(confined([] {
                  char key = 'x';
                  return ::ioctl(STDIN_FILENO, TIOCSTI, &key);
              }),
              killed);
}

#ifndef CHAT_SANITIZED  // a sanitizer starts a symbolizer, reads its files, and traces its own threads
TEST_F(NetworkSandbox, ProgramsAndOtherProcessesKill) {
    EXPECT_EQ(confined([] {
                  std::array<char*, 1> none{nullptr};
                  ::execve("/bin/true", none.data(), none.data());
                  return 1;
              }),
              killed);
    EXPECT_EQ(confined([] { return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0 ? 1 : 2; }),
              killed);
    EXPECT_EQ(
        confined([] {
            return static_cast<int>(::syscall(SYS_process_vm_readv, ::getppid(), nullptr, 0, nullptr, 0, 0));
        }),
        killed);
}
#endif

#if !defined(CHAT_COVERAGE)  // which writes its counts
TEST_F(NetworkSandbox, NothingIsWrittenBesideTheGivenFolder) {
    EXPECT_EQ(confined([this] {
                  if (write(at("other/new")) != EACCES || write(at("other/there")) != EACCES) return 1;
                  if (::unlink(at("other/there").c_str()) == 0 || errno != EACCES) return 2;
                  if (::mkdir(at("other/folder").c_str(), 0700) == 0 || errno != EACCES) return 3;
                  if (::rename(at("other/there").c_str(), at("writable/moved").c_str()) == 0) return 4;
                  if (::symlink("x", at("other/link").c_str()) == 0 || errno != EACCES) return 5;
                  if (::truncate(at("other/there").c_str(), 0) == 0) return 6;
                  return 0;
              }),
              well);
}

TEST_F(NetworkSandbox, TheGivenFolderIsWritten) {
    EXPECT_EQ(confined([this] {
                  if (write(at("writable/new")) != 0 || read(at("writable/new")) != 0) return 1;
                  if (::rename(at("writable/new").c_str(), at("writable/replaced").c_str()) != 0) return 2;
                  return ::unlink(at("writable/replaced").c_str()) == 0 ? 0 : 3;
              }),
              well);
}

#ifndef CHAT_SANITIZED
TEST_F(NetworkSandbox, HomesAndOtherProcessesAreNotRead) {
    EXPECT_EQ(confined([this] {
                  if (read(at("other/there")) != EACCES) return 1;
                  if (read("/proc/" + std::to_string(::getppid()) + "/environ") != EACCES) return 2;
                  return read("/tmp") == EACCES && read("/root") == EACCES ? 0 : 3;
              }),
              well);
}
#endif
#endif

TEST(DeviceSandbox, KeepsFilesAndLocalSocketsAndNothingElse) {
    EXPECT_EQ(in_child([] {
                  if (!confine_device_process().seccomp) return 91;
                  if (::open("/dev/urandom", O_RDONLY) < 0) return 1;
                  if (::socket(AF_UNIX, SOCK_STREAM, 0) < 0) return 2;
                  for (const int family : {AF_INET, AF_INET6, AF_NETLINK, AF_PACKET})
                      if (::socket(family, SOCK_STREAM, 0) >= 0 || errno != EPERM) return 3;
                  return 0;
              }),
              well);
}

#ifndef CHAT_SANITIZED
TEST(DeviceSandbox, ProgramsAndOtherProcessesKill) {
    EXPECT_EQ(in_child([] {
                  confine_device_process();
                  std::array<char*, 1> none{nullptr};
                  ::execve("/bin/true", none.data(), none.data());
                  return 1;
              }),
              killed);
    EXPECT_EQ(in_child([] {
                  confine_device_process();
                  return ::ptrace(PTRACE_ATTACH, ::getppid(), nullptr, nullptr) == 0 ? 1 : 2;
              }),
              killed);
}
#endif

}  // namespace
}  // namespace chat
