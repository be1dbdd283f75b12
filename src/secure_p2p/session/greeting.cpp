#include "secure_p2p/session/greeting.hpp"

#include <cassert>

#include "base/utf8.hpp"
#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {
namespace {

constexpr u8 deniable_bit = 1;
constexpr u8 kept_bit = 2;

}  // namespace

std::string_view describe(GreetingError error) {
    switch (error) {
        case GreetingError::malformed: return "the other side's greeting is malformed";
        case GreetingError::unknown_options:
            return "the other side's greeting asks for what this version does not know";
        case GreetingError::name_not_utf8: return "the other side's name is not valid UTF-8";
    }
    return "";
}

SecretBuffer encode(const Greeting& greeting) {
    assert(greeting.name.size() <= max_name);
    const u8 deniable = greeting.deniable ? deniable_bit : u8{0};
    const u8 kept = greeting.identity_life == IdentityLife::kept ? kept_bit : u8{0};
    SecretBuffer out{2 + greeting.name.size()};
    WireWriter{out.expose_mutable()}
        .write_u8(static_cast<u8>(deniable | kept))
        .write_u8(static_cast<u8>(greeting.name.size()))
        .write(bytes_of(greeting.name));
    return out;
}

Result<Greeting, GreetingError> decode_greeting(ByteView bytes) {
    WireReader reader{bytes};
    const u8 options = reader.read_u8();
    const std::size_t length = reader.read_u8();
    const ByteView name = reader.read(length);
    if (!reader.ok_at_end() || length > max_name) return fail(GreetingError::malformed);
    if ((options & ~(deniable_bit | kept_bit)) != 0) return fail(GreetingError::unknown_options);
    if (!is_utf8(name)) return fail(GreetingError::name_not_utf8);
    return Greeting{(options & deniable_bit) != 0,
                    (options & kept_bit) != 0 ? IdentityLife::kept : IdentityLife::one_run,
                    {name.begin(), name.end()}};
}

}  // namespace chat
