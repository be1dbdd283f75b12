#pragma once
/// Project Wycheproof's JSON files and other full vector files, where the folder SHARED_VECTORS stands beside the project. The
/// project's own tests/vectors prove every primitive without it.

#include <fstream>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

#include "support/vec_reader.hpp"

namespace chat::test {

/// The path of a file in SHARED_VECTORS; empty when it isn't there, and the test says GTEST_SKIP.
inline std::optional<std::string> shared_vector_file(const std::string& name) {
    const std::string path = std::string{SHARED_VECTORS} + "/" + name;
    if (!std::ifstream{path}) return std::nullopt;
    return path;
}

inline constexpr const char* no_shared_vectors =
    "the optional folder of full vectors is not beside the project";

/// Calls visit(group, test) for each test and returns how many there were.
template <class Visit>
std::size_t for_each_wycheproof_test(const std::string& path, Visit visit) {
    std::ifstream file{path};
    const auto document = nlohmann::json::parse(file);
    std::size_t count = 0;
    for (const auto& group : document.at("testGroups")) {
        for (const auto& test : group.at("tests")) {
            visit(group, test);
            ++count;
        }
    }
    if (count != document.value("numberOfTests", count))
        throw std::runtime_error{path + ": tests are missing"};
    return count;
}

inline Bytes hex_of(const nlohmann::json& object, const char* key) {
    return from_hex(object.at(key).get<std::string>());
}

inline std::string text_of(const nlohmann::json& object, const char* key) {
    return object.at(key).get<std::string>();
}

inline bool has_flag(const nlohmann::json& test, std::string_view flag) {
    for (const auto& each : test.at("flags")) {
        if (each.get<std::string>() == flag) return true;
    }
    return false;
}

}  // namespace chat::test
