#include "p2p_core/invite.hpp"

#include <algorithm>
#include <array>
#include <cassert>
#include <limits>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "crypto/base32.hpp"
#include "crypto/hash.hpp"
#include "crypto/info.hpp"
#include "p2p_core/invite_text.hpp"

namespace chat {
namespace {

constexpr u8 version = 1;
constexpr u8 flag_reusable = 1;
constexpr std::size_t checksum_size = 4;
constexpr std::size_t head_size = 1 + 1 + 4 + 1;  // version, flags, expiry, endpoint count
constexpr std::size_t tail_size = Fingerprint::size + PresharedSecret::size;
constexpr std::size_t longest_endpoint = 1 + 1 + Endpoint::max_name + 2;
constexpr std::size_t shortest_invite = head_size + tail_size + checksum_size;
constexpr std::size_t longest_invite = shortest_invite + Invite::max_endpoints * longest_endpoint;
constexpr std::size_t shortest_body = base32_encoded_size(shortest_invite);
constexpr std::size_t longest_body = base32_encoded_size(longest_invite);
static_assert(invite_prefix.size() + longest_body < max_invite_text);

using Checksum = std::array<u8, checksum_size>;

/// First bytes of SHA-256 over the canonical encoding (label, all bytes before the checksum).
Checksum checksum_of(ByteView fields) {
    const auto prefix = [](std::size_t size) {
        std::array<u8, 4> out{};
        WireWriter{out}.write_u32(static_cast<u32>(size));
        return out;
    };
    const ByteView label = bytes_of(info::invite_checksum);
    const Sha256Digest digest = sha256({prefix(label.size()), label, prefix(fields.size()), fields});
    Checksum out{};
    std::copy_n(digest.bytes.begin(), checksum_size, out.begin());
    return out;
}

bool is_zero(const PresharedSecret& secret) {
    static constexpr std::array<u8, PresharedSecret::size> zeros{};
    return guarded_memory::equal_constant_time(secret.expose(), zeros);
}

Result<void, InviteError> check(const Invite& invite) {
    if (invite.endpoints.size() > Invite::max_endpoints) return fail(InviteError::too_many_endpoints);
    if (!std::all_of(invite.endpoints.begin(), invite.endpoints.end(), is_valid)) {
        return fail(InviteError::bad_endpoint);
    }
    if (is_zero(invite.secret)) return fail(InviteError::zero_secret);
    return {};
}

/// The bytes in front of the checksum, whose checksum was found right.
Result<Invite, InviteError> read_fields(ByteView fields) {
    WireReader in{fields};
    if (in.read_u8() != version) return fail(InviteError::foreign_version);
    Invite out;
    const u8 flags = in.read_u8();
    if ((flags & ~flag_reusable) != 0) return fail(InviteError::unknown_flags);
    out.use = flags == flag_reusable ? InviteUse::reusable : InviteUse::single;
    out.expiry = in.read_u32();
    const u8 count = in.read_u8();
    if (count > Invite::max_endpoints) return fail(InviteError::too_many_endpoints);
    for (u8 i = 0; i < count; ++i) {
        Endpoint endpoint = read_endpoint(in);
        if (!in.ok()) return fail(InviteError::wrong_length);
        if (!is_valid(endpoint)) return fail(InviteError::bad_endpoint);
        out.endpoints.push_back(std::move(endpoint));
    }
    out.host = in.read_bytes<Fingerprint>();
    in.read_into(out.secret.expose_mutable());
    if (!in.ok_at_end()) return fail(InviteError::wrong_length);
    if (is_zero(out.secret)) return fail(InviteError::zero_secret);
    return out;
}

bool is_base32_character(u8 c) { return (c >= 'A' && c <= 'Z') || (c >= '2' && c <= '7'); }

/// What the text looks like before any of it is decoded.
Result<void, InviteError> check_shape(const InviteText& text) {
    const ByteView body = text.body.expose();
    if (text.prefix == InvitePrefix::foreign) return fail(InviteError::foreign_version);
    if (text.prefix == InvitePrefix::ours) {
        if (body.size() > longest_body) return fail(InviteError::too_long);
        if (body.size() < shortest_body) return fail(InviteError::mistyped);
        return {};
    }
    const bool looks_right = body.size() >= shortest_body && body.size() <= longest_body &&
                             std::all_of(body.begin(), body.end(), is_base32_character);
    if (!looks_right) return fail(InviteError::not_an_invite);
    return {};
}

std::string_view as_text(ByteView bytes) {
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};  // NOLINT: u8 and char alias
}

}  // namespace

