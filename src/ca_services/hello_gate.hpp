#pragma once
/// Layer 1 on the listener's side (docs/protocol.md 3): which secrets are live, and whether a hello opens under one of them. Deciding
/// that takes symmetric cryptography only: this file reaches no public-key operation, so noise costs none.

#include <vector>

#include "base/result.hpp"
#include "base/roles.hpp"
#include "base/time.hpp"
#include "ca_services/bootstrap_error.hpp"
#include "ca_services/bootstrap_frames.hpp"
#include "ca_services/bootstrap_listener.hpp"
#include "ca_services/hello_memory.hpp"
#include "crypto/session_secret.hpp"

namespace chat {

enum class GateError : u8 {
    too_many_secrets,   ///< 64 are live
    open_with_invites,  ///< a listener is open or has invites, never both
    zero_secret,        ///< the zero secret is what add_open() is for
};
[[nodiscard]] std::string_view describe(GateError error);

class HelloGate {
  public:
    static constexpr std::size_t max_live = 64;
    /// Spent and expired secrets kept to tell their holders so; the oldest makes room.
    static constexpr std::size_t max_retired = 64;
    static constexpr Duration keep_retired = std::chrono::hours{24};

    /// The secret of an invite that this side made; the guest is A.
    [[nodiscard]] Result<SecretId, GateError> add_invite(const PresharedSecret& secret);
    /// The resume secret of a session in which this side has `own_role`.
    [[nodiscard]] Result<SecretId, GateError> add_resume(const PresharedSecret& secret, Role own_role);
    /// Takes guests without an invite (the zero secret). Hellos are not remembered under it.
    [[nodiscard]] Result<SecretId, GateError> add_open();

    /// An invite's secret is live no more; its holders are told why until a day has passed. Unknown ids are ignored.
    void retire(SecretId id, SecretStanding why, Time now);
    /// Wipes the secret; a hello under it is noise from now on.
    void remove(SecretId id);
    /// Wipes what was retired a day ago or earlier.
    void drop_old(Time now);

    /// `hello` is the whole frame. Errors that a stranger can cause: wrong_length, unreadable, replayed_hello, reflected. Errors of
    /// a holder of the secret: unsupported_version, secret_closed. Nothing but the memory of accepted hellos changes, and that on success only.
    [[nodiscard]] Result<OpenedHello, BootstrapError> try_hello(ByteView hello);

    /// Whether the secret's memory of hellos is full, so that it is closed. Never for a resume secret: there the oldest hello is
    /// forgotten, because a session must not be locked out and attempts are counted inside (docs/protocol.md 10).
    [[nodiscard]] bool is_closed(SecretId id) const;
    [[nodiscard]] std::size_t live_secrets() const;
    [[nodiscard]] std::size_t retired_secrets() const;

  private:
    struct Entry {
        Entry(SecretKind for_what, Role role, const PresharedSecret& psk);

        SecretId id;
        SecretKind kind;
        SecretStanding standing = SecretStanding::live;
        Time retired_at{};
        Role own_role;
        PresharedSecret secret;
        bootstrap::HelloKey peer_key;  ///< opens the peer's hellos
        bootstrap::HelloKey own_key;   ///< would open one's own: names a reflection
        HelloMemory memory;
    };

    Result<SecretId, GateError> add(Entry entry);
    [[nodiscard]] bool has_kind(SecretKind kind) const;
    [[nodiscard]] std::size_t count(SecretStanding standing) const;
    [[nodiscard]] bool is_reflection(ByteView hello) const;
    static Result<OpenedHello, BootstrapError> admit(Entry& entry, ByteView hello, ByteView plaintext);

    std::vector<Entry> entries_;
    u64 next_id_ = 1;
};

}  // namespace chat
