#include "ca_services/hello_gate.hpp"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/wire_reader.hpp"

namespace chat {
namespace {

bool is_zero(const PresharedSecret& secret) {
    static constexpr std::array<u8, PresharedSecret::size> zeros{};
    return guarded_memory::equal_constant_time(secret.expose(), zeros);
}

}  // namespace

std::string_view describe(GateError error) {
    switch (error) {
        case GateError::too_many_secrets: return "64 invites and sessions are waiting already";
        case GateError::open_with_invites:
            return "a listener takes guests with an invite or anybody, never both";
        case GateError::zero_secret: return "the secret of an invite can't be all zeros";
    }
    return "unknown";
}

HelloGate::Entry::Entry(SecretKind for_what, Role role, const PresharedSecret& psk)
    : kind{for_what},
      own_role{role},
      secret{psk.clone()},
      peer_key{bootstrap::derive_hello_key(psk, other(role))},
      own_key{bootstrap::derive_hello_key(psk, role)},
      memory{for_what == SecretKind::resume ? WhenFull::forget_oldest : WhenFull::refuse} {}

Result<SecretId, GateError> HelloGate::add_invite(const PresharedSecret& secret) {
    if (is_zero(secret)) return fail(GateError::zero_secret);
    if (has_kind(SecretKind::open)) return fail(GateError::open_with_invites);
    return add(Entry{SecretKind::invite, Role::b, secret});
}

Result<SecretId, GateError> HelloGate::add_resume(const PresharedSecret& secret, Role own_role) {
    if (is_zero(secret)) return fail(GateError::zero_secret);
    return add(Entry{SecretKind::resume, own_role, secret});
}

Result<SecretId, GateError> HelloGate::add_open() {
    if (has_kind(SecretKind::invite)) return fail(GateError::open_with_invites);
    return add(Entry{SecretKind::open, Role::b, PresharedSecret{}});
}

Result<SecretId, GateError> HelloGate::add(Entry entry) {
    if (live_secrets() == max_live) return fail(GateError::too_many_secrets);
    entry.id = SecretId{next_id_};
    entries_.push_back(std::move(entry));
    return SecretId{next_id_++};
}

bool HelloGate::has_kind(SecretKind kind) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [kind](const Entry& entry) { return entry.kind == kind; });
}

std::size_t HelloGate::live_secrets() const { return count(SecretStanding::live); }

std::size_t HelloGate::retired_secrets() const { return entries_.size() - live_secrets(); }

std::size_t HelloGate::count(SecretStanding standing) const {
    return static_cast<std::size_t>(
        std::count_if(entries_.begin(), entries_.end(),
                      [standing](const Entry& entry) { return entry.standing == standing; }));
}

void HelloGate::retire(SecretId id, SecretStanding why, Time now) {
    assert(why != SecretStanding::live);
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [id](const Entry& entry) { return entry.id == id; });
    if (found == entries_.end() || found->standing != SecretStanding::live) return;
    assert(found->kind == SecretKind::invite);
    // Retired entries stand in the order of their retirement, so the first of them is the oldest.
    std::rotate(found, found + 1, entries_.end());
    entries_.back().standing = why;
    entries_.back().retired_at = now;
    if (retired_secrets() <= max_retired) return;
    entries_.erase(std::find_if(entries_.begin(), entries_.end(),
                                [](const Entry& entry) { return entry.standing != SecretStanding::live; }));
}

void HelloGate::remove(SecretId id) {
    std::erase_if(entries_, [id](const Entry& entry) { return entry.id == id; });
}

void HelloGate::drop_old(Time now) {
    std::erase_if(entries_, [now](const Entry& entry) {
        return entry.standing != SecretStanding::live && now - entry.retired_at >= keep_retired;
    });
}

bool HelloGate::is_closed(SecretId id) const {
    return std::any_of(entries_.begin(), entries_.end(),
                       [id](const Entry& entry) { return entry.id == id && entry.memory.is_closed(); });
}

Result<OpenedHello, BootstrapError> HelloGate::try_hello(ByteView hello) {
    if (hello.size() != bootstrap_hello_size) return fail(BootstrapError::wrong_length);
    std::array<u8, bootstrap::hello_plaintext_size> plaintext{};
    for (Entry& entry : entries_) {
        if (bootstrap::open_frame(entry.peer_key.expose(), hello, plaintext)) {
            return admit(entry, hello, plaintext);
        }
    }
    return fail(is_reflection(hello) ? BootstrapError::reflected : BootstrapError::unreadable);
}

bool HelloGate::is_reflection(ByteView hello) const {
    std::array<u8, bootstrap::hello_plaintext_size> plaintext{};
    return std::any_of(entries_.begin(), entries_.end(), [&](const Entry& entry) {
        // Only a resume secret is dialled under as well as listened under.
        return entry.kind == SecretKind::resume &&
               bootstrap::open_frame(entry.own_key.expose(), hello, plaintext).has_value();
    });
}

Result<OpenedHello, BootstrapError> HelloGate::admit(Entry& entry, ByteView hello, ByteView plaintext) {
    WireReader in{plaintext};
    if (in.read_u8() != bootstrap::version) return fail(BootstrapError::unsupported_version);
    const Sha512Digest hash = bootstrap::hash_hello(hello);
    if (entry.memory.knows(hash)) return fail(BootstrapError::replayed_hello);
    if (entry.memory.is_closed()) return fail(BootstrapError::secret_closed);

    OpenedHello out;
    out.secret_id_ = entry.id;
    out.kind_ = entry.kind;
    out.standing_ = entry.standing;
    out.own_role_ = entry.own_role;
    out.psk_ = entry.secret.clone();
    out.peer_dh_ = in.read_bytes<X25519PublicKey>();
    out.peer_kem_ = in.read_bytes<MlKem1024EncapsulationKey>();
    out.hello_.assign(hello.begin(), hello.end());
    // There is nothing to hide under the zero secret: whoever knows the protocol can make a hello.
    if (entry.kind != SecretKind::open) entry.memory.remember(hash);
    return out;
}

}  // namespace chat
