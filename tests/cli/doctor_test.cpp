#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

#include "cli/program.hpp"
#include "process_protection/facilities.hpp"

namespace chat::test {
namespace {

using testing::HasSubstr;

TEST(DoctorCommand, ShowsEveryFacilityOfThisMachine) {
    const Outcome outcome = run({"doctor"});
    EXPECT_EQ(outcome.status, 0);
    EXPECT_EQ(outcome.errors, "");
    for (const Facility& each : survey_facilities())
        EXPECT_THAT(outcome.output, HasSubstr("\n  " + each.name)) << each.key;
    EXPECT_THAT(outcome.output, HasSubstr("\n  keyring"));
    std::istringstream lines{outcome.output};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(DoctorCommand, JsonSaysTheSame) {
    const Outcome outcome = run({"doctor", "--json"});
    EXPECT_EQ(outcome.status, 0);
    const auto parsed = nlohmann::json::parse(outcome.output);
    const auto rows = survey_facilities();
    ASSERT_EQ(parsed["facilities"].size(), rows.size() + 1);  // and the keyring
    for (const Facility& each : rows) {
        const auto found = std::ranges::find_if(
            parsed["facilities"], [&each](const auto& other) { return other["key"] == each.key; });
        ASSERT_NE(found, parsed["facilities"].end()) << each.key;
        EXPECT_EQ((*found)["state"], describe(each.state)) << each.key;
        // An extra blank or a missing hint would show here, word for word.
        EXPECT_EQ((*found)["meaning"], each.meaning);
        EXPECT_EQ((*found)["hint"], each.hint);
    }
}

TEST(DoctorCommand, WrongOptionsAreErrors) {
    EXPECT_EQ(run({"doctor", "--jsno"}).status, 2);
    EXPECT_EQ(run({"doctor", "more"}).status, 2);
}

}  // namespace
}  // namespace chat::test
