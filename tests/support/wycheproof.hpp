#pragma once
/// The figures of Project Wycheproof, in tests/vectors/wycheproof (tools/gen_vectors/wycheproof_figures.py).

#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>

#include "support/vec_reader.hpp"

namespace chat::test {

/// Calls visit(group, test) for each test of the file and returns how many there were.
template <class Visit>
std::size_t for_each_wycheproof_test(const std::string& name, Visit visit) {
    const std::string path = std::string{TEST_VECTORS "/wycheproof/"} + name;
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
