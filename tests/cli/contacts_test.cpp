/// What a kept identity remembers of others, and what happens when somebody else comes in their name.

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>

#include "app/exit_code.hpp"
#include "cli/at_terminal.hpp"
#include "cli/program.hpp"

namespace chat::test {
namespace {

/// A person with an identity kept in a file.
class Keeper {
  public:
    Keeper() {
        const std::string script = folder_.file("askpass");
        std::ofstream{script} << "#!/bin/sh\necho correct horse\n";
        ::chmod(script.c_str(), 0700);
        auto arguments = options();
        arguments.insert(arguments.begin(), {"identity", "create"});
        const Outcome made = run(arguments, {}, environment());
        EXPECT_EQ(made.status, 0) << made.output << made.errors;
    }
    [[nodiscard]] std::vector<std::string> options(std::vector<std::string> more = {}) const {
        more.insert(more.end(), {"--identity", "file", "--askpass", folder_.file("askpass")});
        return more;
    }
    [[nodiscard]] std::vector<std::string> environment() const { return {"XDG_DATA_HOME=" + folder_.path()}; }
    [[nodiscard]] std::string contacts() const {
        auto arguments = options();
        arguments.insert(arguments.begin(), {"identity", "contacts"});
        return run(arguments, {}, environment()).output;
    }
    [[nodiscard]] Program join() const { return Program{join_from_input(options()), environment()}; }
    [[nodiscard]] Program listen(std::vector<std::string> more = {}) const {
        return Program{listen_on("127.0.0.1", options(std::move(more))), environment()};
    }

  private:
    TemporaryFolder folder_;
};

int status_of(ExitCode code) { return static_cast<int>(code); }

void visit(Program& host, Program& guest) {
    guest.say(invite_of(host));
    guest.wait_for("* connected");
}
void part(Program& host, Program& guest) {
    guest.say("/quit");
    guest.wait();
    EXPECT_EQ(host.wait(), 0) << host.transcript();
}

TEST(Contacts, ANewOneIsRememberedAndItsNameIsTakenForAnybodyElse) {
    const Keeper bob;
    const Keeper first;
    {
        Program host = bob.listen();
        Program alice = first.join();
        visit(host, alice);
        host.wait_for("* Alice is a new contact, remembered by this identity");
        alice.say("it is me");
        host.wait_for("<Alice> it is me");
        part(host, alice);
    }
    EXPECT_NE(bob.contacts().find("Alice"), std::string::npos);
    {
        Program host = bob.listen();
        host.say("for Alice alone");
        Program mallory{join_from_input({"--nick", "aLICE"})};
        visit(host, mallory);
        mallory.offer("it is me again");
        host.wait_for(
            "!!! THIS IS NOT THE IDENTITY OF YOUR CONTACT Alice, AND NOTHING PROVES THAT IT FOLLOWS IT !!!");
        host.wait_for("known as Alice: ");
        host.wait_for("left, since nobody can be asked");
        EXPECT_EQ(host.wait(), status_of(ExitCode::contact_changed)) << host.transcript();
        EXPECT_EQ(host.count("it is me again"), 0U);
        mallory.wait();
        EXPECT_EQ(mallory.count("for Alice alone"), 0U) << mallory.transcript();
    }
    {
        Program host = bob.listen({"--accept-changed-identity"});
        Program alice{join_from_input()};
        visit(host, alice);
        host.wait_for("accepted by --accept-changed-identity");
        host.wait_for("accepted for this session");
        alice.say("from somebody else's machine");
        host.wait_for("<somebody> from somebody else's machine");
        part(host, alice);
    }
    const std::string before = bob.contacts();
    {
        const Keeper second;
        Program host = bob.listen({"--accept-changed-identity"});
        Program alice = second.join();
        visit(host, alice);
        host.wait_for("accepted: this identity is Alice from now on");
        alice.say("a new identity of mine");
        host.wait_for("<Alice> a new identity of mine");
        part(host, alice);
    }
    EXPECT_NE(bob.contacts(), before);
}

TEST(Contacts, AnIdentityOfOneRunIsNotRemembered) {
    const Keeper bob;
    Program host = bob.listen();
    Program carol{join_from_input()};
    visit(host, carol);
    host.wait_for("* the other side's identity is made for this run, so it is not remembered");
    part(host, carol);
    EXPECT_EQ(bob.contacts().find("Alice"), std::string::npos);
}

TEST(Contacts, TwoKeptIdentitiesKnowEachOtherAgainWithTheirVerification) {
    const Keeper bob;
    const Keeper alice;
    for (const bool first : {true, false}) {
        Program host = bob.listen();
        Program guest{join_from_input(alice.options()), alice.environment()};
        guest.say(invite_of(host));
        if (!first) {
            host.wait_for("* known contact Alice, verified earlier; last seen on 20");
            guest.wait_for("* known contact Bob, verified earlier; last seen on 20");
        }
        guest.wait_for("* connected");
        host.wait_for("* connected");
        if (first) {
            for (Program* side : {&guest, &host}) {
                side->say("/verify yes");
                side->wait_for("* contact: verified: you compared the words");
            }
            guest.say("/rotate");
            guest.wait_for("a kept identity does not rotate");
        } else {
            for (Program* side : {&guest, &host}) side->wait_for("* contact: verified: a known contact");
        }
        guest.say("/quit");
        EXPECT_EQ(guest.wait(), 0) << guest.transcript();
        EXPECT_EQ(host.wait(), 0) << host.transcript();
    }
}

TEST(Contacts, ANamedOneIsDialledWhereItWasLastAndNobodyElseIsTaken) {
    const Keeper bob;
    const Keeper alice;
    const auto connect = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"connect", "--nick", "Alice"});
        return Program{alice.options(std::move(more)), alice.environment()};
    };
    std::string port;
    {
        Program host = bob.listen({"--open"});
        port = port_of(host);
        Program guest = connect({"127.0.0.1:" + port});
        guest.wait_for("* Bob is a new contact");
        guest.say("/quit");
        guest.wait();
        host.say("/quit");
        host.wait();
    }
    {
        Program host = bob.listen({"--open", "--port", port});
        host.wait_for("* listening on ");
        Program guest = connect({"--contact", "bob"});
        guest.wait_for("* dialling 127.0.0.1:" + port);
        guest.wait_for("* known contact Bob, not verified yet");
        guest.wait_for("* connected");
        guest.say("/quit");
        EXPECT_EQ(guest.wait(), 0) << guest.transcript();
        host.say("/quit");
        host.wait();
    }
    {
        Program impostor{listen_on("127.0.0.1", {"--open", "--port", port})};
        impostor.wait_for("* listening on ");
        Program guest = connect({"--contact", "Bob"});
        guest.wait_for("!!! THIS IS NOT THE IDENTITY OF YOUR CONTACT Bob");
        EXPECT_EQ(guest.wait(), status_of(ExitCode::contact_changed)) << guest.transcript();
    }
    Program guest = connect({"--contact", "Carol"});
    guest.wait_for("no contact is named Carol");
    EXPECT_EQ(guest.wait(), status_of(ExitCode::usage));
}

