/// The invite on its way from one person to the other, and what can go wrong with it.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include "base/wire_reader.hpp"
#include "cli/program.hpp"
#include "p2p_core/invite.hpp"

namespace chat::test {
namespace {

std::string content_of(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    std::ostringstream out;
    out << file.rdbuf();
    return out.str();
}

void write_file(const std::string& path, std::string_view content) {
    std::ofstream{path, std::ios::binary} << content;
}

/// What a guest says to `invite`, which leads nowhere: one line, exit status 3.
void expect_refused(std::string_view invite, std::string_view line) {
    const Outcome outcome = run(join_from_input(), invite);
    EXPECT_EQ(outcome.status, 3);
    EXPECT_EQ(std::ranges::count(outcome.output, '\n'), 1) << outcome.output;
    EXPECT_NE(outcome.output.find(line), std::string::npos) << outcome.output;
}

class InviteText : public testing::Test {
  protected:
    void expect_joins(std::string_view text) {
        Program guest{join_from_input()};
        guest.say(text);
        guest.wait_for("* connected");
        EXPECT_EQ(guest.wait_after_end_of_input(), 0);
        host.wait_for("* waiting for the next guest");
    }

    Program host{listen_on("127.0.0.1", {"--reusable"})};
    std::string invite = invite_of(host);
};

TEST_F(InviteText, SurvivesWhatChatProgramsDoToIt) {
    std::string lower = invite;
    std::ranges::transform(lower, lower.begin(),
                           [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    expect_joins("  \t" + invite + "  ");
    expect_joins("> \"" + lower + "\"");
    expect_joins(invite.substr(0, 40) + "\n" + invite.substr(40, 40) + "\n  " + invite.substr(80));
    expect_joins("\u201C\u200B" + invite + "\u201D\uFEFF");
    expect_joins("Here it is: " + invite);
}

TEST_F(InviteText, MistypedIsAnErrorOfItsOwn) {
    std::string changed = invite;
    changed[60] = changed[60] == 'A' ? 'C' : 'A';
    expect_refused(changed, "mistyped");
    expect_refused(invite.substr(0, 80), "mistyped");
}

TEST_F(InviteText, AForeignVersionIsAnErrorOfItsOwn) {
    std::string foreign = invite;
    foreign[3] = '2';
    expect_refused(foreign, "another version");
}

TEST_F(InviteText, WhatIsNoInviteIsAnErrorOfItsOwn) {
    expect_refused("hello", "not an invite");
    expect_refused("", "not an invite");
}

TEST_F(InviteText, OnesOwnIsNotSentAsATextButExplained) {
    host.say(invite);
    host.wait_for("* this is your own invite");
    Program other{listen_on("127.0.0.1")};
    host.say(invite_of(other));
    host.wait_for("* this is an invite; it was not sent");
}

TEST(Invite, ASpentOneIsToldLoudlyToBoth) {
    Pair pair;
    Program late{join_from_input()};
    late.say(pair.invite);
    EXPECT_EQ(late.wait(), 5);
    EXPECT_EQ(
        late.count(
            "* session ended: this invite was already used; if not by you, someone else may have read it"),
        1U)
        << late.transcript();
    pair.host.wait_for("* somebody came with an invite that was already used");
    pair.guest.say("still here");
    pair.host.wait_for("<Alice> still here");
}

/// The guest's clock doesn't decide; this one moves a clock's worth of expiry instead of the clock.
TEST(Invite, AGuestWhoseClockSaysExpiredIsWarnedAndTriesAllTheSame) {
    Program host{listen_on("127.0.0.1")};
    auto invite = decode_invite(bytes_of(invite_of(host)));
    ASSERT_TRUE(invite);
    invite->expiry = 1;
    const auto text = encode(*invite);
    ASSERT_TRUE(text);
    Program guest{join_from_input()};
    guest.say({reinterpret_cast<const char*>(text->expose().data()), text->size()});
    guest.wait_for("* by this machine's clock the invite has expired");
    guest.wait_for("* connected");
}

TEST(Invite, SlowTheHostRefusesAnExpiredOne) {
    Program host{listen_on("127.0.0.1", {"--expires", "1m"})};
    const std::string text = invite_of(host);
    const auto invite = decode_invite(bytes_of(text));
    ASSERT_TRUE(invite);
    const std::chrono::system_clock::time_point expiry{std::chrono::minutes{invite->expiry}};
    // The host notices within half a minute after the expiry.
    const auto wait = expiry - std::chrono::system_clock::now() + std::chrono::seconds{35};
    EXPECT_THROW(host.wait_for("nothing comes, time just passes", wait), std::runtime_error);
    Program guest{join_from_input()};
    guest.say(text);
    EXPECT_EQ(guest.wait(), 5);
    EXPECT_EQ(guest.count("* session ended: this invite has expired; ask for a new one"), 1U)
        << guest.transcript();
}

TEST(Invite, AsAnArgumentItWorksAndIsGoneFromTheArgumentsAtOnce) {
    Program host{listen_on("127.0.0.1")};
    const std::string invite = invite_of(host);
    Program guest{{"join", invite, "--nick", "Alice"}};
    guest.wait_for("* hint: an invite is a secret");
    const std::string arguments = content_of("/proc/" + std::to_string(guest.id()) + "/cmdline");
    EXPECT_NE(arguments.find("--nick"), std::string::npos) << "the file is the right one";
    EXPECT_EQ(arguments.find("P2P1"), std::string::npos);
    EXPECT_EQ(arguments.find(invite.substr(5, 20)), std::string::npos);
    guest.wait_for("* connected");
}

TEST(Invite, IsNotRepeatedInAnErrorAboutArguments) {
    const std::string invite = "P2P1:" + std::string(140, 'A');
    for (const auto& arguments :
         {std::vector<std::string>{"listen", invite}, {"join", "--bogus", invite}, {invite}}) {
        const Outcome outcome = run(arguments);
        EXPECT_EQ(outcome.status, 2);
        EXPECT_EQ((outcome.output + outcome.errors).find("P2P1:A"), std::string::npos) << outcome.errors;
    }
}

TEST(Invite, GoesThroughAFileThatOnlyItsOwnerReads) {
    const TemporaryFolder folder;
    const std::string path = folder.file("invite");
    write_file(path, "something older and longer than nothing");
    ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
    Program host{listen_on("127.0.0.1", {"--invite-file", path})};
    const std::string invite = invite_of(host);
    host.wait_for("* waiting for the guest");
    host.say("/status");
    host.wait_for("* link: waiting");
    struct stat info {};
    ASSERT_EQ(::stat(path.c_str(), &info), 0);
    EXPECT_EQ(info.st_mode & 0777U, 0600U);
    EXPECT_EQ(content_of(path).substr(0, invite.size()), invite);
    Program guest{{"join", "--invite-file", path}};
    guest.wait_for("* connected");
    EXPECT_EQ(guest.count("hint"), 0U);
}

TEST(Invite, AFileThatCannotBeReadIsAnError) {
    const TemporaryFolder folder;
    for (const auto& [path, why] :
         {std::pair{folder.file("nothing"), "no such file"}, {folder.path(), "cannot be read"}}) {
        const Outcome outcome = run({"join", "--invite-file", path});
        EXPECT_EQ(outcome.status, 3);
        EXPECT_NE(outcome.output.find("* invite file: "), std::string::npos) << outcome.output;
    }
}

TEST(Invite, AFileThatCannotBeWrittenIsSaidAndTheInviteStillPrinted) {
    Program host{listen_on("127.0.0.1", {"--invite-file", "/nonexistent/folder/invite"})};
    EXPECT_FALSE(invite_of(host).empty());
    host.wait_for("* the invite could not be written to the file: no such file or folder");
}

}  // namespace
}  // namespace chat::test
