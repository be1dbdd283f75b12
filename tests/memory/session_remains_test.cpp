/// What a finished session leaves in the memory of the real program: nothing that was said, and nothing of the invite. The same
/// session in a program that wipes nothing leaves all of it, which shows that this test can fail.

#include <gtest/gtest.h>

#include <cstdlib>

#include "cli/at_terminal.hpp"
#include "cli/program.hpp"
#include "crypto/system_rng.hpp"
#include "memory/memory_image.hpp"
#include "memory/stop_at_exit.hpp"
#include "p2p_core/invite.hpp"

namespace chat::test {
namespace {

std::string random_text(int length) {
    constexpr std::string_view letters = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz23456789";
    SystemRng rng;
    std::string out;
    for (int i = 0; i < length; ++i) out += letters[rng.below(letters.size())];
    return out;
}

/// Where the pages of secrets lie: the second is read by the image, the first by nobody.
enum class Pages : u8 { secret_memory, ordinary };

/// Two people at terminals who talk, and one who leaves.
class FinishedSession {
  public:
    FinishedSession(const std::string& program, Pages pages, std::vector<std::string> host_options)
        : host{program, options(pages, listen_on("127.0.0.1", std::move(host_options)))},
          guest{program, options(pages, {"join", "--nick", "Alice"})} {
        host.wait_for("invite P2P1:");
        const std::string shown = host.wait_for("waiting for the guest");
        invite = "P2P1:" + shown.substr(0, shown.find_first_of("\x1B\r\n"));
        guest.wait_for("Paste the invite");
        guest.type(invite + "\n");
        guest.wait_for("connected: all four layers stand");
        host.wait_for("connected: all four layers stand");
        guest.type(from_guest + "\r");
        host.wait_for(from_guest);
        // Looked for again in the history, changed, thought better of.
        host.type(never_sent + "\x15" + from_host + "\r\x1B[A\x15");
        guest.wait_for(from_host);
        guest.type("\x1B[200~" + pasted + "\x1B[201~\r");
        host.wait_for(pasted);
        host.type(erased + "\x15" + "end");
        host.wait_for("> end");
    }

    void look_for_texts(Needles& needles) const {
        needles.add_text("text of the host", from_host);
        needles.add_text("text of the guest", from_guest);
        needles.add_text("pasted text of the guest", pasted);
        needles.add_text("draft that was never sent", never_sent);
        needles.add_text("draft that was erased at the end", erased);
        needles.add_text("invite", std::string_view{invite}.substr(5));
    }
    void look_for_secret(Needles& needles) const {
        const auto decoded = decode_invite(bytes_of(invite));
        ASSERT_TRUE(decoded);
        needles.add("secret of the invite", decoded->secret.expose());
    }

    // Of different lengths, so that none takes the room of another by chance.
    std::string from_host = random_text(70);
    std::string from_guest = random_text(50);
    std::string pasted = random_text(90);
    std::string never_sent = random_text(40);
    std::string erased = random_text(80);
    std::string invite;
    AtTerminal host;
    AtTerminal guest;

  private:
    static std::vector<std::string> options(Pages pages, std::vector<std::string> arguments) {
        arguments.emplace_back("--allow-debugger");  // so that an ordinary user's test may read its memory
        if (pages == Pages::ordinary) arguments.emplace_back("--allow-hibernation");
        return arguments;
    }
};

std::vector<Needles::Finding> search_family(const Needles& needles, int process) {
    std::vector<Needles::Finding> out;
    for (const int each : family_of(process)) {
        const auto findings = needles.search(each);
        out.insert(out.end(), findings.begin(), findings.end());
    }
    return out;
}

bool found(const std::vector<Needles::Finding>& findings, std::string_view what) {
    return std::ranges::any_of(findings, [&](const auto& each) { return each.what.starts_with(what); });
}

/// One of the two in the last moment of its process, after /quit.
std::vector<Needles::Finding> remains_at_exit(const FinishedSession& session, AtTerminal& leaving) {
    Needles needles;
    session.look_for_texts(needles);
    session.look_for_secret(needles);
    std::vector<Needles::Finding> out;
    StopAtExit end{leaving.id()};
    leaving.type("\x15/quit\r");
    end.wait([&] { out = search_family(needles, leaving.id()); });
    EXPECT_EQ(leaving.wait(), 0);
    return out;
}

std::vector<Needles::Finding> remains_of_guest(const std::string& program, Pages pages) {
    FinishedSession session{program, pages, {}};
    return remains_at_exit(session, session.guest);
}

/// Of an invite for one.
std::vector<Needles::Finding> remains_of_host(const std::string& program, Pages pages) {
    FinishedSession session{program, pages, {}};
    return remains_at_exit(session, session.host);
}

/// The host, waiting for the next guest. The secret of its invite still lets people in.
std::vector<Needles::Finding> remains_of_waiting_host(const std::string& program, Pages pages) {
    FinishedSession session{program, pages, {"--reusable"}};
    Needles needles;
    session.look_for_texts(needles);
    session.guest.type("/quit\r");
    session.host.wait_for("waiting for the next guest");
    EXPECT_EQ(session.guest.wait(), 0);
    EXPECT_GE(family_of(session.host.id()).size(), 2U)
        << "the process of its identity keys is looked into, too";
    return search_family(needles, session.host.id());
}

void expect_nothing(const std::vector<Needles::Finding>& findings) {
    EXPECT_TRUE(findings.empty()) << to_text(findings);
}

/// A kept identity, unlocked by a passphrase that was typed twice to make it, and once for a session.
class WithPassphrase {
  public:
    explicit WithPassphrase(const std::string& program) : program_{program} {
        ::setenv("XDG_DATA_HOME", folder_.path().c_str(), 1);
        needles_.add_text("passphrase", passphrase_);
    }
    WithPassphrase(const WithPassphrase&) = delete;
    WithPassphrase& operator=(const WithPassphrase&) = delete;
    ~WithPassphrase() { ::unsetenv("XDG_DATA_HOME"); }

