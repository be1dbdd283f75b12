/// A guest that agreed on everything and then sends cells and frames that no honest guest would
/// (docs/protocol.md 8 and 10): each is refused and told to the security monitor, and the conversation goes
/// on as if it had not come.

#include <gtest/gtest.h>

#include <sstream>

#include "adversary/malicious_kit.hpp"
#include "double_ratchet/falcon_cell_signer.hpp"
#include "secure_p2p/cell_cipher.hpp"
#include "secure_p2p/conversation/cell_content.hpp"
#include "secure_p2p/monitor/security_policy.hpp"
#include "secure_p2p/session/greeting.hpp"

namespace chat::test {
namespace {

using Inner = std::array<u8, inner_record_size>;

class MaliciousTalker {
  public:
    MaliciousTalker(u64 seed, u16 port, const Invite& invite)
        : kit_{seed}, channel_{kit_.dial(port, invite)}, cipher_{agree(invite)} {
        send(seal(ContentType::greeting,
                  encode(Greeting{false, IdentityLife::one_run, "\x1B[31mmallory"}).expose()));
    }

    void send(const Cell& cell) { send(FrameKind::cell, cell.view()); }
    void send(FrameKind kind, ByteView body) { channel_.send(kind, body); }
    void send_record(ByteView record) { channel_.send_record(record); }
    void text(const std::string& text) { send(seal(ContentType::text, bytes_of(text))); }
    void leave() {
        // What was heard is acknowledged now, or the host would end with undelivered lines.
        send(seal(ContentType::close, {}, cipher_.status().cells_opened));
        channel_.wait_end();
    }

    Cell seal(ContentType type, ByteView content, u64 acknowledged = 0) {
        return seal_changed(type, content, acknowledged, [](Inner&) {});
    }
    /// With any change to the record inside both encryption layers.
    Cell seal_changed(ContentType type, ByteView content, u64 acknowledged,
                      const std::function<void(Inner&)>& change) {
        Inner inner{};
        encode_content({type, ++stream_, 0, 1, acknowledged}, content, kit_.rng, inner);
        change(inner);
        return cipher_.seal(inner, kit_.rng).cell;
    }
    Cell noise() { return kit_.rng.bytes<Cell>(); }
    /// The host's next text, whatever comes before it.
    std::string hear() {
        for (;;) {
            const Bytes cell = channel_.expect(FrameKind::cell);
            const auto opened = cipher_.open_next(ByteView{cell}.first<cell_size>(), Time{});
            if (!opened) throw std::runtime_error{std::string{describe(opened.error())}};
            const auto content = decode_content(opened->inner);
            if (!content || content->header.type != ContentType::text) continue;
            const ByteView text = content->content.expose();
            return {text.begin(), text.end()};
        }
    }
    void wait_end() { channel_.wait_end(); }

  private:
    CellCipher agree(const Invite& invite) {
        auto started = start_as_a(MaliciousKit::context(channel_, invite.host), *kit_.identity,
                                  MaliciousKit::efk(), kit_.rng);
        channel_.send(FrameKind::bundle, started->bundle.view());
        auto agreed = std::move(started->next).accept_init(channel_.expect(FrameKind::init), kit_.rng);
        if (!agreed) throw std::runtime_error{std::string{describe(agreed.error())}};
        channel_.send(FrameKind::resp, agreed->resp.view());
        Established& session = agreed->session;
        const auto& first = std::get<PeerFirstRatchetKeys>(session.first_ratchet_keys);
        return CellCipher::start_a(
            {.session_id = session.session_id,
             .root_key = session.root_key,
             .bootstrap_secret = channel_.secret(),
             .bootstrap_transcript = channel_.transcript(),
             .own_signer = std::make_unique<FalconCellSigner>(std::move(session.own_signing.signing_key),
                                                              session.own_signing.public_key),
             .peer_verifier = loader_.load(session.peer_signing_key),
             .verifier_loader = loader_},
            RatchetPublicKeys{first.dh, first.kem});
    }

