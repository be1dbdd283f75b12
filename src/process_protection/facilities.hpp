#pragma once
/// What this machine offers to protect keys, for `secure-p2p doctor`. Looks only; changes nothing.

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace chat {

enum class FacilityState : std::uint8_t {
    good,     ///< there, and used
    weak,     ///< there, but with a gap that the hint closes
    missing,  ///< not there; the program works without
    unknown,  ///< the system doesn't say
};
[[nodiscard]] std::string_view describe(FacilityState state);

struct Facility {
    std::string key;  ///< stable, for --json: lower case and hyphens
    std::string name;
    FacilityState state = FacilityState::unknown;
    std::string meaning;  ///< what was found and what follows from it, in plain words
    std::string hint;     ///< exactly what to do; empty when there is nothing to do
};

/// In the order in which they are shown. Whether a keyring answers is asked by who can (secure_key_manager/backends).
[[nodiscard]] std::vector<Facility> survey_facilities();

}  // namespace chat
