#include "p2p_core/stun_survey.hpp"

#include <gtest/gtest.h>

#include <map>

#include "support/seeded_rng.hpp"
#include "support/stun_messages.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using test::StunBuilder;
using namespace std::chrono_literals;

SocketAddress address(const std::string& text) {
    const HostPort parsed = *parse_host_port(text);
    return {*parsed.ip, parsed.port};
}

StunSurveyOptions options(const std::vector<std::string>& servers, std::vector<StunTransport> transports,
                          std::vector<IpFamily> families) {
    StunSurveyOptions out;
    for (const std::string& server : servers) out.servers.push_back(*parse_host_port(server));
    out.transports = std::move(transports);
    out.families = std::move(families);
    return out;
}

/// Plays the shell and the servers.
class Survey {
  public:
    explicit Survey(const StunSurveyOptions& chosen) : survey{chosen, rng_} { feed(StunSurvey::Start{}, 0s); }

    void feed(const StunSurvey::Input& input, Duration when) {
        survey.handle(input, at(when));
        while (auto output = survey.poll()) std::visit([&](const auto& what) { note(what); }, *output);
        if (survey.finished() && !finished_at) finished_at = when;
    }
    void run_until(Duration when) {
        while (const auto next = survey.deadline()) {
            if (*next > at(when)) break;
            feed(StunSurvey::TimePassed{}, *next - at(0s));
        }
    }
    void resolve(u32 server, const std::vector<std::string>& texts, Duration when = 0s) {
        std::vector<SocketAddress> addresses;
        for (const std::string& text : texts) addresses.push_back(address(text));
        feed(StunSurvey::Resolved{server, addresses}, when);
    }
    /// What that probe asked last, turned into an answer.
    [[nodiscard]] StunBuilder answer(u32 probe, StunClass kind = StunClass::success) const {
        return StunBuilder{kind, StunMessage::decode(asked.at(probe))->transaction()};
    }
    void answer_udp(u32 probe, const std::string& mapped, Duration when = 1ms) {
        const Bytes bytes = answer(probe).xor_mapped(mapped).fingerprint().bytes();
        feed(StunSurvey::Datagram{*survey.result().probes.at(probe).server_address, bytes}, when);
    }
    void answer_tcp(u32 probe, const std::string& mapped, const std::string& local = "") {
        feed(StunSurvey::Connected{probe}, 1ms);
        if (!local.empty()) feed(StunSurvey::LocalAddress{probe, address(local)}, 1ms);
        feed(StunSurvey::StreamBytes{probe, answer(probe).xor_mapped(mapped).bytes()}, 1ms);
    }
    [[nodiscard]] const StunProbe& probe(u32 index) const { return survey.result().probes.at(index); }

    void note(const StunSurvey::Resolve& what) { lookups.push_back(to_text(what.what)); }
    void note(const StunSurvey::Connect& what) { connects[what.probe] = to_text(what.address); }
    void note(const StunSurvey::SendDatagram& what) {
        asked[what.probe] = what.bytes;
        ++datagrams;
    }
    void note(const StunSurvey::SendStream& what) { asked[what.probe] = what.bytes; }
    void note(const StunSurvey::Close& what) { closed.push_back(what.probe); }
    void note(const StunSurvey::Progress& what) { progress.push_back(what.probe); }
    void note(const StunSurvey::Finished&) { ++finished; }

  private:
    test::SeededRng rng_{21};

  public:
    StunSurvey survey;
    std::vector<std::string> lookups;
    std::map<u32, std::string> connects;
    std::map<u32, Bytes> asked;
    std::vector<u32> closed;
    std::vector<u32> progress;
    std::size_t datagrams = 0;
    int finished = 0;
    std::optional<Duration> finished_at;
};

const std::vector<StunTransport> udp{StunTransport::udp};
const std::vector<StunTransport> tcp{StunTransport::tcp};
const std::vector<StunTransport> both_transports{StunTransport::udp, StunTransport::tcp};
const std::vector<IpFamily> v4{IpFamily::v4};
const std::vector<IpFamily> both_families{IpFamily::v4, IpFamily::v6};

