#pragma once
/// What the attacker sees without any key: where each message of a stream begins and ends, and which one it
/// is, by order and size alone (docs/protocol.md 3 to 8).

#include <array>
#include <map>
#include <optional>

#include "base/bytes.hpp"
#include "p2p_core/framing.hpp"

namespace chat::test {

enum class Way : u8 { to_host, to_guest };
[[nodiscard]] constexpr Way back(Way way) { return way == Way::to_host ? Way::to_guest : Way::to_host; }

enum class Part : u8 {
    hello,
    reply,
    finish,
    client_hello,
    server_hello,
    server_flight,  ///< encrypted records of the TLS server's handshake
    client_flight,  ///< the same of the client, before its bundle
    bundle,
    init,
    resp,
    cell,  ///< or a resume frame, which looks like one
    other,
};

/// One message of layer 1 or one TLS record with its header.
struct Unit {
    unsigned stream = 0;  ///< 1, 2, ... in the order in which they were opened
    Way way{};
    Part part{};
    unsigned number = 0;  ///< 1, 2, ... among those of the same part and way in this stream
    Bytes bytes;
    [[nodiscard]] bool is(Way a_way, Part a_part, unsigned a_number = 1) const {
        return way == a_way && part == a_part && number == a_number;
    }
};

inline constexpr std::size_t record_header = 5;
/// A frame as one TLS 1.3 record: header, kind and body, content type, tag.
constexpr std::size_t record_of(std::size_t body) { return record_header + frame::kind_size + body + 1 + 16; }

/// Cuts one direction of one stream into units.
class UnitReader {
  public:
    UnitReader(unsigned stream, Way way) : stream_{stream}, way_{way} {}

    void feed(ByteView bytes) { append(pending_, bytes); }
    /// The next whole unit.
    [[nodiscard]] std::optional<Unit> next();

  private:
    [[nodiscard]] std::size_t next_size() const;
    [[nodiscard]] Part part_of(ByteView unit) const;

    unsigned stream_;
    Way way_;
    Bytes pending_;
    unsigned units_ = 0;
    std::map<Part, unsigned> counts_;
};

}  // namespace chat::test