    std::vector<Needles::Finding> remains_after_making_it() {
        AtTerminal making{program_, options({"identity", "create", "--identity", "file"})};
        for (int i = 0; i < 2; ++i) {
            making.wait_for("assphrase");
            making.wait_for(": ");
            if (i == 0) making.type(passphrase_ + "\n");
        }
        StopAtExit end{making.id()};
        making.type(passphrase_ + "\n");
        std::vector<Needles::Finding> out;
        end.wait([&] { out = search_family(needles_, making.id()); });
        EXPECT_EQ(making.wait(), 0);
        return out;
    }
    /// The host's and its key process's.
    std::vector<Needles::Finding> remains_while_in_use() {
        auto arguments = listen_on("127.0.0.1", {"--identity", "file"});
        AtTerminal host{program_, options(std::move(arguments))};
        host.wait_for("Passphrase of identity default: ");
        host.type(passphrase_ + "\n");
        host.wait_for("waiting for the guest");
        EXPECT_GE(family_of(host.id()).size(), 2U);
        return search_family(needles_, host.id());
    }

  private:
    static std::vector<std::string> options(std::vector<std::string> arguments) {
        arguments.insert(arguments.end(), {"--allow-debugger", "--allow-hibernation"});
        return arguments;
    }

    std::string program_;
    TemporaryFolder folder_;
    std::string passphrase_ = random_text(50);
    Needles needles_;
};

TEST(SessionRemains, NothingOfAPassphraseIsLeftOnceItWasUsed) {
    WithPassphrase identity{SECURE_P2P};
    expect_nothing(identity.remains_after_making_it());
    expect_nothing(identity.remains_while_in_use());
}

TEST(SessionRemains, WithoutWipingThePassphraseIsFound) {
    WithPassphrase identity{WITHOUT_WIPING};
    EXPECT_TRUE(found(identity.remains_after_making_it(), "passphrase"));
    EXPECT_TRUE(found(identity.remains_while_in_use(), "passphrase"));
}

TEST(SessionRemains, NothingOfASessionIsLeftInTheGuest) {
    expect_nothing(remains_of_guest(SECURE_P2P, Pages::secret_memory));
    expect_nothing(remains_of_guest(SECURE_P2P, Pages::ordinary));
}

TEST(SessionRemains, NothingOfASessionIsLeftInAHostThatWaitsForTheNext) {
    expect_nothing(remains_of_waiting_host(SECURE_P2P, Pages::secret_memory));
    expect_nothing(remains_of_waiting_host(SECURE_P2P, Pages::ordinary));
}

TEST(SessionRemains, NothingOfASessionIsLeftInAHostThatEnds) {
    expect_nothing(remains_of_host(SECURE_P2P, Pages::secret_memory));
    expect_nothing(remains_of_host(SECURE_P2P, Pages::ordinary));
}

TEST(SessionRemains, WithoutWipingEverythingIsFoundInTheGuest) {
    const auto findings = remains_of_guest(WITHOUT_WIPING, Pages::ordinary);
    for (const char* kind : {"text of the host", "text of the guest", "pasted text of the guest", "invite",
                             "text of the guest (UTF-32)", "secret of the invite"}) {
        EXPECT_TRUE(found(findings, kind)) << kind << " is not among\n" << to_text(findings);
    }
}

TEST(SessionRemains, WithoutWipingEverythingIsFoundInTheHost) {
    const auto findings = remains_of_host(WITHOUT_WIPING, Pages::ordinary);
    for (const char* kind :
         {"text of the host", "text of the guest", "pasted text of the guest", "draft that was never sent",
          "draft that was erased at the end", "invite", "secret of the invite"}) {
        EXPECT_TRUE(found(findings, kind)) << kind << " is not among\n" << to_text(findings);
    }
}

}  // namespace
}  // namespace chat::test