TEST(StunSurvey, AsksEachServerOverBothTransportsAndFamiliesAtOnce) {
    Survey survey{options({"one.example:1", "two.example:2"}, both_transports, both_families)};
    EXPECT_EQ(survey.lookups, (std::vector<std::string>{"one.example:1", "two.example:2"}));
    survey.resolve(0, {"8.8.8.1:1", "8.8.8.9:1", "[2a00::1]:1"});
    survey.resolve(1, {"8.8.8.2:2"});
    EXPECT_EQ(survey.survey.result().probes.size(), 6U);
    EXPECT_EQ(survey.datagrams, 3U);
    EXPECT_EQ(survey.connects.size(), 3U);
    EXPECT_EQ(survey.connects.at(1), "8.8.8.1:1");
    EXPECT_EQ(survey.connects.at(3), "[2a00::1]:1");
    EXPECT_EQ(survey.asked.count(1), 0U);
    survey.feed(StunSurvey::Connected{1}, 1ms);
    EXPECT_EQ(survey.asked.count(1), 1U);
}

TEST(StunSurvey, FinishesWhenAllAnswered) {
    Survey survey{options({"one.example:1", "two.example:2"}, both_transports, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.resolve(1, {"8.8.8.2:2"});
    survey.answer_udp(0, "9.9.9.9:100");
    survey.answer_udp(2, "9.9.9.9:100");
    survey.answer_tcp(1, "9.9.9.9:700", "192.168.1.2:7000");
    EXPECT_FALSE(survey.finished);
    survey.answer_tcp(3, "9.9.9.9:700", "192.168.1.2:7000");
    EXPECT_EQ(survey.finished, 1);
    EXPECT_FALSE(survey.survey.deadline());
    EXPECT_EQ(survey.closed, (std::vector<u32>{1, 3}));
    EXPECT_EQ(survey.progress, (std::vector<u32>{0, 2, 1, 3}));
    const auto& result = survey.survey.result();
    EXPECT_EQ(result.public_addresses(IpFamily::v4), std::vector<IpAddress>{*parse_ip("9.9.9.9")});
    EXPECT_TRUE(result.public_addresses(IpFamily::v6).empty());
    EXPECT_EQ(result.public_tcp(IpFamily::v4), address("9.9.9.9:700"));
    EXPECT_EQ(result.public_tcp(IpFamily::v6), std::nullopt);
    EXPECT_EQ(result.mapping(IpFamily::v4, StunTransport::udp), NatMapping::endpoint_independent);
    EXPECT_EQ(result.mapping(IpFamily::v4, StunTransport::tcp), NatMapping::endpoint_independent);
    EXPECT_EQ(result.mapping(IpFamily::v6, StunTransport::udp), NatMapping::unknown);
    EXPECT_TRUE(result.any_answer());
}

TEST(StunSurvey, SeesATranslatorThatGivesEachDestinationAnotherPort) {
    Survey survey{options({"8.8.8.1:1", "8.8.8.2:2", "8.8.8.3:3"}, udp, v4)};
    for (u32 i = 0; i < 3; ++i) survey.resolve(i, {"8.8.8." + std::to_string(i + 1) + ":1"});
    survey.answer_udp(0, "9.9.9.8:100");
    survey.answer_udp(1, "9.9.9.9:101");
    survey.answer_udp(2, "9.9.9.9:102");
    const auto& result = survey.survey.result();
    EXPECT_EQ(result.mapping(IpFamily::v4, StunTransport::udp), NatMapping::endpoint_dependent);
    EXPECT_EQ(result.public_addresses(IpFamily::v4),
              (std::vector<IpAddress>{*parse_ip("9.9.9.9"), *parse_ip("9.9.9.8")}));
}

TEST(StunSurvey, TcpAnswersFromDifferentPortsSayNothingAboutTheTranslator) {
    Survey survey{options({"8.8.8.1:1", "8.8.8.2:2"}, tcp, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.resolve(1, {"8.8.8.2:1"});
    survey.answer_tcp(0, "9.9.9.9:100", "192.168.1.2:7000");
    survey.answer_tcp(1, "9.9.9.9:101", "192.168.1.2:7001");
    EXPECT_EQ(survey.survey.result().mapping(IpFamily::v4, StunTransport::tcp), NatMapping::unknown);
}

TEST(StunSurvey, SeesThatNothingIsTranslated) {
    Survey survey{options({"8.8.8.1:1"}, udp, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.feed(StunSurvey::LocalAddress{0, address("9.9.9.9:7000")}, 0s);
    survey.answer_udp(0, "9.9.9.9:7000");
    EXPECT_EQ(survey.survey.result().mapping(IpFamily::v4, StunTransport::udp), NatMapping::none);
}

TEST(StunSurvey, OneAnswerAloneIsNoProofOfATranslator) {
    Survey survey{options({"8.8.8.1:1"}, udp, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.answer_udp(0, "9.9.9.9:7000");
    EXPECT_EQ(survey.survey.result().mapping(IpFamily::v4, StunTransport::udp), NatMapping::unknown);
}

TEST(StunSurvey, OnceItKnowsEnoughItWaitsForStragglersOnly) {
    Survey survey{options({"a.example:1", "b.example:1", "slow.example:1"}, udp, both_families)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.resolve(1, {"8.8.8.2:1"});
    survey.resolve(2, {"8.8.8.3:1"});
    survey.answer_udp(0, "9.9.9.9:1", 10ms);
    survey.answer_udp(1, "9.9.9.9:1", 20ms);
    survey.run_until(1h);
    EXPECT_EQ(survey.finished_at, 320ms);
    EXPECT_EQ(std::get<StunError>(*survey.probe(2).failure), StunError::deadline);
}

TEST(StunSurvey, ANameStillBeingLookedUpKeepsItWaiting) {
    Survey survey{options({"a.example:1", "b.example:1", "slow.example:1"}, udp, both_families)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.resolve(1, {"8.8.8.2:1"});
    survey.answer_udp(0, "9.9.9.9:1");
    survey.answer_udp(1, "9.9.9.9:1");
    survey.run_until(1h);
    EXPECT_EQ(survey.finished_at, 5s);
    EXPECT_EQ(std::get<NetError>(*survey.probe(2).failure), NetError::timed_out);
    EXPECT_FALSE(survey.probe(2).server_address);
}

TEST(StunSurvey, EndsInTimeWhenNobodyAnswers) {
    Survey survey{options({"8.8.8.1:1"}, both_transports, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.feed(StunSurvey::Connected{1}, 0s);
    survey.run_until(1h);
    EXPECT_EQ(survey.finished_at, 5s);
    EXPECT_EQ(survey.datagrams, 4U);  // at 0, 0.5, 1.5 and 3.5 s
    EXPECT_EQ(std::get<StunError>(*survey.probe(0).failure), StunError::deadline);
    EXPECT_EQ(std::get<StunError>(*survey.probe(1).failure), StunError::deadline);
    EXPECT_FALSE(survey.survey.result().any_answer());
}

TEST(StunSurvey, WithALongDeadlineRetransmissionsRunOut) {
    StunSurveyOptions patient = options({"8.8.8.1:1"}, udp, v4);
    patient.total = 60s;
    Survey survey{patient};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.run_until(1h);
    EXPECT_EQ(survey.finished_at, 39500ms);
    EXPECT_EQ(std::get<StunError>(*survey.probe(0).failure), StunError::no_answer);
}

TEST(StunSurvey, SaysWhyEachServerGaveNothing) {
    Survey survey{options(
        {"a.example:1", "b.example:1", "c.example:1", "d.example:1", "e.example:1", "f.example:1"}, tcp, v4)};
    survey.feed(StunSurvey::ResolveFailed{0, NetError::name_lookup_failed}, 0s);
    survey.resolve(1, {"[2a00::1]:1"});  // no address of a family that was asked for
    for (u32 i = 2; i < 6; ++i) survey.resolve(i, {"8.8.8." + std::to_string(i) + ":1"});
    survey.feed(StunSurvey::Failed{2, NetError::refused}, 1ms);
    survey.feed(StunSurvey::Connected{3}, 1ms);
    survey.feed(StunSurvey::Failed{3, NetError::closed}, 1ms);
    survey.feed(StunSurvey::Connected{4}, 1ms);
    survey.feed(StunSurvey::StreamBytes{4, bytes_of("HTTP/1.1 400 Bad Request\r\n")}, 1ms);
    survey.feed(StunSurvey::Connected{5}, 1ms);
    survey.feed(StunSurvey::StreamBytes{5, survey.answer(5, StunClass::error).error(401).bytes()}, 1ms);
    EXPECT_EQ(survey.finished, 1);
    EXPECT_EQ(*survey.probe(0).failure, StunFailure{NetError::name_lookup_failed});
    EXPECT_EQ(*survey.probe(1).failure, StunFailure{NetError::name_not_found});
    EXPECT_EQ(*survey.probe(2).failure, StunFailure{NetError::refused});
    EXPECT_EQ(*survey.probe(3).failure, StunFailure{StunError::connection_closed});
    EXPECT_EQ(*survey.probe(4).failure, StunFailure{StunError::not_stun});
    EXPECT_EQ(*survey.probe(5).failure, StunFailure{StunError::error_response});
    EXPECT_EQ(survey.probe(5).error_code, 401);
    EXPECT_EQ(describe(*survey.probe(2).failure), "connection refused");
    EXPECT_EQ(describe(*survey.probe(4).failure), "the answer isn't STUN");
}

TEST(StunSurvey, StrayDatagramsChangeNothing) {
    Survey survey{options({"8.8.8.1:1", "8.8.8.2:1"}, udp, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.resolve(1, {"8.8.8.2:1"});
    const Bytes right = survey.answer(0).xor_mapped("6.6.6.6:6").bytes();
    survey.feed(StunSurvey::Datagram{address("8.8.8.2:1"), right}, 1ms);  // server 1 answering for server 0
    survey.feed(StunSurvey::Datagram{address("8.8.8.1:1"), bytes_of("noise")}, 1ms);
    const Bytes stranger = StunBuilder{StunClass::success}.xor_mapped("6.6.6.6:6").bytes();
    survey.feed(StunSurvey::Datagram{address("8.8.8.1:1"), stranger}, 1ms);
    EXPECT_FALSE(survey.survey.result().any_answer());
    survey.answer_udp(0, "9.9.9.9:1");
    EXPECT_EQ(survey.probe(0).mapped, address("9.9.9.9:1"));
}

TEST(StunSurvey, AsksOneServerOnceHoweverManyNamesItHas) {
    Survey survey{options({"a.example:1", "b.example:1"}, udp, v4)};
    survey.resolve(0, {"8.8.8.1:1"});
    survey.resolve(1, {"8.8.8.1:1"});
    EXPECT_EQ(survey.survey.result().probes.size(), 1U);
}

TEST(StunSurvey, WithoutServersItIsOverAtOnce) {
    Survey survey{options({}, both_transports, both_families)};
    EXPECT_EQ(survey.finished, 1);
    EXPECT_FALSE(survey.survey.result().any_answer());
}

TEST(StunSurvey, AsksSixteenServersAtMost) {
    Survey survey{options(std::vector<std::string>(40, "a.example:1"), udp, v4)};
    EXPECT_EQ(survey.lookups.size(), 16U);
}

TEST(StunSurvey, StaysAsItIsWhenRandomnessFails) {
    test::SeededRng source{22};
    for (std::size_t call = 1;; ++call) {
        test::FailingRng failing{source, call};
        StunSurvey survey{options({"a.example:1"}, both_transports, both_families), failing};
        survey.handle(StunSurvey::Start{}, at(0s));
        while (survey.poll()) {
        }
        const StunSurvey::Resolved resolved{0, {address("8.8.8.1:1"), address("[2a00::1]:1")}};
        if (call > 4) {
            survey.handle(resolved, at(0s));
            EXPECT_EQ(survey.result().probes.size(), 4U);
            break;
        }
        EXPECT_THROW(survey.handle(resolved, at(0s)), RngFailure);
        EXPECT_TRUE(survey.result().probes.empty());
        EXPECT_FALSE(survey.poll());
    }
}

TEST(NatMapping, HasATextForEach) {
    EXPECT_EQ(describe(NatMapping::unknown), "not known: fewer than two servers saw the same port");
    EXPECT_EQ(describe(NatMapping::none), "no address translation");
    EXPECT_EQ(describe(NatMapping::endpoint_independent),
              "address translation, the same for every destination");
    EXPECT_EQ(describe(NatMapping::endpoint_dependent),
              "address translation, another one for each destination");
}

}  // namespace
}  // namespace chat
