/// Every incoming ciphertext is announced by its size before anything tries to open it.

#include <gtest/gtest.h>

#include "support/session_with_a_liar.hpp"

namespace chat {
namespace {

using test::SessionWithALiar;
using Entry = test::CiphertextTrace::Entry;

constexpr Entry one_cell{Ciphertext::cell, cell_size};

TEST(CiphertextLog, AForgedCellIsAnnouncedBeforeItsSignatureIsLookedAtAndBeforeItsRefusal) {
    SessionWithALiar world;
    std::vector<std::string> order;
    world.trace.on_arrival([&] {
        order.emplace_back("announced");
        EXPECT_TRUE(world.events().empty()) << "told of before it was announced";
    });
    world.on_verify = [&] { order.emplace_back("verifying"); };
    Cell forged = world.seal(ContentType::text, bytes_of("x"));
    static_cast<void>(world.events());
    forged.bytes[cell_size - 1] ^= 1U;
    world.give(forged.view());
    EXPECT_EQ(order, (std::vector<std::string>{"announced", "verifying"}));
    EXPECT_EQ(world.trace.entries(), std::vector{one_cell});
    const auto told = world.told<SecurityEvent>();
    ASSERT_EQ(told.size(), 1U);
    EXPECT_EQ(told.front().kind, SecurityEventKind::cell_refused);
    EXPECT_EQ(told.front().size, cell_size);
}

TEST(CiphertextLog, ACellWhoseOpeningBreaksOffIsAnnouncedAllTheSame) {
    SessionWithALiar world;
    world.on_verify = [] { throw std::bad_alloc{}; };
    const Cell cell = world.seal(ContentType::text, bytes_of("x"));
    EXPECT_THROW(world.give(cell.view()), std::bad_alloc);
    EXPECT_EQ(world.trace.entries(), std::vector{one_cell});
}

TEST(CiphertextLog, AResumeFrameIsAnnouncedBeforeItsRefusal) {
    SessionWithALiar world;
    const Bytes noise(resume_frame_size, 0x55);
    world.session().stream_secured(2, TlsExporter{}, world.now());
    static_cast<void>(world.events());
    world.trace.on_arrival([&] { EXPECT_TRUE(world.events().empty()); });
    world.session().receive(2, FrameKind::resume, noise, world.now());
    EXPECT_EQ(world.trace.entries(), (std::vector{Entry{Ciphertext::resume_frame, noise.size()}}));
    EXPECT_EQ(world.told<SecurityEvent>().size(), 1U);
}

}  // namespace
}  // namespace chat
