#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

#include "process_protection/hardening.hpp"
#include "support/forked_child.hpp"

namespace chat {
namespace {

using test::ChildEnd;
using test::in_child;

constexpr ChildEnd well{0, 0};

std::string content(const std::string& path) {
    std::ifstream file{path};
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

TEST(Hardening, HoldsAndSaysSo) {
    EXPECT_EQ(in_child([] {
                  const auto report = harden_process(Debugger::refused);
                  if (!report) return 1;
                  rlimit cores{1, 1};
                  ::getrlimit(RLIMIT_CORE, &cores);
                  if (cores.rlim_cur != 0 || cores.rlim_max != 0 || !report->core_dumps_off) return 2;
                  if (::prctl(PR_GET_DUMPABLE) != 0 || !report->unreadable_by_others) return 3;
                  if (::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 || !report->no_new_privileges) return 4;
                  if (::umask(0) != 077) return 5;
                  if (report->traced || is_traced()) return 6;
                  const std::string status = content("/proc/self/status");
                  return status.find("NoNewPrivs:\t1\n") != std::string::npos ? 0 : 7;
              }),
              well);
}

TEST(Hardening, WithADebuggerAllowedTheProcessStaysDumpable) {
    EXPECT_EQ(in_child([] {
                  const auto report = harden_process(Debugger::allowed);
                  if (!report || report->unreadable_by_others || ::prctl(PR_GET_DUMPABLE) != 1) return 1;
                  rlimit cores{1, 1};
                  ::getrlimit(RLIMIT_CORE, &cores);
                  return cores.rlim_max == 0 && report->no_new_privileges ? 0 : 2;
              }),
              well);
}

/// A child that lets its parent, this test, trace it before it hardens itself.
ChildEnd traced_child(Debugger debugger, bool expect_refusal) {
    const pid_t child = ::fork();
    if (child == 0) {
        ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
        ::raise(SIGSTOP);
        const auto report = harden_process(debugger);
        if (expect_refusal) ::_exit(!report && report.error() == HardeningError::traced ? 0 : 1);
        ::_exit(report && report->traced && is_traced() ? 0 : 1);
    }
    int state = 0;
    while (::waitpid(child, &state, 0) == child && WIFSTOPPED(state)) {
        const long passed_on = WSTOPSIG(state) == SIGSTOP ? 0 : WSTOPSIG(state);
        ::ptrace(PTRACE_CONT, child, nullptr, passed_on);
    }
    return WIFEXITED(state) ? ChildEnd{WEXITSTATUS(state), 0} : ChildEnd{-1, WTERMSIG(state)};
}

TEST(Hardening, RefusesToBeTraced) { EXPECT_EQ(traced_child(Debugger::refused, true), well); }

TEST(Hardening, GoesOnTracedWhenThatIsAllowed) { EXPECT_EQ(traced_child(Debugger::allowed, false), well); }

/// Root may look into everything, so the one who looks is an ordinary user: the child and the grandchild that looks at it.
ChildEnd look_into_hardened(Debugger debugger) {
    return in_child([debugger] {
        constexpr uid_t nobody = 65534;
        if (::geteuid() == 0 && (::setgid(nobody) != 0 || ::setuid(nobody) != 0)) return 90;
        ::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0);  // as after a fresh start; changing the user had taken it
        const pid_t looked_at = ::getpid();
        if (!harden_process(debugger)) return 91;
        const ChildEnd look = in_child([looked_at] {
            const std::string own = "/proc/" + std::to_string(looked_at);
            if (::open((own + "/mem").c_str(), O_RDONLY) >= 0) return 1;
            if (::open((own + "/environ").c_str(), O_RDONLY) >= 0) return 2;
            return errno == EACCES || errno == EPERM ? 0 : 3;
        });
        return look.status;
    });
}

TEST(Hardening, AnotherProcessOfTheSameUserCantRead) {
    EXPECT_EQ(look_into_hardened(Debugger::refused), well);
    EXPECT_EQ(look_into_hardened(Debugger::allowed), (ChildEnd{1, 0}));
}

TEST(Hardening, ClosedStandardStreamsAreOpened) {
    EXPECT_EQ(in_child([] {
                  ::close(STDIN_FILENO);
                  ::close(STDOUT_FILENO);
                  if (!harden_process(Debugger::allowed)) return 1;
                  char byte = 0;
                  if (::read(STDIN_FILENO, &byte, 1) != 0) return 2;
                  return ::open("/dev/null", O_RDONLY) > STDERR_FILENO ? 0 : 3;
              }),
              well);
}

TEST(Hardening, TheLimitOfLockedMemoryIsReported) {
    EXPECT_EQ(in_child([] {
                  constexpr uid_t nobody = 65534;
                  const rlimit small{32768, 65536};
                  if (::setrlimit(RLIMIT_MEMLOCK, &small) != 0) return 90;
                  if (::geteuid() == 0 && ::setuid(nobody) != 0) return 91;
                  const auto report = harden_process(Debugger::allowed);
                  if (!report || report->locked_memory != 65536) return 1;
                  return warnings(*report, Debugger::allowed).find("only 64 KiB") != std::string::npos ? 0
                                                                                                       : 2;
              }),
              well);
}

TEST(Hardening, TheEnvironmentIsScrubbedWhereItStands) {
    EXPECT_EQ(in_child([] {
                  ::setenv("SSLKEYLOGFILE", "/tmp/keys", 1);
                  ::setenv("LD_PRELOAD", "evil.so", 1);
                  ::setenv("OPENSSL_CONF", "/tmp/evil.cnf", 1);
                  ::setenv("SECURE_P2P_TEST", "kept", 1);
                  ::setenv("SECURE_P2P_SECRET", "hunter2", 1);
                  const char* const secret = std::getenv("SECURE_P2P_SECRET");
                  if (!harden_process(Debugger::allowed)) return 1;
                  for (const char* const name : {"SSLKEYLOGFILE", "LD_PRELOAD", "OPENSSL_CONF"})
                      if (std::getenv(name) != nullptr) return 2;
                  if (std::string_view{std::getenv("SECURE_P2P_TEST")} != "kept") return 3;
                  forget_variable("SECURE_P2P_SECRET");
                  if (std::getenv("SECURE_P2P_SECRET") != nullptr) return 4;
                  return secret[0] == 0 && secret[6] == 0 ? 0 : 5;
              }),
              well);
}

TEST(Hardening, NamesThatSteerLibrariesAreKnown) {
    for (const char* const name :
         {"LD_PRELOAD", "LD_AUDIT", "MALLOC_CHECK_", "GLIBC_TUNABLES", "SSLKEYLOGFILE", "OPENSSL_MODULES",
          "SSL_CERT_FILE", "TSS2_LOGFILE", "GIO_EXTRA_MODULES", "HOSTALIASES", "RES_OPTIONS"})
        EXPECT_TRUE(is_scrubbed(name)) << name;
    for (const char* const name : {"HOME", "PATH", "LANG", "TERM", "NO_COLOR", "XDG_CONFIG_HOME",
                                   "DBUS_SESSION_BUS_ADDRESS", "OLD_PWD", "SOFTHSM2_CONF"})
        EXPECT_FALSE(is_scrubbed(name)) << name;
}

TEST(Hardening, WarningsNameEachGapAndItsFix) {
    HardeningReport good;
    good.core_dumps_off = good.unreadable_by_others = good.no_new_privileges = true;
    good.locked_memory = unlimited_memory;
    EXPECT_EQ(warnings(good, Debugger::refused), "");
    HardeningReport bad = good;
    bad.traced = true;
    bad.core_dumps_off = false;
    bad.locked_memory = 65536;
    const std::string all = warnings(bad, Debugger::allowed);
    for (const char* const part :
         {"tracer is attached", "--allow-debugger: other programs", "crash dump", "only 64 KiB", "ulimit -l"})
        EXPECT_NE(all.find(part), std::string::npos) << part;
    bad.unreadable_by_others = false;
    EXPECT_NE(warnings(bad, Debugger::refused).find("does not keep other programs"), std::string::npos);
    EXPECT_NE(describe(HardeningError::traced).find("--allow-debugger"), std::string_view::npos);
}

}  // namespace
}  // namespace chat
