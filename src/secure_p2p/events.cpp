#include "secure_p2p/events.hpp"

namespace chat {

std::string_view describe(Stage stage) {
    switch (stage) {
        case Stage::bootstrap: return "layer 1, certificate exchange";
        case Stage::tls: return "layer 2, TLS 1.3";
        case Stage::key_exchange: return "layer 3, hybrid X3DH + ML-KEM-1024";
        case Stage::conversation: return "layers 3 and 4, Double Ratchet and application cipher";
    }
    return "";
}

std::string_view describe(Verification state) {
    switch (state) {
        case Verification::unverified:
            return "unverified: compare the five words before you trust this contact";
        case Verification::came_with_your_invite: return "came with your invite: whoever held it is here";
        case Verification::invite_verified: return "verified by the invite";
        case Verification::verified: return "verified: you compared the words";
        case Verification::known_verified:
            return "verified: a known contact, whose words you compared before";
        case Verification::words_differ: return "WORDS DIFFER: somebody is in the middle, say nothing more";
    }
    return "";
}

std::string_view describe(LostReason reason) {
    switch (reason) {
        case LostReason::stream_ended: return "the connection ended";
        case LostReason::silent: return "nothing was heard for 60 seconds";
        case LostReason::gap: return "a message was damaged on the way and is fetched again";
        case LostReason::stalled: return "the other side stopped taking messages";
        case LostReason::replaced: return "a newer connection took over";
    }
    return "";
}

std::string_view describe(DeviceKind kind) {
    switch (kind) {
        case DeviceKind::tpm: return "a TPM 2.0";
        case DeviceKind::pkcs11: return "a PKCS#11 token";
        case DeviceKind::cng: return "a Windows platform provider";
    }
    return "";
}

std::string_view describe(SecurityEventKind kind) {
    switch (kind) {
        case SecurityEventKind::hello_refused: return "hello refused";
        case SecurityEventKind::hello_replayed: return "replayed hello refused";
        case SecurityEventKind::handshake_refused: return "handshake failed";
        case SecurityEventKind::spent_invite: return "spent invite tried";
        case SecurityEventKind::record_refused: return "damaged record refused";
        case SecurityEventKind::connection_reset: return "connection reset";
        case SecurityEventKind::resume_frame_refused: return "resumption refused";
        case SecurityEventKind::cell_refused: return "cell refused";
        case SecurityEventKind::replay: return "replayed cell refused";
        case SecurityEventKind::gap: return "gap in the cells";
        case SecurityEventKind::malformed_content: return "malformed content";
        case SecurityEventKind::acknowledged_too_much: return "acknowledgement of what was never sent";
        case SecurityEventKind::frame_refused: return "frame refused";
        case SecurityEventKind::flood: return "flood";
        case SecurityEventKind::endorsement_refused: return "hardware endorsement refused";
        case SecurityEventKind::contact_changed: return "contact's identity changed";
        case SecurityEventKind::clock_jump: return "clock jump";
        case SecurityEventKind::suspended: return "machine slept";
        case SecurityEventKind::entropy_alarm: return "randomness alarm";
        case SecurityEventKind::hardware_entropy_alarm: return "hardware randomness alarm";
        case SecurityEventKind::tracer_attached: return "tracer attached";
        case SecurityEventKind::tracer_allowed: return "tracer attached (allowed)";
        case SecurityEventKind::canary_broken: return "memory canary broken";
    }
    return "";
}

std::string_view name_of(SecurityEventKind kind) {
    switch (kind) {
        case SecurityEventKind::hello_refused: return "hello_refused";
        case SecurityEventKind::hello_replayed: return "hello_replayed";
        case SecurityEventKind::handshake_refused: return "handshake_refused";
        case SecurityEventKind::spent_invite: return "spent_invite";
        case SecurityEventKind::record_refused: return "record_refused";
        case SecurityEventKind::connection_reset: return "connection_reset";
        case SecurityEventKind::resume_frame_refused: return "resume_frame_refused";
        case SecurityEventKind::cell_refused: return "cell_refused";
        case SecurityEventKind::replay: return "replay";
        case SecurityEventKind::gap: return "gap";
        case SecurityEventKind::malformed_content: return "malformed_content";
        case SecurityEventKind::acknowledged_too_much: return "acknowledged_too_much";
        case SecurityEventKind::frame_refused: return "frame_refused";
        case SecurityEventKind::flood: return "flood";
        case SecurityEventKind::endorsement_refused: return "endorsement_refused";
        case SecurityEventKind::contact_changed: return "contact_changed";
        case SecurityEventKind::clock_jump: return "clock_jump";
        case SecurityEventKind::suspended: return "suspended";
        case SecurityEventKind::entropy_alarm: return "entropy_alarm";
        case SecurityEventKind::hardware_entropy_alarm: return "hardware_entropy_alarm";
        case SecurityEventKind::tracer_attached: return "tracer_attached";
        case SecurityEventKind::tracer_allowed: return "tracer_allowed";
        case SecurityEventKind::canary_broken: return "canary_broken";
    }
    return "";
}

std::string_view describe(EndReason reason) {
    switch (reason) {
        case EndReason::we_closed: return "you left";
        case EndReason::peer_closed: return "the other side left";
        case EndReason::unreachable: return "no address of the other side could be reached";
        case EndReason::resume_time_over: return "the connection could not be resumed in time";
        case EndReason::invite_spent:
            return "this invite was already used; if not by you, someone else may have read it";
        case EndReason::invite_expired: return "this invite has expired; ask for a new one";
        case EndReason::host_busy: return "the other side is busy with someone else";
        case EndReason::handshake_failed: return "the handshake failed";
        case EndReason::randomness_failed: return "the system's randomness failed its health test";
        case EndReason::identity_keys_lost: return "the key process stopped answering";
        case EndReason::security_alarm: return "SECURITY ALARM";
    }
    return "";
}

}  // namespace chat
