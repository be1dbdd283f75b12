#pragma once
/// STUN messages on the wire (RFC 8489): exact, bounded, nothing allocated from a length that wasn't checked.

#include <array>
#include <optional>
#include <string_view>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "p2p_core/net_address.hpp"

namespace chat {

enum class StunError : u8 {
    too_short,            ///< fewer bytes than a header
    too_long,             ///< more than stun::max_message
    not_stun,             ///< top bits, magic cookie or length are not a STUN message's
    bad_attribute,        ///< an attribute overruns the message or has a wrong size
    too_many_attributes,  ///< more than stun::max_attributes
    bad_fingerprint,
    bad_integrity,
    unexpected_kind,    ///< not a response to a binding request
    wrong_transaction,  ///< the answer to somebody else's question
    wrong_source,       ///< from another address than the one asked
    unknown_attribute,  ///< a comprehension-required attribute that RFC 8489 has us refuse
    no_address,         ///< a success response without a usable address
    error_response,     ///< the server answered with an error code
    no_answer,          ///< all retransmissions went unanswered
    connection_closed,  ///< a TCP server closed before it answered
    deadline,           ///< the survey's own deadline came first
};
[[nodiscard]] std::string_view describe(StunError error);

namespace stun {

constexpr std::size_t header_size = 20;
/// RFC 8489 6.1: below the path MTU; generous for answers with software names and alternate servers.
constexpr std::size_t max_message = 1500;
constexpr std::size_t max_attributes = 32;
constexpr u32 magic_cookie = 0x2112A442;
constexpr u16 default_port = 3478;

}  // namespace stun

using StunTransactionId = PublicBytes<struct StunTransactionIdTag, 12>;

enum class StunClass : u8 { request = 0, indication = 1, success = 2, error = 3 };

namespace stun {

constexpr u16 binding = 0x001;

namespace attribute {

constexpr u16 mapped_address = 0x0001;
constexpr u16 username = 0x0006;
constexpr u16 message_integrity = 0x0008;
constexpr u16 error_code = 0x0009;
constexpr u16 unknown_attributes = 0x000A;
constexpr u16 realm = 0x0014;
constexpr u16 nonce = 0x0015;
constexpr u16 message_integrity_sha256 = 0x001C;
constexpr u16 password_algorithm = 0x001D;
constexpr u16 userhash = 0x001E;
constexpr u16 xor_mapped_address = 0x0020;
constexpr u16 first_optional = 0x8000;  ///< from here on a receiver may ignore what it doesn't know
constexpr u16 fingerprint = 0x8028;

}  // namespace attribute

/// The size of the message that begins with `header` (RFC 8489 5): how a TCP stream is cut into messages.
[[nodiscard]] Result<std::size_t, StunError> message_size(std::span<const u8, header_size> header);

}  // namespace stun

/// A decoded message; borrows the bytes it was decoded from.
class StunMessage {
  public:
    struct Attribute {
        u16 type = 0;
        ByteView value;
        std::size_t offset = 0;  ///< of the attribute's header within the message
    };

    /// Takes exactly one message. A FINGERPRINT, if there is one, has to be last and has to match.
    static Result<StunMessage, StunError> decode(ByteView message);

    [[nodiscard]] StunClass message_class() const { return class_; }
    [[nodiscard]] u16 method() const { return method_; }
    [[nodiscard]] const StunTransactionId& transaction() const { return transaction_; }
    [[nodiscard]] bool has_fingerprint() const { return has_fingerprint_; }
    /// The first attribute of that type that counts: what follows a MESSAGE-INTEGRITY doesn't (RFC 8489
    /// 14.5).
    [[nodiscard]] std::optional<ByteView> find(u16 type) const;
    /// XOR-MAPPED-ADDRESS (RFC 8489 14.2), or MAPPED-ADDRESS from a server that knows only that.
    [[nodiscard]] Result<SocketAddress, StunError> mapped_address() const;
    /// 300 to 699 (RFC 8489 14.8).
    [[nodiscard]] std::optional<u16> error_code() const;
    /// A comprehension-required attribute that is none of RFC 8489's is present.
    [[nodiscard]] bool has_unknown_required() const;
    /// MESSAGE-INTEGRITY (RFC 8489 14.5): HMAC-SHA1 under `key`; bad_integrity when absent or wrong. SHA-1 is
    /// what the RFC fixes; nothing of this program's security rests on it.
    [[nodiscard]] Result<void, StunError> verify_integrity(ByteView key) const;

  private:
    [[nodiscard]] Result<void, StunError> read_attributes();
    [[nodiscard]] Result<void, StunError> check_fingerprint();

    ByteView whole_;
    StunClass class_ = StunClass::request;
    u16 method_ = 0;
    StunTransactionId transaction_;
    bool has_fingerprint_ = false;
    std::array<Attribute, stun::max_attributes> attributes_{};
    std::size_t attribute_count_ = 0;
};

/// A binding request with FINGERPRINT and nothing that tells this program from another.
[[nodiscard]] Bytes encode_binding_request(const StunTransactionId& transaction);

}  // namespace chat