    MaliciousKit kit_;
    FalconCellVerifierLoader loader_;
    PeerChannel channel_;
    CellCipher cipher_;
    u32 stream_ = 0;
};

/// A host, and somebody malicious who is in a session with it.
struct Attacked {
    explicit Attacked(u64 seed)
        : scene{[](const Unit& unit, Wire& wire) { wire.send(unit.way, unit.bytes); }},
          talker{seed, scene.host_port(), *decode_invite(bytes_of(scene.invite()))} {
        scene.host().wait_for("* connected", scene.deadline());
    }
    /// The host told its monitor so; then an honest text still gets through, both ways.
    void expect_refused(SecurityEventKind kind, std::string_view reason, std::size_t times = 1) {
        wait_for_refusals(kind, reason, times);
        expect_conversation();
    }
    void wait_for_refusals(SecurityEventKind kind, std::string_view reason, std::size_t times) {
        const std::string begin = "security kind=" + std::string{name_of(kind)} + " ";
        const std::string end = " reason=\"" + std::string{reason};
        const auto count = [&] {
            std::istringstream output{scene.host().output()};
            std::size_t out = 0;
            for (std::string line; std::getline(output, line);) {
                out += line.find(begin) != std::string::npos && line.find(end) != std::string::npos ? 1U : 0U;
            }
            return out;
        };
        scene.host().wait_until(
            begin + end, [&] { return count() >= times; }, scene.deadline());
    }
    void expect_conversation() {
        const std::string number = std::to_string(++texts);
        talker.text("honest " + number);
        scene.host().wait_for("<[31mmallory> honest " + number + "\n", scene.deadline());
        scene.host().say("answer " + number);
        require_that(talker.hear() == "answer " + number, "the host says something else");
    }
    void end() {
        talker.leave();
        require_that(scene.host().wait_exit(scene.deadline()) == exit_ok, "the host did not end well");
    }
    Scene scene;
    MaliciousTalker talker;
    int texts = 0;
};

void run_attack(u64 seed, const std::function<void(Attacked&)>& attack) {
    Attacked attacked{seed};
    try {
        attack(attacked);
    } catch (const std::exception& error) {
        FAIL() << error.what() << "\n" << attacked.scene.transcripts();
    }
}

TEST(MaliciousTalker, ForgedDamagedAndReplayedCellsChangeNothing) {
    run_attack(81, [](Attacked& host) {
        host.expect_conversation();
        host.talker.send(host.talker.noise());
        host.expect_refused(SecurityEventKind::cell_refused, describe(CellError::header_unreadable));
        const Cell cell = host.talker.seal(ContentType::text, bytes_of("exactly once"));
        host.talker.send(with_flip(cell, 100));  // header
        host.talker.send(with_flip(cell, encrypted_header_size + 100));
        host.talker.send(with_flip(cell, cell_size - 100));
        host.talker.send(cell);
        host.talker.send(cell);
        host.expect_refused(SecurityEventKind::cell_refused, describe(CellError::header_unreadable), 2);
        host.expect_refused(SecurityEventKind::cell_refused, describe(CellError::bad_signature), 2);
        host.expect_refused(SecurityEventKind::replay, describe(CellError::replay));
        require_that(host.scene.host().count("exactly once") == 1, "a text came not exactly once");
        host.end();
    });
}

TEST(MaliciousTalker, AcknowledgementsOfWhatWasNeverSentConfirmNothing) {
    run_attack(82, [](Attacked& host) {
        for (const u64 count : {u64{1000}, ~u64{0}}) {
            host.talker.send(host.talker.seal(ContentType::heartbeat, {}, count));
            host.expect_refused(SecurityEventKind::acknowledged_too_much, "");
        }
        require_that(!host.scene.host().said("received by the other side"), "a lie was believed");
        host.end();
    });
}

TEST(MaliciousTalker, MalformedContentIsDroppedAlone) {
    run_attack(83, [](Attacked& host) {
        const auto send = [&](std::size_t place, u8 value) {
            host.talker.send(host.talker.seal_changed(ContentType::text, bytes_of("never shown"), 0,
                                                      [=](Inner& inner) { inner.at(place) = value; }));
        };
        constexpr auto malformed = SecurityEventKind::malformed_content;
        send(0, 77);
        host.expect_refused(malformed, describe(ContentError::unknown_type));
        send(1, 1);
        host.expect_refused(malformed, describe(ContentError::reserved_flags));
        send(2, 16);
        host.expect_refused(malformed, describe(ContentError::pad_too_long));
        host.talker.send(host.talker.seal(ContentType::text, bytes_of("\xFF\xFE")));
        host.expect_refused(malformed, "a text that is not valid UTF-8");
        host.talker.send(host.talker.seal(ContentType::identity_rotation, Bytes(100)));
        host.talker.send(host.talker.seal(ContentType::efk_announcement, Bytes(100)));
        host.talker.send(host.talker.seal(ContentType::reveal, Bytes(100)));
        host.expect_conversation();
        host.talker.text("\x1B]0;title\x07red");
        host.scene.host().wait_for("red\n", host.scene.deadline());
        require_that(!host.scene.host().said("\x1B"), "an escape sequence got through");
        require_that(!host.scene.host().said("never shown"), "a malformed text was shown");
        host.end();
    });
}

TEST(MaliciousTalker, StrayFramesAreDropped) {
    run_attack(84, [](Attacked& host) {
        for (const FrameKind kind : {FrameKind::bundle, FrameKind::init, FrameKind::resp, FrameKind::alert}) {
            host.talker.send(kind, Bytes(frame_body_size(kind)));
            host.expect_refused(SecurityEventKind::frame_refused, name_of(kind));
        }
        host.talker.send(FrameKind::resume, Bytes(frame::resume_body));
        host.expect_refused(SecurityEventKind::resume_frame_refused, "");
        host.end();
    });
}

TEST(MaliciousTalker, AFloodOfNoiseIsDroppedWarnedOfAndInTheEndEndsTheSession) {
    run_attack(87, [](Attacked& host) {
        constexpr u32 limit = rule_of(SecurityEventKind::cell_refused).end_from;
        const std::string_view why = describe(CellError::header_unreadable);
        const Cell noise = host.talker.noise();
        for (u32 i = 1; i < limit; ++i) host.talker.send(noise);
        host.expect_refused(SecurityEventKind::cell_refused, why, limit - 1);
        require_that(host.scene.host().said("* security warning: cell refused: "),
                     "the person was not warned");
        for (u32 i = 0; i < limit; ++i) host.talker.send(noise);
        host.scene.host().wait_for("* session ended: SECURITY ALARM: cell refused", host.scene.deadline());
        require_that(host.scene.host().wait_exit(host.scene.deadline()) == exit_security_alarm,
                     "the host did not end for the alarm");
    });
}

TEST(MaliciousTalker, ASkippedCellEndsTheStreamAndNothingElse) {
    run_attack(85, [](Attacked& host) {
        static_cast<void>(host.talker.seal(ContentType::text, bytes_of("kept back")));
        host.talker.text("out of order");
        host.scene.host().wait_for("* connection lost: a message was damaged on the way and is fetched again",
                                   host.scene.deadline());
        host.talker.wait_end();
        require_that(host.scene.host().heard().empty(), "a text came out of order");
        host.scene.host().say("/quit");
        require_that(host.scene.host().wait_exit(host.scene.deadline()) == exit_ok,
                     "the host did not end well");
    });
}

TEST(MaliciousTalker, AnUnknownFrameEndsTheStreamAndNothingElse) {
    run_attack(86, [](Attacked& host) {
        host.talker.send_record(Bytes(5000, 99));
        host.scene.host().wait_for("* connection lost: the connection ended", host.scene.deadline());
        host.talker.wait_end();
        host.scene.host().say("/quit");
        require_that(host.scene.host().wait_exit(host.scene.deadline()) == exit_ok,
                     "the host did not end well");
    });
}

}  // namespace
}  // namespace chat::test
