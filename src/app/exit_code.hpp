#pragma once
/// What the program's exit status says (docs/usage.md, "Exit codes").

namespace chat {

enum class ExitCode : int {
    ok = 0,
    internal = 1,
    usage = 2,              ///< options, configuration file
    bad_invite = 3,         ///< mistyped, foreign version, one's own, ...
    unreachable = 4,        ///< no address of the peer answered
    refused = 5,            ///< spent, expired, busy, or a handshake that failed
    undelivered = 6,        ///< lines that the peer never confirmed, or that could not be sent
    session_lost = 7,       ///< the connection could not be resumed in time
    cannot_listen = 8,      ///< port in use, address not here
    output_closed = 9,      ///< whoever read our standard output is gone
    traced = 10,            ///< a debugger or tracer was attached before the program began
    keys_lost = 11,         ///< the process that held the identity's keys ended
    identity_refused = 12,  ///< a wrong passphrase or PIN for a kept identity, or none
    identity_unusable =
        13,  ///< a kept identity that is not there, in use, damaged, open to others; keyring or device fail
    no_hardware = 14,      ///< --require-hardware, and no device gives random numbers
    security_alarm = 15,   ///< the security monitor ended the session
    contact_changed = 16,  ///< whoever came is not the contact, or its identity is another without proof
    hung_up = 129,
    interrupted = 130,
    terminated = 143,
};

}  // namespace chat
