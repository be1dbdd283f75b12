#include "secure_p2p/session/resume_frame.hpp"

#include <gtest/gtest.h>

#include "support/seeded_rng.hpp"
#include "support/vec_reader.hpp"

namespace chat {
namespace {

using test::read_vec_file;
using test::SeededRng;

struct Fixture {
    SeededRng rng{5};
    SessionIdBytes session_id = rng.bytes<SessionIdBytes>();
    RootKey root_key = rng.secret<RootKey>();
    TlsExporter exporter = rng.bytes<TlsExporter>();
    ResumeFrames a{Role::a, session_id, root_key};
    ResumeFrames b{Role::b, session_id, root_key};
};

TEST(ResumeFrames, AgreeWithTheVectors) {
    const auto blocks = read_vec_file(TEST_VECTORS "/session/resume.vec");
    ASSERT_EQ(blocks.size(), 2U);
    for (const auto& block : blocks) {
        const auto session_id = block.get<SessionIdBytes>("session_id");
        const auto secret = derive_resume_secret(session_id, block.get<BootstrapSecret>("bootstrap_secret"));
        EXPECT_TRUE(secret.equals(block.get<PresharedSecret>("resume_secret")));
        const Role receiver = block.text("sender") == "A" ? Role::b : Role::a;
        const ResumeFrames frames{receiver, session_id, block.get<RootKey>("root_key")};
        const auto frame = frames.open(block.bytes("frame"), block.get<TlsExporter>("tls_exporter"));
        ASSERT_TRUE(frame);
        EXPECT_EQ(frame->attempt, block.number("attempt"));
        EXPECT_EQ(frame->acknowledged, block.number("acknowledged"));
    }
}

TEST(ResumeFrames, ComeBack) {
    Fixture f;
    const auto frame = f.b.open(f.a.seal({7, 1000}, f.exporter, f.rng).view(), f.exporter);
    ASSERT_TRUE(frame);
    EXPECT_EQ(frame->attempt, 7U);
    EXPECT_EQ(frame->acknowledged, 1000U);
}

TEST(ResumeFrames, AReflectedOneIsUnreadable) {
    Fixture f;
    EXPECT_EQ(f.a.open(f.a.seal({7, 1000}, f.exporter, f.rng).view(), f.exporter).error(),
              ResumeError::unreadable);
}

TEST(ResumeFrames, OneOfAnotherStreamOrSessionIsUnreadable) {
    Fixture f;
    const auto frame = f.a.seal({7, 1000}, f.exporter, f.rng);
    EXPECT_EQ(f.b.open(frame.view(), f.rng.bytes<TlsExporter>()).error(), ResumeError::unreadable);
    const ResumeFrames other_session{Role::b, f.rng.bytes<SessionIdBytes>(), f.root_key};
    EXPECT_EQ(other_session.open(frame.view(), f.exporter).error(), ResumeError::unreadable);
}

TEST(ResumeFrames, AnyFlippedBitIsRefused) {
    Fixture f;
    const auto frame = f.a.seal({7, 1000}, f.exporter, f.rng);
    for (int i = 0; i < 300; ++i) {
        auto flipped = frame;
        const u64 bit = f.rng.below(flipped.bytes.size() * 8);
        flipped.bytes.at(bit / 8) ^= static_cast<u8>(1U << (bit % 8));
        ASSERT_EQ(f.b.open(flipped.view(), f.exporter).error(), ResumeError::unreadable) << "bit " << bit;
    }
}

TEST(ResumeFrames, AnyOtherLengthIsRefused) {
    Fixture f;
    const auto frame = f.a.seal({7, 1000}, f.exporter, f.rng);
    EXPECT_EQ(f.b.open(frame.view().first(resume_frame_size - 1), f.exporter).error(),
              ResumeError::wrong_length);
    Bytes longer{frame.bytes.begin(), frame.bytes.end()};
    longer.push_back(0);
    EXPECT_EQ(f.b.open(longer, f.exporter).error(), ResumeError::wrong_length);
}

}  // namespace
}  // namespace chat
