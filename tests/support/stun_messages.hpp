#pragma once
/// STUN messages for tests, right and wrong ones.

#include "base/wire_writer.hpp"
#include "p2p_core/host_port.hpp"
#include "p2p_core/stun_digests.hpp"
#include "p2p_core/stun_message.hpp"

namespace chat::test {

class StunBuilder {
  public:
    explicit StunBuilder(StunClass message_class, const StunTransactionId& transaction = {},
                         u16 method = stun::binding)
        : message_(stun::header_size) {
        constexpr std::array<u16, 4> classes{0x0000, 0x0010, 0x0100, 0x0110};
        WireWriter writer{message_};
        writer.write_u16(static_cast<u16>(method | classes.at(static_cast<std::size_t>(message_class))));
        writer.write_u16(0).write_u32(stun::magic_cookie).write(transaction.bytes);
    }

    StunBuilder& attribute(u16 type, const Bytes& value) {
        std::array<u8, 4> header{};
        WireWriter{header}.write_u16(type).write_u16(static_cast<u16>(value.size()));
        append(message_, header);
        append(message_, value);
        message_.resize((message_.size() + 3) & ~std::size_t{3});
        write_length(message_.size());
        return *this;
    }
    StunBuilder& mapped(const std::string& text) {
        return attribute(stun::attribute::mapped_address, address_value(text));
    }
    StunBuilder& xor_mapped(const std::string& text) {
        Bytes value = address_value(text);
        for (std::size_t i = 0; i < 2; ++i) value[2 + i] ^= message_[4 + i];
        for (std::size_t i = 4; i < value.size(); ++i) value[i] ^= message_[i];
        return attribute(stun::attribute::xor_mapped_address, value);
    }
    StunBuilder& error(u16 code) {
        return attribute(stun::attribute::error_code,
                         {0, 0, static_cast<u8>(code / 100), static_cast<u8>(code % 100), 'n', 'o'});
    }
    StunBuilder& fingerprint() {
        write_length(message_.size() + 8);
        Bytes value(4);
        WireWriter{value}.write_u32(stun::crc32(message_) ^ 0x5354554EU);
        return attribute(stun::attribute::fingerprint, value);
    }
    [[nodiscard]] Bytes bytes() const { return message_; }

  private:
    void write_length(std::size_t size) {
        WireWriter{MutableByteView{message_}.subspan(2, 2)}.write_u16(
            static_cast<u16>(size - stun::header_size));
    }
    static Bytes address_value(const std::string& text) {
        const std::size_t colon = text.rfind(':');
        const HostPort parsed = *parse_host_port(text.substr(0, colon), PortRule::optional);
        const ByteView ip = parsed.ip->bytes();
        Bytes value(4);
        WireWriter{value}
            .write_u8(0)
            .write_u8(ip.size() == 4 ? 1 : 2)
            .write_u16(static_cast<u16>(std::stoul(text.substr(colon + 1))));
        append(value, ip);
        return value;
    }

    Bytes message_;
};

}  // namespace chat::test
