#pragma once
/// What the device process is asked and what it answers (docs/hardware.md, "Protocol of the device process"). Every message is one
/// ServiceFrame: its kind says which lengths it may have, before anything is read; every encoding is the only one of its message.
///
/// open_device comes first, and once. After it random and co_sign in any order, one answer to each.

#include <optional>
#include <string_view>
#include <variant>

#include "hybrid_kex/hardware_endorsement.hpp"
#include "platform_hsm_interface/hsm.hpp"
#include "secure_key_manager/isolation/service/service_channel.hpp"

namespace chat::device_protocol {

inline constexpr std::size_t max_pin = 1024;
inline constexpr std::size_t max_text = 64;  ///< device_text.hpp
inline constexpr std::size_t max_random = 4096;

// Requests. In brackets: the body.

/// Without a handle it only gives random numbers. [HsmKind u8 | place u16 length, text | PIN u16 length, bytes | handle u16 length, bytes]
struct OpenDevice {
    HsmLocation location;
    SecretBuffer pin;
    Bytes handle;
};
/// [1 to 4096, u16]
struct Random {
    u16 count = 0;
};
/// Whatever the device's key may sign, and nothing else. [as in hardware_endorsement.hpp]
struct CoSign {
    HardwareEndorsement endorsement;
};
using DeviceRequest = std::variant<OpenDevice, Random, CoSign>;

// Replies.

/// [seccomp u8 | Landlock ABI u8 | HsmKind u8 | manufacturer, model, label: each u8 length, text | P-384 key 97, if there was a handle]
struct Opened {
    bool seccomp = false;
    u8 landlock = 0;
    HsmInfo info;
    std::optional<EcdsaP384PublicKey> co_signing_key;
};
/// [as many bytes as were asked for]
struct RandomBytes {
    SecretBuffer bytes;
};
/// [r 48 | s 48]
struct CoSigned {
    EcdsaP384Signature signature;
};
/// The device could not do it. After open_device the process ends; otherwise it goes on. [HsmError u8]
struct Refused {
    HsmError error{};
};
using DeviceReply = std::variant<Opened, RandomBytes, CoSigned, Refused>;

/// For ServiceChannel::receive().
[[nodiscard]] std::optional<BodySizes> request_sizes(u8 kind);
[[nodiscard]] std::optional<BodySizes> reply_sizes(u8 kind);

enum class DeviceProtocolError : u8 {
    unknown_kind,
    wrong_length,     ///< of the body, or of a part inside it; or no byte to draw, or too many
    bad_device,       ///< no HsmKind
    bad_text,         ///< text with characters outside printable ASCII
    bad_endorsement,  ///< nothing that a device's key signs
    bad_key,          ///< the co-signing key is no point of P-384
    bad_code,         ///< an HsmError or flag that nobody knows
};
/// One line for the user.
[[nodiscard]] std::string_view describe(DeviceProtocolError error);

/// What is encoded must keep to the limits above.
[[nodiscard]] ServiceFrame encode(const DeviceRequest& request);
[[nodiscard]] ServiceFrame encode(const DeviceReply& reply);
/// unknown_kind, wrong_length, bad_device, bad_text, bad_endorsement.
[[nodiscard]] Result<DeviceRequest, DeviceProtocolError> decode_request(u8 kind, ByteView body);
/// unknown_kind, wrong_length, bad_device, bad_text, bad_key, bad_code.
[[nodiscard]] Result<DeviceReply, DeviceProtocolError> decode_reply(u8 kind, ByteView body);

}  // namespace chat::device_protocol
