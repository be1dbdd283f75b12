/// The most talkative log of a whole session holds sizes and reasons, and nothing that was said or has to stay secret.

#include <gtest/gtest.h>

#include "cli/program.hpp"
#include "p2p_core/invite.hpp"

namespace chat::test {
namespace {

std::string lower_hex(ByteView bytes) {
    std::string out;
    for (const u8 byte : bytes) {
        constexpr std::string_view digits = "0123456789abcdef";
        out += digits[byte >> 4U];
        out += digits[byte & 15U];
    }
    return out;
}

std::string raw(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

TEST(Log, ATraceOfAWholeSessionHoldsNoContentAndNoSecret) {
    const std::vector<std::string> loud{"--log-level", "trace"};
    Pair pair{loud, loud};
    const std::string from_guest = "marmalade-of-the-guest";
    const std::string from_host = "parsnips-of-the-host";
    pair.guest.say(from_guest);
    pair.host.wait_for(from_guest);
    pair.host.say(from_host);
    pair.guest.wait_for(from_host);
    pair.guest.say("/rotate");
    pair.host.wait_for("identity was rotated");
    pair.guest.say("/quit");
    pair.guest.wait();
    pair.host.wait();

    const auto invite = decode_invite(bytes_of(pair.invite));
    ASSERT_TRUE(invite);
    const ByteView secret = invite->secret.expose();
    for (const Program* side : {&pair.host, &pair.guest}) {
        const std::string& log = side->errors();
        for (const char* layer : {"certificate", "tls_record", "key_exchange", "cell"}) {
            EXPECT_NE(log.find("ciphertext layer=" + std::string{layer} + " size="), std::string::npos)
                << layer;
        }
        EXPECT_NE(log.find("ciphertext layer=cell size=5632"), std::string::npos);
        EXPECT_NE(log.find("session_ended undelivered=0 reason="), std::string::npos);
        for (const std::string& hidden : {from_guest, from_host, pair.invite, pair.invite.substr(8, 24),
                                          lower_hex(secret), raw(secret)}) {
            EXPECT_EQ(log.find(hidden), std::string::npos) << hidden;
        }
        for (const char* name : {"Alice", "Bob"}) EXPECT_EQ(log.find(name), std::string::npos);
    }
}

}  // namespace
}  // namespace chat::test
