#include "secure_key_manager/isolation/device/device_protocol.hpp"

#include <algorithm>
#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat::device_protocol {
namespace {

// The numbers on the wire are the places in the variants, counted from 1.
enum RequestKind : u8 { open_device = 1, random, co_sign };
enum ReplyKind : u8 { opened = 1, random_bytes, co_signed, refused };

constexpr std::size_t open_lengths = 1 + 3 * sizeof(u16);
constexpr std::size_t opened_lengths = 3 + 3;

bool is_printable(ByteView text) {
    return std::ranges::all_of(text, [](u8 c) { return c >= 0x20 && c <= 0x7e; });
}

std::string text_of(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

bool is_hsm_kind(u8 kind) {
    return kind >= static_cast<u8>(HsmKind::tpm) && kind <= static_cast<u8>(HsmKind::cng);
}

/// A frame of `size` bytes, filled by `fill`.
template <class Fill>
ServiceFrame frame(u8 kind, std::size_t size, const Fill& fill) {
    ServiceFrame out{kind, SecretBuffer{size}};
    WireWriter writer{out.body.expose_mutable()};
    fill(writer);
    assert(writer.remaining() == 0);
    return out;
}

struct EncodeRequest {
    ServiceFrame operator()(const OpenDevice& open) const {
        const std::string& place = open.location.place;
        assert(place.size() <= HsmLocation::max_place && open.pin.size() <= max_pin);
        assert(open.handle.size() <= Hsm::max_handle_size);
        const std::size_t size = open_lengths + place.size() + open.pin.size() + open.handle.size();
        return frame(open_device, size, [&](WireWriter& out) {
            out.write_u8(static_cast<u8>(open.location.kind));
            out.write_u16(static_cast<u16>(place.size())).write(bytes_of(place));
            out.write_u16(static_cast<u16>(open.pin.size())).write(open.pin.expose());
            out.write_u16(static_cast<u16>(open.handle.size())).write(open.handle);
        });
    }

    ServiceFrame operator()(const Random& request) const {
        return frame(random, sizeof(u16), [&](WireWriter& out) { out.write_u16(request.count); });
    }

    ServiceFrame operator()(const CoSign& request) const {
        return frame(co_sign, HardwareEndorsement::encoded_size,
                     [&](WireWriter& out) { out.write(chat::encode(request.endorsement)); });
    }
};

struct EncodeReply {
    ServiceFrame operator()(const Opened& reply) const {
        const HsmInfo& info = reply.info;
        const std::size_t key_size = reply.co_signing_key ? EcdsaP384PublicKey::size : 0;
        const std::size_t size =
            opened_lengths + info.manufacturer.size() + info.model.size() + info.label.size() + key_size;
        return frame(opened, size, [&](WireWriter& out) {
            out.write_u8(reply.seccomp ? 1 : 0).write_u8(reply.landlock).write_u8(static_cast<u8>(info.kind));
            for (const std::string* text : {&info.manufacturer, &info.model, &info.label}) {
                assert(text->size() <= max_text);
                out.write_u8(static_cast<u8>(text->size())).write(bytes_of(*text));
            }
            if (reply.co_signing_key) out.write(reply.co_signing_key->bytes);
        });
    }

    ServiceFrame operator()(const RandomBytes& reply) const {
        return frame(random_bytes, reply.bytes.size(),
                     [&](WireWriter& out) { out.write(reply.bytes.expose()); });
    }

    ServiceFrame operator()(const CoSigned& reply) const {
        return frame(co_signed, EcdsaP384Signature::size,
                     [&](WireWriter& out) { out.write(reply.signature.bytes); });
    }

    ServiceFrame operator()(const Refused& reply) const {
        return frame(refused, 1, [&](WireWriter& out) { out.write_u8(static_cast<u8>(reply.error)); });
    }
};

Result<DeviceRequest, DeviceProtocolError> decode_open(ByteView body) {
    WireReader in{body};
    const u8 kind = in.read_u8();
    const ByteView place = in.read(in.read_u16());
    const ByteView pin = in.read(in.read_u16());
    const ByteView handle = in.read(in.read_u16());
    if (!in.ok_at_end() || place.size() > HsmLocation::max_place || pin.size() > max_pin ||
        handle.size() > Hsm::max_handle_size) {
        return fail(DeviceProtocolError::wrong_length);
    }
    if (!is_hsm_kind(kind)) return fail(DeviceProtocolError::bad_device);
    if (!is_printable(place)) return fail(DeviceProtocolError::bad_text);
    return DeviceRequest{OpenDevice{{static_cast<HsmKind>(kind), text_of(place)},
                                    SecretBuffer::copy_of(pin),
                                    Bytes(handle.begin(), handle.end())}};
}

Result<DeviceReply, DeviceProtocolError> decode_opened(ByteView body) {
    WireReader in{body};
    const u8 seccomp = in.read_u8();
    Opened out;
    out.landlock = in.read_u8();
    const u8 kind = in.read_u8();
    for (std::string* text : {&out.info.manufacturer, &out.info.model, &out.info.label}) {
        const ByteView bytes = in.read(in.read_u8());
        if (bytes.size() > max_text) return fail(DeviceProtocolError::wrong_length);
        if (!is_printable(bytes)) return fail(DeviceProtocolError::bad_text);
        *text = text_of(bytes);
    }
    if (in.remaining() != 0) out.co_signing_key = in.read_bytes<EcdsaP384PublicKey>();
    if (!in.ok_at_end()) return fail(DeviceProtocolError::wrong_length);
    if (seccomp > 1) return fail(DeviceProtocolError::bad_code);
    if (!is_hsm_kind(kind)) return fail(DeviceProtocolError::bad_device);
    if (out.co_signing_key && !ecdsa_p384::check_public_key(*out.co_signing_key)) {
        return fail(DeviceProtocolError::bad_key);
    }
    out.seccomp = seccomp == 1;
    out.info.kind = static_cast<HsmKind>(kind);
    return DeviceReply{std::move(out)};
}

bool fits(const std::optional<BodySizes>& sizes, ByteView body) {
    return body.size() >= sizes->least && body.size() <= sizes->most;
}

}  // namespace

std::optional<BodySizes> request_sizes(u8 kind) {
    switch (kind) {
        case open_device:
            return BodySizes{open_lengths,
                             open_lengths + HsmLocation::max_place + max_pin + Hsm::max_handle_size};
        case random: return BodySizes{sizeof(u16), sizeof(u16)};
        case co_sign: return BodySizes{HardwareEndorsement::encoded_size, HardwareEndorsement::encoded_size};
        default: return std::nullopt;
    }
}

std::optional<BodySizes> reply_sizes(u8 kind) {
    switch (kind) {
        case opened:
            return BodySizes{opened_lengths, opened_lengths + 3 * max_text + EcdsaP384PublicKey::size};
        case random_bytes: return BodySizes{1, max_random};
        case co_signed: return BodySizes{EcdsaP384Signature::size, EcdsaP384Signature::size};
        case refused: return BodySizes{1, 1};
        default: return std::nullopt;
    }
}

std::string_view describe(DeviceProtocolError error) {
    switch (error) {
        case DeviceProtocolError::unknown_kind: return "a message of no known kind";
        case DeviceProtocolError::wrong_length: return "a message of a wrong length";
        case DeviceProtocolError::bad_device: return "a device of no known kind";
        case DeviceProtocolError::bad_text: return "text that is not printable";
        case DeviceProtocolError::bad_endorsement: return "something to sign that is no endorsement";
        case DeviceProtocolError::bad_key: return "a key that is no point of P-384";
        case DeviceProtocolError::bad_code: return "a code that has no meaning";
    }
    return "an unknown error of the protocol";
}

ServiceFrame encode(const DeviceRequest& request) { return std::visit(EncodeRequest{}, request); }

ServiceFrame encode(const DeviceReply& reply) { return std::visit(EncodeReply{}, reply); }

Result<DeviceRequest, DeviceProtocolError> decode_request(u8 kind, ByteView body) {
    const auto sizes = request_sizes(kind);
    if (!sizes) return fail(DeviceProtocolError::unknown_kind);
    if (!fits(sizes, body)) return fail(DeviceProtocolError::wrong_length);
    if (kind == open_device) return decode_open(body);
    if (kind == random) {
        const u16 count = WireReader{body}.read_u16();
        if (count == 0 || count > max_random) return fail(DeviceProtocolError::wrong_length);
        return DeviceRequest{Random{count}};
    }
    const auto endorsement = decode_endorsement(body);
    if (!endorsement) return fail(DeviceProtocolError::bad_endorsement);
    return DeviceRequest{CoSign{*endorsement}};
}

Result<DeviceReply, DeviceProtocolError> decode_reply(u8 kind, ByteView body) {
    const auto sizes = reply_sizes(kind);
    if (!sizes) return fail(DeviceProtocolError::unknown_kind);
    if (!fits(sizes, body)) return fail(DeviceProtocolError::wrong_length);
    if (kind == opened) return decode_opened(body);
    if (kind == random_bytes) return DeviceReply{RandomBytes{SecretBuffer::copy_of(body)}};
    if (kind == co_signed) return DeviceReply{CoSigned{WireReader{body}.read_bytes<EcdsaP384Signature>()}};
    if (body[0] > static_cast<u8>(HsmError::failed)) return fail(DeviceProtocolError::bad_code);
    return DeviceReply{Refused{static_cast<HsmError>(body[0])}};
}

}  // namespace chat::device_protocol
