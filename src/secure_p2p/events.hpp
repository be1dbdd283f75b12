#pragma once
/// What a session tells the person in front of it. Facts of TLS and of the conversation are read from the running session; layer 1
/// and the key exchange negotiate nothing, so theirs name the one way there is. Text from the peer is as it came: whoever shows it
/// cleans it first.

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/roles.hpp"
#include "base/secret.hpp"
#include "base/time.hpp"
#include "hybrid_kex/hardware_endorsement.hpp"
#include "secure_p2p/options.hpp"

namespace chat {

/// The steps of setting up, in their order.
enum class Stage : u8 { bootstrap, tls, key_exchange, conversation };
[[nodiscard]] std::string_view describe(Stage stage);

/// One line of what a step agreed or verified: "key agreement" / "X25519 + ML-KEM-1024".
struct Fact {
    std::string name;
    std::string value;
};

struct StageReached {
    Stage stage{};
    std::vector<Fact> facts;
};

/// How far this side knows who the peer is; each has lasting words of its own.
enum class Verification : u8 {
    unverified,             ///< no invite, words not compared
    came_with_your_invite,  ///< B: the guest held the invite
    invite_verified,        ///< A: the identity is the one the invite names
    verified,               ///< the person said that words or numbers were compared and equal
    words_differ,           ///< the person said that they are not equal: somebody is in the middle
    known_verified,         ///< an earlier session's contact, whose words were compared then
};
[[nodiscard]] std::string_view describe(Verification state);

/// Everything needed to compare and to show who is there.
struct PeerIdentified {
    Verification verification{};
    std::array<std::string, 5> words;  ///< authentication string, docs/protocol.md 5.4
    std::string safety_number;         ///< 60 digits in groups of five
    Fingerprint fingerprint;
};
struct VerificationChanged {
    Verification verification{};
};

/// The peer's first cell arrived: the session stands on both sides.
struct Connected {};
struct PeerNamed {
    std::string name;
    IdentityLife identity_life = IdentityLife::one_run;  ///< as the peer says
};

using MessageId = u32;
/// A text of the peer, in order, exactly once. UTF-8 was checked; control characters were not removed.
struct TextReceived {
    SecretBuffer text;
};
/// The peer has the whole of our text `id`.
struct TextDelivered {
    MessageId id{};
};
struct PeerTyping {};

enum class LostReason : u8 {
    stream_ended,  ///< the transport closed or failed
    silent,        ///< nothing came for 60 s
    gap,           ///< a cell was missing; what follows comes again on a new stream
    stalled,       ///< the peer took nothing and acknowledged nothing for too long
    replaced,      ///< a newer stream of the same session took over
};
[[nodiscard]] std::string_view describe(LostReason reason);

struct ConnectionLost {
    LostReason reason{};
};
/// A resumption stands; nothing was lost.
struct Resumed {};

enum class Whose : u8 { ours, theirs };
/// An identity was replaced with proof of continuity; the verification state carries over.
struct IdentityRotated {
    Whose whose{};
    Fingerprint old_fingerprint;
    Fingerprint new_fingerprint;
};

/// The session stands, and a device holds a key that co-signs the own identity: it should sign this; answer with Node::endorse.
struct EndorsementWanted {
    HardwareEndorsement statement;
};
/// What holds the key, as its owner says; nothing attests it. The numbers of HsmKind.
enum class DeviceKind : u8 { tpm = 1, pkcs11 = 2, cng = 3 };
[[nodiscard]] std::string_view describe(DeviceKind kind);
/// The peer's present identity is co-signed, for this session, by a key that is held in a device, as the peer says.
struct HardwareBacked {
    DeviceKind kind{};
    EcdsaP384PublicKey key;
};

/// A connection of another guest or of a stranger that did not become the session.
struct HandshakeFailed {
    Stage stage{};
    std::string reason;  ///< describe() of the room's error: one line for the person
};
/// A guest came with an invite that had been used before.
struct SpentInviteTried {};

/// What the security monitor counts; monitor/security_policy.hpp says who can cause each.
enum class SecurityEventKind : u8 {
    hello_refused,
    hello_replayed,
    handshake_refused,  ///< counted for each HandshakeFailed
    spent_invite,       ///< counted for each SpentInviteTried
    record_refused,     ///< a TLS record that does not open, or breaks TLS otherwise
    connection_reset,   ///< counted for each ConnectionLost that the network can cause
    resume_frame_refused,
    cell_refused,  ///< fails the authentication of layer 3 or 4
    replay,
    gap,  ///< a genuine cell that is not the next one
    malformed_content,
    acknowledged_too_much,
    frame_refused,  ///< of an unknown kind or length, or out of place
    flood,
    endorsement_refused,  ///< of the device that is said to hold keys of the peer
    contact_changed,      ///< a known contact's identity is another, without proof
    clock_jump,
    suspended,
    entropy_alarm,
    hardware_entropy_alarm,  ///< of a TPM or token, whose randomness only adds to the system's
    tracer_attached,
    tracer_allowed,  ///< the same under --allow-debugger
    canary_broken,
};
inline constexpr std::size_t security_event_kinds = 23;
[[nodiscard]] std::string_view describe(SecurityEventKind kind);
/// One word, for a log.
[[nodiscard]] std::string_view name_of(SecurityEventKind kind);

/// For the security monitor and the log: reasons and sizes, never content.
struct SecurityEvent {
    SecurityEventKind kind{};
    std::string reason;
    std::size_t size = 0;  ///< bytes of the offending ciphertext or frame; 0: there is none
};

/// So many of a kind that the person should know.
struct SecurityWarning {
    SecurityEventKind kind{};
    u32 last_minute = 0;
    std::string reason;  ///< of the latest
};

enum class EndReason : u8 {
    we_closed,
    peer_closed,
    unreachable,
    resume_time_over,
    invite_spent,
    invite_expired,
    host_busy,
    handshake_failed,
    randomness_failed,
    identity_keys_lost,
    security_alarm,  ///< the monitor's threshold was reached; the detail says which
};
[[nodiscard]] std::string_view describe(EndReason reason);

/// The session is over and its keys are wiped.
struct SessionEnded {
    EndReason reason{};
    std::string detail;
    std::vector<MessageId> undelivered;  ///< our texts that the peer never confirmed, oldest first
};

using Event = std::variant<StageReached, PeerIdentified, VerificationChanged, Connected, PeerNamed,
                           TextReceived, TextDelivered, PeerTyping, ConnectionLost, Resumed, IdentityRotated,
                           EndorsementWanted, HardwareBacked, HandshakeFailed, SpentInviteTried,
                           SecurityEvent, SecurityWarning, SessionEnded>;

}  // namespace chat
