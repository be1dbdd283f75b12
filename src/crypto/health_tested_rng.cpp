#include "crypto/health_tested_rng.hpp"

#include <array>
#include <string>

#include "base/secret.hpp"

namespace chat {

HealthTestedRng::HealthTestedRng(Rng& source) : source_{source} {
    std::array<u8, HealthTests::start_up_samples> samples{};
    const WipeOnExit wipe{samples};
    fill(samples);
}

void HealthTestedRng::fill(MutableByteView out) {
    if (!alarm_) {
        source_.fill(out);
        if (const auto tested = tests_.feed(out); !tested) alarm_ = tested.error();
    }
    if (alarm_) {
        guarded_memory::wipe(out);
        throw RngFailure{std::string{describe(*alarm_)}};
    }
}

}  // namespace chat
