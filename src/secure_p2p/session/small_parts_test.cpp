#include <gtest/gtest.h>

#include "secure_p2p/node/guess_limit.hpp"
#include "secure_p2p/node/guest.hpp"
#include "secure_p2p/session/efk_lifecycle.hpp"
#include "secure_p2p/session/greeting.hpp"
#include "support/cell_cipher_pair.hpp"
#include "support/virtual_time.hpp"

namespace chat {
namespace {

using test::at;
using namespace std::chrono_literals;

std::optional<GreetingError> greeting_error(ByteView bytes) {
    const auto greeting = decode_greeting(bytes);
    if (greeting) return std::nullopt;
    return greeting.error();
}

TEST(Greeting, ComesBack) {
    for (const bool deniable : {false, true}) {
        for (const IdentityLife life : {IdentityLife::one_run, IdentityLife::kept}) {
            const auto greeting = decode_greeting(encode({deniable, life, "Zoë"}).expose());
            ASSERT_TRUE(greeting);
            EXPECT_EQ(greeting->deniable, deniable);
            EXPECT_EQ(greeting->identity_life, life);
            EXPECT_EQ(greeting->name, "Zoë");
        }
    }
}

TEST(Greeting, EveryDefectHasItsError) {
    EXPECT_EQ(greeting_error({}), GreetingError::malformed);
    EXPECT_EQ(greeting_error(std::array<u8, 2>{0, 1}), GreetingError::malformed);
    EXPECT_EQ(greeting_error(std::array<u8, 3>{0, 0, 'x'}), GreetingError::malformed);
    Bytes long_name(2 + 65, 'x');
    long_name[0] = 0;
    long_name[1] = 65;
    EXPECT_EQ(greeting_error(long_name), GreetingError::malformed);
    EXPECT_EQ(greeting_error(std::array<u8, 2>{4, 0}), GreetingError::unknown_options);
    EXPECT_EQ(greeting_error(std::array<u8, 3>{0, 1, 0xFF}), GreetingError::name_not_utf8);
}

TEST(GuessLimit, OneAtATimeAndPausesDouble) {
    GuessLimit limit;
    ASSERT_TRUE(limit.may_begin(at(0s)));
    limit.begun();
    EXPECT_FALSE(limit.may_begin(at(0s)));
    Time now = at(0s);
    Duration pause = GuessLimit::first_pause;
    for (int i = 0; i < 10; ++i) {
        limit.failed(now);
        EXPECT_FALSE(limit.may_begin(now + pause - 1us));
        EXPECT_TRUE(limit.may_begin(now + pause));
        now += pause;
        pause = std::min(2 * pause, GuessLimit::longest_pause);
    }
    EXPECT_EQ(pause, GuessLimit::longest_pause);
    limit.succeeded();
    limit.failed(now);
    EXPECT_TRUE(limit.may_begin(now + GuessLimit::first_pause));
}

TEST(Guest, AlternatesWhileItIsOpenWhichSecretIsLive) {
    Guest guest{PresharedSecret{}, Fingerprint{}};
    EXPECT_EQ(guest.next(false, false), DialUnder::invite);
    EXPECT_EQ(guest.next(false, false), DialUnder::invite);
    EXPECT_EQ(guest.next(true, false), DialUnder::resume);
    EXPECT_EQ(guest.next(true, false), DialUnder::invite);
    EXPECT_EQ(guest.next(true, false), DialUnder::resume);
    EXPECT_EQ(guest.next(false, true), DialUnder::resume);
    guest.forget_invite();
    EXPECT_EQ(guest.next(true, false), DialUnder::resume);
    EXPECT_EQ(guest.next(false, false), std::nullopt);
}

TEST(Guest, NeverRepeatsAnUnverifiedHandshake) {
    std::optional<PresharedSecret> no_secret;  // a temporary is uninitialised to gcc 12 under sanitizers
    Guest guest{std::move(no_secret), std::nullopt};
    EXPECT_EQ(guest.next(false, false), DialUnder::open);
    EXPECT_EQ(guest.next(false, false), std::nullopt);
    EXPECT_EQ(guest.next(true, false), DialUnder::resume);
    EXPECT_EQ(guest.next(true, false), DialUnder::resume);
}

TEST(Reveal, EveryDefectHasItsError) {
    test::CellCipherPair pair{1};
    const auto error_of = [&](ByteView content) { return accept_reveal(content, pair.b).error(); };
    Bytes content(reveal_size, 0);
    EXPECT_EQ(error_of(ByteView{content}.first(reveal_size - 1)), RevealError::malformed);
    EXPECT_EQ(error_of(content), RevealError::wrong_seed);
    content[3] = 9;
    EXPECT_EQ(error_of(content), RevealError::unknown_key);
}

}  // namespace
}  // namespace chat
