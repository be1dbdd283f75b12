#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <set>
#include <thread>

#include "secure_key_manager/isolation/service/service_channel.hpp"

namespace chat {
namespace {

using namespace std::chrono_literals;

/// Kind 1: 3 to 5 bytes. Kind 2: nothing. Kind 3: large.
std::optional<BodySizes> rule(u8 kind) {
    if (kind == 1) return BodySizes{3, 5};
    if (kind == 2) return BodySizes{0, 0};
    if (kind == 3) return BodySizes{1, ServiceChannel::largest_body};
    return std::nullopt;
}

class Channel : public testing::Test {
  protected:
    Channel() : Channel{make_pair()} {}

    void write_raw(std::initializer_list<u8> bytes) const {
        ASSERT_EQ(::write(there.descriptor(), bytes.begin(), bytes.size()),
                  static_cast<ssize_t>(bytes.size()));
    }
    [[nodiscard]] ChannelError refusal() { return here.receive(rule, 20ms).error(); }

    ServiceChannel here;
    ServiceChannel there;

  private:
    explicit Channel(std::array<int, 2> ends) : here{ends[0]}, there{ends[1]} {}
    static std::array<int, 2> make_pair() {
        std::array<int, 2> ends{};
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
        return ends;
    }
};

TEST_F(Channel, CarriesFramesInOrder) {
    ASSERT_TRUE(there.send(1, bytes_of("four"), 1s));
    ASSERT_TRUE(there.send(2, {}, 1s));
    const auto first = here.receive(rule, 1s);
    ASSERT_TRUE(first);
    EXPECT_EQ(first->kind, 1);
    EXPECT_EQ(Bytes(first->body.expose().begin(), first->body.expose().end()), Bytes({'f', 'o', 'u', 'r'}));
    const auto second = here.receive(rule, 1s);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->kind, 2);
    EXPECT_TRUE(second->body.empty());
}

TEST_F(Channel, RefusesAKindThatTheProtocolDoesNotHave) {
    write_raw({9, 0, 0, 0, 0});
    EXPECT_EQ(refusal(), ChannelError::unknown_kind);
}

TEST_F(Channel, RefusesALengthThatTheKindDoesNotHaveBeforeItsBody) {
    write_raw({1, 0, 0, 0, 2});
    EXPECT_EQ(refusal(), ChannelError::wrong_length);
    write_raw({1, 0, 0, 0, 6});
    EXPECT_EQ(refusal(), ChannelError::wrong_length);
    write_raw({3, 0xff, 0xff, 0xff, 0xff});
    EXPECT_EQ(refusal(), ChannelError::wrong_length);
}

TEST_F(Channel, HasAnEndToItsPatience) {
    EXPECT_EQ(refusal(), ChannelError::timed_out);
    write_raw({1, 0, 0});
    EXPECT_EQ(refusal(), ChannelError::timed_out);
    EXPECT_EQ(here.wait(1ms).error(), ChannelError::timed_out);
}

TEST_F(Channel, HasAnEndToItsPatienceWithAReaderThatStopped) {
    const Bytes large(ServiceChannel::largest_body);
    EXPECT_EQ(here.send(3, large, 20ms).error(), ChannelError::timed_out);
}

TEST_F(Channel, CarriesTheLargestBody) {
    Bytes large(ServiceChannel::largest_body, 7);
    large.back() = 8;
    std::thread sender{[&] { EXPECT_TRUE(there.send(3, large, 20s)); }};
    const auto got = here.receive(rule, 20s);
    sender.join();
    ASSERT_TRUE(got);
    ASSERT_EQ(got->body.size(), large.size());
    EXPECT_TRUE(std::equal(large.begin(), large.end(), got->body.expose().begin()));
}

TEST_F(Channel, TellsThatTheOtherEndIsGone) {
    EXPECT_TRUE(here.idle());
    there.close();
    EXPECT_FALSE(here.idle());
    EXPECT_FALSE(here.has_input());
    EXPECT_TRUE(here.wait(std::nullopt));  // there is something to learn
    EXPECT_EQ(refusal(), ChannelError::closed);
    EXPECT_EQ(here.send(2, {}, 20ms).error(), ChannelError::closed);
}

TEST_F(Channel, ShowsItsOwnEndOnTheDescriptorThatIsWatched) {
    here.shut();
    EXPECT_TRUE(here.wait(0ms));
    EXPECT_FALSE(here.idle());
    EXPECT_EQ(refusal(), ChannelError::closed);
}

TEST_F(Channel, TellsOfAnEndInTheMiddleOfAFrame) {
    write_raw({1, 0, 0, 0, 4, 'x'});
    there.close();
    EXPECT_EQ(refusal(), ChannelError::closed);
}

TEST_F(Channel, AnAnswerComesThroughAfterTheLastQuestion) {
    here.finish_sending();
    EXPECT_EQ(there.receive(rule, 20ms).error(), ChannelError::closed);
    ASSERT_TRUE(there.send(1, bytes_of("last"), 1s));
    EXPECT_TRUE(here.receive(rule, 1s));
}

TEST_F(Channel, IsNotIdleWhenTheOtherSideSpeaksUnasked) {
    EXPECT_FALSE(here.has_input());
    ASSERT_TRUE(there.send(2, {}, 1s));
    EXPECT_FALSE(here.idle());
    EXPECT_TRUE(here.has_input());
}

TEST_F(Channel, TellsOfASocketThatTheSystemRefuses) {
    ServiceChannel none{::dup(STDIN_FILENO)};
    none.close();
    EXPECT_EQ(none.receive(rule, 20ms).error(), ChannelError::failed);
    EXPECT_EQ(none.send(2, {}, 20ms).error(), ChannelError::failed);
}

TEST_F(Channel, EveryErrorHasATextOfItsOwn) {
    std::set<std::string_view> texts;
    for (u8 i = 0; i <= static_cast<u8>(ChannelError::failed); ++i)
        texts.insert(describe(static_cast<ChannelError>(i)));
    EXPECT_EQ(texts.size(), 5U);
}

}  // namespace
}  // namespace chat
