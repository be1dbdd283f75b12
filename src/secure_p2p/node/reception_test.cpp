#include "secure_p2p/node/reception.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;

struct Counts {
    std::size_t visitors = 0;
    std::size_t refused = 0;
    std::vector<std::string> told;
};

/// Sends hellos of a holder of the secret, each on a stream of its own, from networks enough that none is pushed out.
class Door {
  public:
    Door() { EXPECT_TRUE(reception_.offer_invite(secret_, {nullptr, InviteUse::single, std::nullopt})); }
    Counts knock(std::size_t times) {
        Counts out;
        for (std::size_t i = 0; i < times; ++i) {
            const auto started = BootstrapDialler::start(secret_, Role::a, certificate_.der(), rng_);
            NetworkKey network;
            network.bytes[1] = static_cast<u8>(next_ >> 8U);
            network.bytes[2] = static_cast<u8>(next_);
            reception_.accepted(next_, network, now_);
            reception_.receive(next_, started.hello, Reception::Vacancy::free, now_);
            reception_.gone(next_++, now_);
            take(out);
        }
        return out;
    }

    Counts knock_with_noise() {
        Counts out;
        reception_.accepted(next_, NetworkKey{}, now_);
        reception_.receive(next_++, Bytes(bootstrap_hello_size, 0x5A), Reception::Vacancy::free, now_);
        take(out);
        return out;
    }

  private:
    void take(Counts& out) {
        while (auto output = reception_.poll()) {
            if (std::holds_alternative<Reception::Visitor>(*output)) ++out.visitors;
            const auto* event = std::get_if<Event>(&*output);
            if (event == nullptr) continue;
            if (const auto* security = std::get_if<SecurityEvent>(event)) {
                EXPECT_EQ(security->kind, SecurityEventKind::hello_refused);
                ++out.refused;
            }
            if (const auto* failed = std::get_if<HandshakeFailed>(event)) out.told.push_back(failed->reason);
        }
    }

    test::SeededRng rng_{3};
    PresharedSecret secret_ = rng_.secret<PresharedSecret>();
    ChannelCertificate certificate_ = make_channel_certificate(rng_, WallTime{});
    Reception reception_{rng_, no_ciphertext_log()};
    StreamId next_ = 1;
    Time now_ = at(0s);
};

TEST(Reception, AnInviteTriedTooOftenIsClosedAndThePersonIsToldOnce) {
    Door door;
    const Counts before = door.knock(1024);
    EXPECT_EQ(before.visitors, 1024U);
    EXPECT_TRUE(before.told.empty());
    const Counts after = door.knock(3);
    EXPECT_EQ(after.visitors, 0U);
    EXPECT_EQ(after.refused, 3U);
    EXPECT_EQ(after.told, std::vector{std::string{describe(BootstrapError::secret_closed)}});
}

TEST(Reception, NoiseIsCountedAndGetsNothing) {
    Door door;
    const Counts counts = door.knock_with_noise();
    EXPECT_EQ(counts.refused, 1U);
    EXPECT_EQ(counts.visitors, 0U);
    EXPECT_TRUE(counts.told.empty());
}

}  // namespace
}  // namespace chat