std::string_view describe(InviteError error) {
    switch (error) {
        case InviteError::not_an_invite: return "this is not an invite: one begins with P2P1:";
        case InviteError::too_long: return "this is longer than any invite; paste the invite alone";
        case InviteError::mistyped:
            return "the invite is mistyped or incomplete: a character was changed or left out; copy it again";
        case InviteError::foreign_version:
            return "the invite is from another version of this program; both sides need the same one";
        case InviteError::unknown_flags:
            return "the invite asks for something this version does not know; both sides need the same one";
        case InviteError::too_many_endpoints: return "an invite names at most 16 addresses";
        case InviteError::bad_endpoint: return "the invite names an address that can't be one";
        case InviteError::wrong_length: return "the invite's parts do not fit its length";
        case InviteError::zero_secret: return "the invite has no secret";
    }
    return "unknown";
}

Result<SecretBuffer, InviteError> encode(const Invite& invite) {
    if (auto checked = check(invite); !checked) return fail(checked.error());
    Bytes endpoints;
    for (const Endpoint& endpoint : invite.endpoints) append_encoded(endpoints, endpoint);

    SecretBuffer bytes{shortest_invite + endpoints.size()};
    WireWriter out{bytes.expose_mutable()};
    out.write_u8(version)
        .write_u8(invite.use == InviteUse::reusable ? flag_reusable : 0)
        .write_u32(invite.expiry)
        .write_u8(static_cast<u8>(invite.endpoints.size()))
        .write(endpoints)
        .write(invite.host.view())
        .write(invite.secret.expose());
    const ByteView fields = bytes.expose().first(bytes.size() - checksum_size);
    out.write(checksum_of(fields));

    SecretBuffer text{invite_prefix.size() + base32_encoded_size(bytes.size())};
    WireWriter line{text.expose_mutable()};
    line.write(bytes_of(invite_prefix));
    const MutableByteView body = line.take(line.remaining());
    base32_encode(bytes.expose(), {reinterpret_cast<char*>(body.data()), body.size()});  // NOLINT: they alias
    return text;
}

Result<Invite, InviteError> decode_invite(ByteView text) {
    if (text.size() > max_invite_text) return fail(InviteError::too_long);
    const InviteText found = find_invite(text);
    if (auto shaped = check_shape(found); !shaped) return fail(shaped.error());

    const ByteView body = found.body.expose();
    SecretBuffer bytes{base32_decoded_size(body.size())};
    if (!base32_decode(as_text(body), bytes.expose_mutable())) return fail(InviteError::mistyped);
    const ByteView fields = bytes.expose().first(bytes.size() - checksum_size);
    const ByteView checksum = bytes.expose().last(checksum_size);
    const Checksum expected = checksum_of(fields);
    if (!std::equal(checksum.begin(), checksum.end(), expected.begin())) return fail(InviteError::mistyped);
    return read_fields(fields);
}

bool is_expired(const Invite& invite, WallTime now) {
    return now >= WallTime{std::chrono::minutes{invite.expiry}};
}

bool is_own(const Invite& invite, std::span<const Fingerprint> own) {
    return std::find(own.begin(), own.end(), invite.host) != own.end();
}

u32 expiry_after(WallTime now, std::chrono::seconds lifetime) {
    const auto end = std::chrono::ceil<std::chrono::minutes>((now + lifetime).time_since_epoch());
    assert(end.count() >= 0 && end.count() <= std::numeric_limits<u32>::max());
    return static_cast<u32>(end.count());
}

}  // namespace chat
