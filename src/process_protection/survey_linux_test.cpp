#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "process_protection/hardening.hpp"
#include "process_protection/landlock_linux.hpp"
#include "process_protection/machine_linux.hpp"
#include "support/forked_child.hpp"
#include "support/temporary_folder.hpp"

namespace chat {
namespace {

using testing::HasSubstr;
using testing::Not;

/// A machine made of files.
class Survey : public testing::Test {
  protected:
    Survey() {
        kernel.locked_memory = unlimited_memory;
        kernel.memfd_secret = kernel.seccomp = kernel.random_ready = true;
        kernel.landlock = 7;
        kernel.clock_synchronised = true;
    }

    void put(const std::string& path, const std::string& content) const {
        std::filesystem::create_directories(std::filesystem::path{folder_.path() + path}.parent_path());
        std::ofstream{folder_.path() + path} << content;
    }
    [[nodiscard]] std::vector<Facility> all() const {
        return survey_facilities(Machine{folder_.path(), "/home/me", kernel});
    }
    [[nodiscard]] Facility row(std::string_view key) const {
        const auto rows = all();
        const auto found = std::ranges::find(rows, key, &Facility::key);
        return found == rows.end() ? Facility{} : *found;
    }
    void expect(std::string_view key, FacilityState state, const std::string& part) const {
        const Facility found = row(key);
        EXPECT_EQ(found.state, state) << key << ": " << found.meaning;
        EXPECT_THAT(found.meaning, HasSubstr(part));
        EXPECT_EQ(found.hint.empty(), state == FacilityState::good || state == FacilityState::unknown) << key;
    }

    void close_to_everybody(const std::string& path) const {
        std::filesystem::permissions(folder_.path(), std::filesystem::perms{0755});
        std::filesystem::permissions(folder_.path() + path, std::filesystem::perms::none);
    }

    KernelAnswers kernel;