TEST(Contacts, NeedAKeptIdentity) {
    const Outcome outcome = run({"connect", "--contact", "Bob"});
    EXPECT_EQ(outcome.status, status_of(ExitCode::usage));
    EXPECT_NE(outcome.errors.find("--contact: contacts belong to a kept identity: add --identity"),
              std::string::npos)
        << outcome.errors;
    const Outcome nowhere = run({"connect"});
    EXPECT_EQ(nowhere.status, status_of(ExitCode::usage));
    EXPECT_NE(nowhere.errors.find("say HOST:PORT, or --contact NAME"), std::string::npos) << nowhere.errors;
}

TEST(Contacts, APersonDecidesAndUntilThenNothingIsSentOrShown) {
    const Keeper bob;
    {
        const Keeper first;
        Program host = bob.listen();
        Program alice = first.join();
        visit(host, alice);
        host.wait_for("* Alice is a new contact");
        part(host, alice);
    }
    std::vector<std::string> arguments = bob.environment();
    arguments.emplace_back(SECURE_P2P);
    for (const std::string& each : listen_on("127.0.0.1", bob.options({"--reusable"})))
        arguments.push_back(each);
    AtTerminal host{"/usr/bin/env", arguments};
    host.wait_for("* invite P2P1:");
    const std::string rest = host.wait_for("waiting for the guest");
    const std::string invite = "P2P1:" + rest.substr(0, rest.find_first_of("\x1B\r\n"));
    Program other{join_from_input()};
    other.say(invite);
    other.wait_for("* connected");
    other.say("whoever I am");
    std::string shown = host.wait_for("/accept NAME");
    other.wait_for("* received by the other side: line 1");
    shown += host.wait_for("nothing is sent or shown until you type /accept or /quit");
    EXPECT_EQ(shown.find("what you type is sent"), std::string::npos);
    host.type("a secret\r");
    shown += host.wait_for("not sent: it waits for /accept");
    host.type("/verify\r");
    shown += host.wait_for("type /verify yes");
    EXPECT_EQ(shown.find("whoever I am"), std::string::npos);
    EXPECT_EQ(other.count("a secret"), 0U);
    host.type("/accept Alice of work\r");
    host.wait_for("accepted: this identity is Alice of work from now on");
    host.wait_for("whoever I am");
    other.wait_for("a secret");
    host.type("/quit\r");
    EXPECT_EQ(host.wait(), 0);
    other.wait();
    const std::string known = bob.contacts();
    EXPECT_NE(known.find("Alice of work"), std::string::npos) << known;
}

}  // namespace
}  // namespace chat::test
