#include "app/doctor/doctor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <sstream>

namespace chat {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<Facility> some = {
    {"first", "first thing", FacilityState::good, "is there", ""},
    {"second", "second thing", FacilityState::weak,
     "is there, but with a gap that takes so many words to explain that they do not fit on one line",
     "do this"},
    {"third", "third thing", FacilityState::missing, "\x1b[31mevil\n\xff", "do that"}};

TEST(Doctor, TableHasARowForEachWithinEightyColumns) {
    const std::string table = doctor_table(some);
    EXPECT_THAT(table, HasSubstr("\n  first thing       good     is there\n"));
    EXPECT_THAT(table, HasSubstr("\n  second thing      weak     is there, but with a gap"));
    EXPECT_THAT(table, HasSubstr("\n                             -> do this\n"));
    EXPECT_THAT(table, HasSubstr("1 good, 1 weak, 1 missing.\n"));
    std::istringstream lines{table};
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 80U) << line;
}

TEST(Doctor, WhatComesFromTheMachineCantMoveTheCursor) {
    EXPECT_THAT(doctor_table(some), Not(HasSubstr("\x1b")));
    EXPECT_THAT(doctor_table(some), Not(HasSubstr("evil\n\xff")));
}

TEST(Doctor, JsonHasStableKeys) {
    const auto parsed = nlohmann::json::parse(doctor_json(some));
    EXPECT_EQ(parsed["version"], 1);
    ASSERT_EQ(parsed["facilities"].size(), 3U);
    const auto& second = parsed["facilities"][1];
    EXPECT_EQ(second["key"], "second");
    EXPECT_EQ(second["name"], "second thing");
    EXPECT_EQ(second["state"], "weak");
    EXPECT_THAT(second["meaning"].get<std::string>(), HasSubstr("so many words"));
    EXPECT_EQ(second["hint"], "do this");
    EXPECT_EQ(second.size(), 5U);
    EXPECT_EQ(parsed["summary"], (nlohmann::json{{"good", 1}, {"weak", 1}, {"missing", 1}, {"unknown", 0}}));
}

}  // namespace
}  // namespace chat