  private:
    test::TemporaryFolder folder_;
};

using enum FacilityState;

TEST_F(Survey, EveryRowHasItsKeyNameAndMeaning) {
    std::set<std::string> keys;
    for (const Facility& each : all()) {
        EXPECT_TRUE(keys.insert(each.key).second) << each.key;
        EXPECT_FALSE(each.name.empty());
        EXPECT_FALSE(each.meaning.empty()) << each.key;
    }
    EXPECT_EQ(keys, (std::set<std::string>{"locked-memory", "memfd-secret", "seccomp", "landlock",
                                           "ptrace-scope", "core-dumps", "swap", "hibernation", "tpm",
                                           "pkcs11", "entropy", "cpu", "clock"}));
}

TEST_F(Survey, WhatTheKernelSays) {
    expect("locked-memory", good, "any amount");
    expect("memfd-secret", good, "memfd_secret");
    expect("seccomp", good, "key process");
    expect("landlock", good, "ABI 7: files, TCP and signals");
    expect("clock", good, "in step");
    kernel = {};
    kernel.locked_memory = 65536;
    kernel.landlock = 3;
    kernel.clock_synchronised = false;
    expect("locked-memory", weak, "64 KiB");
    EXPECT_THAT(row("locked-memory").hint, HasSubstr("limits.conf"));
    expect("memfd-secret", missing, "no memfd_secret");
    expect("seccomp", missing, "no seccomp");
    expect("landlock", weak, "ABI 3");
    expect("entropy", weak, "not ready");
    expect("clock", weak, "not kept in step");
    kernel.locked_memory = 0;
    kernel.landlock = 0;
    kernel.clock_synchronised.reset();
    expect("locked-memory", missing, "0 KiB");
    expect("landlock", missing, "no Landlock");
    expect("clock", unknown, "does not say");
    kernel.landlock = 4;
    expect("landlock", good, "ABI 4: files and TCP are");
}

TEST_F(Survey, PtraceScope) {
    expect("ptrace-scope", missing, "no Yama");
    put("/proc/sys/kernel/yama/ptrace_scope", "0\n");
    expect("ptrace-scope", weak, "any program of yours");
    EXPECT_EQ(row("ptrace-scope").hint, "sudo sysctl -w kernel.yama.ptrace_scope=1");
    put("/proc/sys/kernel/yama/ptrace_scope", "1\n");
    expect("ptrace-scope", good, "unless one started the other");
}

TEST_F(Survey, CrashDumps) {
    expect("core-dumps", unknown, "nothing is known");
    put("/proc/sys/kernel/core_pattern", "core\n");
    expect("core-dumps", good, "ulimit -c");
    put("/proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P %u\n");
    expect("core-dumps", weak, "go to /usr/lib/systemd/systemd-coredump");
}

constexpr const char* swap_head = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n";

TEST_F(Survey, NoSwap) {
    expect("swap", unknown, "does not say");
    put("/proc/swaps", swap_head);
    expect("swap", good, "none");
}

TEST_F(Survey, SwapOnAPlainPartition) {
    put("/proc/swaps", std::string{swap_head} + "/dev/sda2 partition 1000 0 -2\n");
    put("/sys/class/block/sda2/dev", "8:2\n");
    expect("swap", weak, "/dev/sda2");
}

TEST_F(Survey, SwapOnADeviceMadeByDmCrypt) {
    put("/proc/swaps", std::string{swap_head} + "/dev/dm-1 partition 1000 0 -2\n");
    put("/sys/class/block/dm-1/dm/uuid", "CRYPT-PLAIN-cryptswap\n");
    expect("swap", good, "encrypted");
}

TEST_F(Survey, SwapOnAVolumeThatStandsOnDmCrypt) {
    put("/proc/swaps", std::string{swap_head} + "/dev/mapper/vg-swap partition 1000 0 -2\n");
    put("/sys/class/block/dm-2/dm/name", "vg-swap\n");
    put("/sys/class/block/dm-2/dm/uuid", "LVM-abcdef\n");
    put("/sys/class/block/dm-2/slaves/dm-0/dev", "253:0\n");
    put("/sys/class/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-root\n");
    expect("swap", good, "encrypted");
    // A volume that is spread over an encrypted and a plain device is not encrypted.
    put("/sys/class/block/dm-2/slaves/sdb/dev", "8:16\n");
    expect("swap", weak, "/dev/mapper/vg-swap");
}

TEST_F(Survey, SwapFileCountsAsItsFileSystem) {
    put("/proc/swaps", std::string{swap_head} + "/var/swap file 1000 0 -2\n");
    put("/proc/self/mountinfo",
        "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n21 20 253:0 / /var rw - ext4 /dev/mapper/var rw\n");
    put("/sys/class/block/sda1/dev", "8:1\n");
    put("/sys/class/block/dm-0/dev", "253:0\n");
    expect("swap", weak, "/var/swap");
    put("/sys/class/block/dm-0/dm/uuid", "CRYPT-LUKS2-0123-var\n");
    expect("swap", good, "encrypted");
}

TEST_F(Survey, SwapInCompressedMemory) {
    put("/proc/swaps", std::string{swap_head} + "/dev/zram0 partition 1000 0 100\n");
    put("/sys/class/block/zram0/backing_dev", "none\n");
    expect("swap", good, "compressed in memory");
    put("/sys/class/block/zram0/backing_dev", "/dev/sda3\n");
    expect("swap", weak, "/dev/zram0");
}

TEST_F(Survey, Hibernation) {
    expect("hibernation", good, "off");
    put("/sys/power/state", "freeze mem disk\n");
    put("/sys/power/disk", "[platform] shutdown reboot\n");
    put("/proc/swaps", std::string{swap_head} + "/dev/sda2 partition 1000 0 -2\n");
    expect("hibernation", weak, "whole memory");
    put("/sys/class/block/sda2/dm/uuid", "CRYPT-LUKS2-swap\n");
    expect("hibernation", good, "encrypted swap");
    put("/sys/power/disk", "[disabled]\n");
    expect("hibernation", good, "off");
}

TEST_F(Survey, Tpm) {
    expect("tpm", missing, "none");
    put("/sys/class/tpm/tpm0/tpm_version_major", "1\n");
    expect("tpm", missing, "version 1.x");
    put("/sys/class/tpm/tpm0/tpm_version_major", "2\n");
    expect("tpm", weak, "resource manager");
    put("/dev/tpmrm0", "");
    expect("tpm", good, "TPM 2.0");
}

TEST_F(Survey, TpmThatThisUserMayNotUse) {
    put("/sys/class/tpm/tpm0/tpm_version_major", "2\n");
    put("/dev/tpmrm0", "");
    close_to_everybody("/dev/tpmrm0");
    const test::ChildEnd end = test::in_child([this] {
        constexpr uid_t nobody = 65534;  // root may use every device
        if (::geteuid() == 0 && ::setuid(nobody) != 0) return 90;
        const Facility found = row("tpm");
        if (found.state != weak || found.meaning.find("you may not use it") == std::string::npos) return 1;
        return found.hint.find("usermod -aG tss") != std::string::npos ? 0 : 2;
    });
    EXPECT_EQ(end, (test::ChildEnd{0, 0}));
}

TEST_F(Survey, TokenModules) {
    expect("pkcs11", missing, "none");
    put("/usr/share/p11-kit/modules/p11-kit-trust.module", "module: p11-kit-trust.so\npriority: 1\n");
    expect("pkcs11", missing, "none");
    put("/usr/share/p11-kit/modules/opensc-pkcs11.module", "# a card\nmodule: opensc-pkcs11.so\n");
    put("/etc/pkcs11/modules/ours.module", "module:/opt/ours.so\n");
    put("/home/me/.config/pkcs11/modules/mine.module", "module: /home/me/mine.so\n");
    expect("pkcs11", good, "opensc-pkcs11, ours, mine:");
}

TEST_F(Survey, Processor) {
    expect("cpu", unknown, "does not say");
    put("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu sse2 rdrand\n");
    expect("cpu", weak, "no AES instructions");
    expect("entropy", good, "with the processor's own");
    put("/proc/cpuinfo", "processor : 0\nflags\t\t: fpu aes pclmulqdq avx2\n");
    expect("cpu", good, "aes pclmulqdq avx2");
    EXPECT_THAT(row("entropy").meaning, Not(HasSubstr("processor")));
    put("/proc/cpuinfo", "processor : 0\nFeatures\t: fp asimd aes pmull sha2\n");
    expect("cpu", good, "aes pmull sha2 asimd");
}

TEST_F(Survey, HardwareGenerator) {
    put("/sys/class/misc/hw_random/rng_current", "virtio_rng.0\n");
    expect("entropy", good, "with the hardware generator virtio_rng.0");
}

TEST(SurveyOfThisMachine, SaysWhatTheKernelGives) {
    const auto rows = survey_facilities();
    const auto row = [&rows](std::string_view key) { return *std::ranges::find(rows, key, &Facility::key); };
    const int abi = landlock::abi();
    EXPECT_EQ(row("landlock").state, abi == 0 ? missing : abi < 4 ? weak : good);
    EXPECT_THAT(row("landlock").meaning, HasSubstr(abi > 0 ? "ABI " + std::to_string(abi) : "no Landlock"));
    EXPECT_EQ(row("seccomp").state, good);
    EXPECT_EQ(row("entropy").state, good);
    EXPECT_EQ(row("locked-memory").state == good, lockable_memory() >= wanted_locked_memory);
}

TEST(FacilityStates, HaveNames) {
    EXPECT_EQ(describe(good), "good");
    EXPECT_EQ(describe(weak), "weak");
    EXPECT_EQ(describe(missing), "missing");
    EXPECT_EQ(describe(unknown), "unknown");
}

}  // namespace
}  // namespace chat
