#include "secure_key_manager/protector_parameters.hpp"

#include <cassert>

#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"

namespace chat {
namespace {

bool is_printable(ByteView text) {
    return std::ranges::all_of(text, [](u8 c) { return c >= ' ' && c < 0x7F; });
}

}  // namespace

Bytes encode(const PassphraseParameters& parameters) {
    Bytes out(4 + 4 + Argon2idSalt::size);
    WireWriter{out}
        .write_u32(parameters.cost.memory_kib)
        .write_u32(parameters.cost.passes)
        .write(parameters.salt.view());
    return out;
}

Result<PassphraseParameters, VaultError> decode_passphrase_parameters(ByteView bytes) {
    WireReader in{bytes};
    PassphraseParameters out;
    out.cost.memory_kib = in.read_u32();
    out.cost.passes = in.read_u32();
    out.salt = in.read_bytes<Argon2idSalt>();
    if (!in.ok_at_end() || out.cost.memory_kib < 8 || out.cost.passes < 1) return fail(VaultError::malformed);
    if (out.cost.memory_kib > max_argon2id_cost.memory_kib || out.cost.passes > max_argon2id_cost.passes) {
        return fail(VaultError::excessive_cost);
    }
    return out;
}

Result<KeyringItemId, VaultError> decode_item_id(ByteView bytes) {
    WireReader in{bytes};
    const auto out = in.read_bytes<KeyringItemId>();
    if (!in.ok_at_end()) return fail(VaultError::malformed);
    return out;
}

Bytes encode(const DeviceParameters& parameters) {
    assert(parameters.handle.size() <= DeviceParameters::max_handle &&
           parameters.wrapped.size() <= DeviceParameters::max_wrapped &&
           parameters.description.size() <= DeviceParameters::max_description);
    Bytes out(2 + parameters.handle.size() + 2 + parameters.wrapped.size() + 1 +
              parameters.description.size());
    WireWriter{out}
        .write_u16(static_cast<u16>(parameters.handle.size()))
        .write(parameters.handle)
        .write_u16(static_cast<u16>(parameters.wrapped.size()))
        .write(parameters.wrapped)
        .write_u8(static_cast<u8>(parameters.description.size()))
        .write(bytes_of(parameters.description));
    return out;
}

Result<DeviceParameters, VaultError> decode_device_parameters(ByteView bytes) {
    WireReader in{bytes};
    const ByteView handle = in.read(in.read_u16());
    const ByteView wrapped = in.read(in.read_u16());
    const ByteView description = in.read(in.read_u8());
    if (!in.ok_at_end() || handle.size() > DeviceParameters::max_handle ||
        wrapped.size() > DeviceParameters::max_wrapped ||
        description.size() > DeviceParameters::max_description || !is_printable(description)) {
        return fail(VaultError::malformed);
    }
    return DeviceParameters{Bytes{handle.begin(), handle.end()}, Bytes{wrapped.begin(), wrapped.end()},
                            std::string{description.begin(), description.end()}};
}

}  // namespace chat
