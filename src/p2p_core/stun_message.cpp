#include "p2p_core/stun_message.hpp"

#include <algorithm>
#include <array>

#include "base/guarded_memory.hpp"
#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "p2p_core/stun_digests.hpp"

namespace chat {

namespace attribute = stun::attribute;

namespace {

constexpr std::size_t attribute_header = 4;
constexpr std::size_t fingerprint_size = attribute_header + 4;
constexpr std::size_t integrity_size = 20;
constexpr u32 fingerprint_mask = 0x5354554EU;  // "STUN"
constexpr u8 family_v4 = 1;
constexpr u8 family_v6 = 2;

// Comprehension-required attributes that RFC 8489 defines; in a response to a binding request without
// credentials most mean nothing, but none is a reason to refuse it.
constexpr std::array<u16, 10> known_required{attribute::mapped_address,
                                             attribute::username,
                                             attribute::message_integrity,
                                             attribute::error_code,
                                             attribute::unknown_attributes,
                                             attribute::realm,
                                             attribute::nonce,
                                             attribute::message_integrity_sha256,
                                             attribute::userhash,
                                             attribute::xor_mapped_address};

constexpr std::size_t padded(std::size_t size) { return (size + 3) & ~std::size_t{3}; }

/// RFC 8489 5: the two class bits stand at bits 4 and 8 of the type, the method's around them.
constexpr u16 message_type(StunClass message_class, u16 method) {
    const unsigned c = static_cast<unsigned>(message_class);
    const unsigned m = method;
    return static_cast<u16>((m & 0x00FU) | ((c & 1U) << 4U) | ((m & 0x070U) << 1U) | ((c & 2U) << 7U) |
                            ((m & 0xF80U) << 2U));
}

constexpr u16 method_of(unsigned type) {
    return static_cast<u16>((type & 0x00FU) | ((type & 0x0E0U) >> 1U) | ((type & 0x3E00U) >> 2U));
}

constexpr StunClass class_of(unsigned type) {
    return static_cast<StunClass>(((type >> 4U) & 1U) | ((type >> 7U) & 2U));
}

static_assert(message_type(StunClass::success, stun::binding) == 0x0101);
static_assert(method_of(0x3EEF) == 0xFFF && class_of(0x0110) == StunClass::error);

enum class Masking : u8 { plain, xored };

/// RFC 8489 14.1 and 14.2. The mask is cookie and transaction id as they stand in the message.
Result<SocketAddress, StunError> read_address(ByteView value, ByteView mask, Masking masking) {
    WireReader in{value};
    static_cast<void>(in.read_u8());  // "MUST be ignored"
    const u8 family = in.read_u8();
    unsigned port = in.read_u16();
    std::array<u8, 16> bytes{};
    const std::size_t size = family == family_v4 ? 4 : bytes.size();
    in.read_into(MutableByteView{bytes}.first(size));
    if (!in.ok_at_end() || (family != family_v4 && family != family_v6))
        return fail(StunError::bad_attribute);
    if (masking == Masking::xored) {
        port ^= stun::magic_cookie >> 16U;
        std::transform(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(size), mask.begin(),
                       bytes.begin(), [](u8 a, u8 b) { return static_cast<u8>(a ^ b); });
    }
    const IpAddress ip =
        family == family_v4 ? IpAddress::v4({bytes[0], bytes[1], bytes[2], bytes[3]}) : IpAddress::v6(bytes);
    if (port == 0) return fail(StunError::bad_attribute);
    return SocketAddress{ip, static_cast<u16>(port)};
}

/// The message's bytes up to an attribute, with the header's length as if the message ended `end` bytes after
/// its header.
Bytes shortened(ByteView whole, std::size_t upto, std::size_t end) {
    Bytes out(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(upto));
    WireWriter{MutableByteView{out}.subspan(2, 2)}.write_u16(static_cast<u16>(end));
    return out;
}

}  // namespace

std::string_view describe(StunError error) {
    switch (error) {
        case StunError::too_short: return "the answer is too short";
        case StunError::too_long: return "the answer is too long";
        case StunError::not_stun: return "the answer isn't STUN";
        case StunError::bad_attribute: return "the answer has a malformed part";
        case StunError::too_many_attributes: return "the answer has too many parts";
        case StunError::bad_fingerprint: return "the answer's checksum is wrong";
        case StunError::bad_integrity: return "the answer's authentication is wrong";
        case StunError::unexpected_kind: return "the answer isn't to a binding request";
        case StunError::wrong_transaction: return "the answer belongs to another question";
        case StunError::wrong_source: return "the answer came from another address than the one asked";
        case StunError::unknown_attribute: return "the answer has a part that must be understood and isn't";
        case StunError::no_address: return "the answer has no address";
        case StunError::error_response: return "the server refused";
        case StunError::no_answer: return "no answer";
        case StunError::connection_closed: return "the server closed the connection without an answer";
        case StunError::deadline: return "no answer in time";
    }
    return "unknown error";
}

Result<std::size_t, StunError> stun::message_size(std::span<const u8, header_size> header) {
    WireReader in{header};
    const u16 type = in.read_u16();
    const u16 length = in.read_u16();
    if ((type & 0xC000U) != 0 || in.read_u32() != magic_cookie || length % 4 != 0)
        return fail(StunError::not_stun);
    if (header_size + length > max_message) return fail(StunError::too_long);
    return header_size + length;
}

Result<StunMessage, StunError> StunMessage::decode(ByteView message) {
    if (message.size() < stun::header_size) return fail(StunError::too_short);
    if (message.size() > stun::max_message) return fail(StunError::too_long);
    const auto size = stun::message_size(message.first<stun::header_size>());
    if (!size) return fail(size.error());
    if (*size != message.size()) return fail(StunError::not_stun);

    StunMessage out;
    out.whole_ = message;
    WireReader in{message};
    const u16 type = in.read_u16();
    out.class_ = class_of(type);
    out.method_ = method_of(type);
    static_cast<void>(in.read(6));
    in.read_into(out.transaction_.bytes);
    if (const auto read = out.read_attributes(); !read) return fail(read.error());
    if (const auto checked = out.check_fingerprint(); !checked) return fail(checked.error());
    return out;
}

Result<void, StunError> StunMessage::read_attributes() {
    WireReader in{whole_.subspan(stun::header_size)};
    while (in.remaining() > 0) {
        const std::size_t offset = whole_.size() - in.remaining();
        const u16 type = in.read_u16();
        const u16 size = in.read_u16();
        const ByteView value = in.read(size);
        static_cast<void>(in.read(padded(size) - size));  // padding may hold anything (RFC 8489 14)
        if (!in.ok()) return fail(StunError::bad_attribute);
        if (attribute_count_ == attributes_.size()) return fail(StunError::too_many_attributes);
        attributes_[attribute_count_++] = {type, value, offset};
    }
    return {};
}

Result<void, StunError> StunMessage::check_fingerprint() {
    const auto end = attributes_.begin() + static_cast<std::ptrdiff_t>(attribute_count_);
    const auto found = std::find_if(attributes_.begin(), end,
                                    [](const Attribute& a) { return a.type == attribute::fingerprint; });
    if (found == end) return {};
    if (found + 1 != end || found->value.size() != fingerprint_size - attribute_header) {
        return fail(StunError::bad_fingerprint);
    }
    if (WireReader{found->value}.read_u32() !=
        (stun::crc32(whole_.first(found->offset)) ^ fingerprint_mask)) {
        return fail(StunError::bad_fingerprint);
    }
    has_fingerprint_ = true;
    return {};
}

std::optional<ByteView> StunMessage::find(u16 type) const {
    for (const Attribute& attribute : std::span{attributes_}.first(attribute_count_)) {
        if (attribute.type == type) return attribute.value;
        const bool integrity = attribute.type == attribute::message_integrity ||
                               attribute.type == attribute::message_integrity_sha256;
        if (integrity && type != attribute::message_integrity && type != attribute::message_integrity_sha256)
            break;
    }
    return std::nullopt;
}

Result<SocketAddress, StunError> StunMessage::mapped_address() const {
    const ByteView mask = whole_.subspan(4, 16);
    if (const auto value = find(attribute::xor_mapped_address))
        return read_address(*value, mask, Masking::xored);
    if (const auto value = find(attribute::mapped_address)) return read_address(*value, mask, Masking::plain);
    return fail(StunError::no_address);
}

std::optional<u16> StunMessage::error_code() const {
    const auto value = find(attribute::error_code);
    if (!value || value->size() < 4) return std::nullopt;
    const unsigned hundreds = (*value)[2] & 7U;
    const unsigned number = (*value)[3];
    if (hundreds < 3 || hundreds > 6 || number > 99) return std::nullopt;
    return static_cast<u16>(hundreds * 100 + number);
}

bool StunMessage::has_unknown_required() const {
    const auto end = attributes_.begin() + static_cast<std::ptrdiff_t>(attribute_count_);
    return std::any_of(attributes_.begin(), end, [](const Attribute& attribute) {
        return attribute.type < attribute::first_optional &&
               std::find(known_required.begin(), known_required.end(), attribute.type) ==
                   known_required.end();
    });
}

Result<void, StunError> StunMessage::verify_integrity(ByteView key) const {
    const auto end = attributes_.begin() + static_cast<std::ptrdiff_t>(attribute_count_);
    const auto found = std::find_if(
        attributes_.begin(), end, [](const Attribute& a) { return a.type == attribute::message_integrity; });
    if (found == end || found->value.size() != integrity_size) return fail(StunError::bad_integrity);
    const std::size_t length = found->offset + attribute_header + integrity_size - stun::header_size;
    const auto expected = stun::hmac_sha1(key, {shortened(whole_, found->offset, length)});
    if (!guarded_memory::equal_constant_time(expected, found->value)) return fail(StunError::bad_integrity);
    return {};
}

Bytes encode_binding_request(const StunTransactionId& transaction) {
    Bytes out(stun::header_size + fingerprint_size);
    WireWriter writer{out};
    writer.write_u16(message_type(StunClass::request, stun::binding)).write_u16(fingerprint_size);
    writer.write_u32(stun::magic_cookie).write(transaction.bytes);
    const u32 checksum = stun::crc32(ByteView{out}.first(stun::header_size)) ^ fingerprint_mask;
    writer.write_u16(attribute::fingerprint).write_u16(4).write_u32(checksum);
    return out;
}

}  // namespace chat
