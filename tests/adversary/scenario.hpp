#pragma once
/// A host, an attacker in front of it and guests that come through the attacker: all real processes. A
/// scenario throws with every transcript when something is not as it must be; many run at the same time.

#include <functional>
#include <list>
#include <optional>
#include <string>
#include <vector>

#include "adversary/attacker.hpp"
#include "support/test_process.hpp"

namespace chat::test {

/// Exit statuses of the program that a scenario may expect (src/app/exit_code.hpp).
inline constexpr int exit_ok = 0;
inline constexpr int exit_unreachable = 4;
inline constexpr int exit_refused = 5;
inline constexpr int exit_security_alarm = 15;

[[nodiscard]] TestProcess start_host(const std::vector<std::string>& more = {});
/// Takes the invite from its standard input, as its first line.
[[nodiscard]] TestProcess start_guest(u16 port, const std::string& invite,
                                      const std::vector<std::string>& more = {});
void require_that(bool condition, const std::string& what);

class Scene {
  public:
    explicit Scene(Attacker::Plan plan, const std::vector<std::string>& host_options = {});

    /// A guest through the attacker; each one's number stands in its first text.
    TestProcess& invite_guest();
    /// Both say something and hear exactly what was meant for them, everything so far included.
    void talk(TestProcess& guest);
    /// The guest leaves; both end well, and neither heard anything that was not said to it.
    void part(TestProcess& guest);
    /// Nobody heard or connected so far.
    void expect_silence(const TestProcess& guest) const;

    [[nodiscard]] TestProcess& host() { return host_; }
    [[nodiscard]] Attacker& attacker() { return *attacker_; }
    [[nodiscard]] const std::string& invite() const { return invite_; }
    [[nodiscard]] u16 host_port() const { return host_port_; }
    [[nodiscard]] Deadline deadline() const { return deadline_; }
    [[nodiscard]] std::string transcripts() const;

  private:
    Deadline deadline_;
    TestProcess host_;
    u16 host_port_;
    std::string invite_;
    std::unique_ptr<Attacker> attacker_;
    std::list<TestProcess> guests_;
    std::vector<std::string> said_to_host_;
    std::vector<std::string> said_to_guest_;
};

/// What an attack on the first stream must come to.
struct Expected {
    /// Exit status of the guest. Empty: everything is delivered, by this stream or by another one that the
    /// guest dials itself.
    std::optional<int> refused_with;
    std::vector<std::string> guest_says;
    std::vector<std::string> host_says;
};
/// Runs one attack from the invite to the end. A guest that is refused has told and heard nothing, and the
/// next guest, whom the attacker leaves alone, gets the session.
void attack(const Attacker::Plan& plan, const Expected& expected);

struct NamedScenario {
    std::string name;
    std::function<void()> run;
};
struct ScenarioGroup {
    std::string name;
    std::vector<NamedScenario> scenarios;
};
/// Runs them all, many at a time, since most of them wait for a deadline of the program's most of the time;
/// each failure becomes one of the test, with its name.
void run_all(const std::vector<ScenarioGroup>& groups);

/// `body` on a scene; an exception gets the scene's transcripts.
void with_transcripts(const Scene& scene, const std::function<void()>& body);

}  // namespace chat::test
