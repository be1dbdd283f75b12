#include "adversary/scenario.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>

namespace chat::test {
namespace {

constexpr std::chrono::seconds scenario_limit{60};
/// Three processes each, of some 10 MiB.
constexpr std::size_t most_at_a_time = 32;

std::string listed(const std::vector<std::string>& texts) {
    std::string out = "[";
    for (const std::string& text : texts) out += " '" + text + "'";
    return out + " ]";
}

void require_equal(const std::string& who, const std::vector<std::string>& heard,
                   const std::vector<std::string>& said) {
    require_that(heard == said, who + " heard " + listed(heard) + " and not " + listed(said));
}

}  // namespace

void require_that(bool condition, const std::string& what) {
    if (!condition) throw std::runtime_error{what};
}

TestProcess start_host(const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"listen", "--plain", "--no-stun",   "--bind", "127.0.0.1",
                                          "--nick", "host",    "--log-level", "info"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return {"host", PRODUCT_PROGRAM, arguments};
}

TestProcess start_guest(u16 port, const std::string& invite, const std::vector<std::string>& more) {
    std::vector<std::string> arguments = {"join",
                                          "--plain",
                                          "--no-stun",
                                          "--nick",
                                          "guest",
                                          "--log-level",
                                          "info",
                                          "--invite-file",
                                          "-",
                                          "--via",
                                          "127.0.0.1:" + std::to_string(port)};
    arguments.insert(arguments.end(), more.begin(), more.end());
    TestProcess out{"guest", PRODUCT_PROGRAM, arguments};
    out.say(invite);
    return out;
}

Scene::Scene(Attacker::Plan plan, const std::vector<std::string>& host_options)
    : deadline_{std::chrono::steady_clock::now() + scenario_limit},
      host_{start_host(host_options)},
      host_port_{static_cast<u16>(std::stoul(host_.rest_of_line("listening on 127.0.0.1:", deadline_)))},
      invite_{host_.rest_of_line("* invite ", deadline_)},
      attacker_{std::make_unique<Attacker>(host_port_, std::move(plan))} {}

TestProcess& Scene::invite_guest() { return guests_.emplace_back(start_guest(attacker_->port(), invite_)); }

void Scene::talk(TestProcess& guest) {
    const std::string number = std::to_string(said_to_host_.size() + 1);
    said_to_host_.push_back("to the host, " + number);
    said_to_guest_.push_back("to the guest, " + number);
    guest.say(said_to_host_.back());
    host_.say(said_to_guest_.back());
    host_.wait_for("<guest> " + said_to_host_.back(), deadline_);
    guest.wait_for("<host> " + said_to_guest_.back(), deadline_);
    require_equal("the host", host_.heard(), said_to_host_);
    require_equal("the guest", guest.heard(), said_to_guest_);
}

void Scene::part(TestProcess& guest) {
    guest.end_input();
    require_that(guest.wait_exit(deadline_) == exit_ok, "the guest did not leave well");
    require_that(host_.wait_exit(deadline_) == exit_ok, "the host did not end well");
    require_equal("the host", host_.heard(), said_to_host_);
    require_equal("the guest", guest.heard(), said_to_guest_);
}

void Scene::expect_silence(const TestProcess& guest) const {
    for (const TestProcess* each : {&host_, &guest}) {
        require_that(each->heard().empty(), "a text got through");
        require_that(!each->said("* connected"), "somebody says connected");
    }
}

std::string Scene::transcripts() const {
    std::string out = host_.transcript();
    for (const TestProcess& guest : guests_) out += guest.transcript();
    return out;
}

void with_transcripts(const Scene& scene, const std::function<void()>& body) {
    try {
        body();
    } catch (const std::exception& error) {
        throw std::runtime_error{std::string{error.what()} + "\n" + scene.transcripts()};
    }
}

void attack(const Attacker::Plan& plan, const Expected& expected) {
    Scene scene{plan};
    with_transcripts(scene, [&] {
        TestProcess* guest = &scene.invite_guest();
        if (expected.refused_with) {
            guest->say("into the wrong hands");
            require_that(guest->wait_exit(scene.deadline()) == *expected.refused_with,
                         "the wrong exit status");
            scene.expect_silence(*guest);
        } else {
            const auto all_said = [&] {
                return std::ranges::all_of(expected.guest_says,
                                           [&](auto& text) { return guest->said(text); }) &&
                       std::ranges::all_of(expected.host_says,
                                           [&](auto& text) { return scene.host().said(text); });
            };
            // Some targets come only after a few cells.
            constexpr int most_talks = 6;
            for (int talks = 0; talks < 2 || (talks < most_talks && !all_said()); ++talks) scene.talk(*guest);
        }
        for (const std::string& text : expected.guest_says)
            require_that(guest->said(text), "the guest does not say '" + text + "'");
        for (const std::string& text : expected.host_says) scene.host().wait_for(text, scene.deadline());
        if (expected.refused_with) {
            scene.attacker().calm_down();
            guest = &scene.invite_guest();
            scene.talk(*guest);
        }
        scene.part(*guest);
    });
}

void run_all(const std::vector<ScenarioGroup>& groups) {
    std::vector<NamedScenario> scenarios;
    for (const ScenarioGroup& group : groups) {
        for (const NamedScenario& each : group.scenarios)
            scenarios.push_back({group.name + ", " + each.name, each.run});
    }
    std::atomic<std::size_t> next = 0;
    const auto work = [&] {
        for (std::size_t i = next++; i < scenarios.size(); i = next++) {
            try {
                scenarios[i].run();
            } catch (const std::exception& error) {
                ADD_FAILURE() << scenarios[i].name << ": " << error.what();
            }
        }
    };
    std::vector<std::thread> workers;
    for (std::size_t i = 0; i < std::min(most_at_a_time, scenarios.size()); ++i) workers.emplace_back(work);
    for (std::thread& worker : workers) worker.join();
}

}  // namespace chat::test
