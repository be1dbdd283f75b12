#include "crypto/health_tests.hpp"

namespace chat {

std::string_view describe(HealthAlarm alarm) {
    switch (alarm) {
        case HealthAlarm::repetition_count: return "the source of randomness repeats itself";
        case HealthAlarm::adaptive_proportion: return "the source of randomness is biased";
    }
    return "unknown";
}

Result<void, HealthAlarm> HealthTests::feed(ByteView samples) {
    for (u8 sample : samples) {
        if (!repetition_.accept(sample)) return fail(HealthAlarm::repetition_count);
        if (!proportion_.accept(sample)) return fail(HealthAlarm::adaptive_proportion);
    }
    return {};
}

}  // namespace chat
