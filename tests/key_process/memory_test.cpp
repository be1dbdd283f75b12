/// What lies in the memory of the process that talks to the network. Its parent, this test, may read it, as a debugger may.

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <set>
#include <sstream>

#include "key_process/known_identity.hpp"
#include "key_process/process_table.hpp"
#include "shell/child_process.hpp"

namespace chat::test {
namespace {

struct Scan {
    std::set<std::string> found;
    std::size_t bytes = 0;
};

/// Only the shadow memory of a sanitizer is larger.
constexpr u64 largest_region = u64{1} << 30U;

/// Looks for the needles in everything that the process has mapped and that can be read.
Scan scan(pid_t process, const std::vector<Needle>& needles) {
    const std::string place = "/proc/" + std::to_string(process);
    const int memory = ::open((place + "/mem").c_str(), O_RDONLY | O_CLOEXEC);
    EXPECT_GE(memory, 0) << "the memory of a child must be readable for its parent";
    std::ifstream maps{place + "/maps"};
    Scan out;
    for (std::string line; std::getline(maps, line);) {
        u64 begin = 0;
        u64 end = 0;
        char dash = 0;
        std::istringstream{line} >> std::hex >> begin >> dash >> end;
        if (end - begin > largest_region) continue;
        Bytes content(static_cast<std::size_t>(end - begin));
        const ssize_t count = ::pread(memory, content.data(), content.size(), static_cast<off_t>(begin));
        if (count <= 0) continue;  // guard pages, the kernel's own
        content.resize(static_cast<std::size_t>(count));
        out.bytes += content.size();
        for (const Needle& needle : needles) {
            const auto at =
                std::search(content.begin(), content.end(),
                            std::boyer_moore_horspool_searcher{needle.bytes.begin(), needle.bytes.end()});
            if (at != content.end()) out.found.insert(needle.name);
        }
    }
    ::close(memory);
    return out;
}

std::set<std::string> names_of(const std::vector<Needle>& needles) {
    std::set<std::string> out;
    for (const Needle& each : needles) out.insert(each.name);
    return out;
}

/// A process that used its identity's keys and waits.
class Scanned {
  public:
    explicit Scanned(const std::string& role) : process_{KEY_PROCESS_PROGRAM, {role}, {}} {
        char byte = 0;
        while (::read(process_.output(), &byte, 1) == 1 && byte != '\n') said_ += byte;
    }
    [[nodiscard]] const std::string& said() const { return said_; }
    [[nodiscard]] pid_t id() const { return process_.id(); }
    int finish() {
        process_.write_line("go on");
        return process_.wait();
    }

  private:
    ChildProcess process_;
    std::string said_;
};

const Needle planted{"planted", planted_secret()};

TEST(MemoryOfTheNetworkProcess, HoldsNoPrivateKeyOfTheIdentity) {
    const KnownIdentity known;
    Scanned process{"network"};
    ASSERT_EQ(process.said(), "fingerprint " + to_hex(fingerprint(*known.identity).view()))
        << "the identity in use must be the one whose keys are looked for";
    std::vector<Needle> needles = known.needles;
    needles.push_back(planted);
    needles.push_back({"public identity", Bytes(known.identity->encoded().bytes.begin(),
                                                known.identity->encoded().bytes.end())});
    const Scan seen = scan(process.id(), needles);
    EXPECT_EQ(seen.found, (std::set<std::string>{"planted", "public identity"}))
        << "in " << seen.bytes << " bytes";
    EXPECT_EQ(process.finish(), 0);
}

/// The same process with the same identity, but with its keys in it: so the scan above would have found them.
TEST(MemoryOfTheNetworkProcess, WouldShowThePrivateKeysWereTheyThere) {
    const KnownIdentity known;
    Scanned process{"network-with-keys"};
    ASSERT_EQ(process.said(), "fingerprint " + to_hex(fingerprint(*known.identity).view()));
    std::set<std::string> held = names_of(known.needles);
    held.erase("FALCON seed");        // gone once the key is made
    held.erase("FALCON f, encoded");  // held in another form: see the basis
    EXPECT_EQ(scan(process.id(), known.needles).found, held);
    EXPECT_EQ(process.finish(), 0);
}

}  // namespace
}  // namespace chat::test
