#include "process_protection/facilities.hpp"

namespace chat {

std::string_view describe(FacilityState state) {
    switch (state) {
        case FacilityState::good: return "good";
        case FacilityState::weak: return "weak";
        case FacilityState::missing: return "missing";
        case FacilityState::unknown: return "unknown";
    }
    return "";
}

}  // namespace chat
