#include "base/wire_reader.hpp"
#include "base/wire_writer.hpp"
#include "secure_key_manager/backends/custody_process.hpp"

namespace chat {
namespace {

constexpr u8 no_error = 255;

std::string read_text(WireReader& in, std::size_t length) {
    const ByteView bytes = in.read(length);
    return {bytes.begin(), bytes.end()};
}

Bytes copy(ByteView bytes) { return {bytes.begin(), bytes.end()}; }

bool is_task(u8 value) {
    return value >= static_cast<u8>(CustodyTask::make) && value <= static_cast<u8>(CustodyTask::destroy);
}

bool is_protector(u8 value) {
    return value >= static_cast<u8>(Protector::passphrase) && value <= static_cast<u8>(Protector::keychain);
}

}  // namespace

bool fits(const CustodyRequest& request) {
    return request.name.size() <= max_custody_name &&
           request.parameters.size() <= VaultHeader::max_parameters &&
           (request.key.empty() || request.key.size() == VaultKey::size) &&
           request.secrets.passphrase.size() <= UnlockSecrets::max_passphrase &&
           request.secrets.tcti.size() <= HsmLocation::max_place &&
           request.secrets.token_uri.size() <= HsmLocation::max_place;
}

SecretBuffer encode(const CustodyRequest& request) {
    const UnlockSecrets& secrets = request.secrets;
    SecretBuffer out{least_custody_request + request.name.size() + request.parameters.size() +
                     request.key.size() + secrets.passphrase.size() + secrets.tcti.size() +
                     secrets.token_uri.size()};
    WireWriter{out.expose_mutable()}
        .write_u8(static_cast<u8>(request.task))
        .write_u8(static_cast<u8>(request.protector))
        .write(request.fresh_id.view())
        .write_u8(static_cast<u8>(request.name.size()))
        .write(bytes_of(request.name))
        .write_u16(static_cast<u16>(request.parameters.size()))
        .write(request.parameters)
        .write_u8(static_cast<u8>(request.key.size()))
        .write(request.key.expose())
        .write_u16(static_cast<u16>(secrets.passphrase.size()))
        .write(secrets.passphrase.expose())
        .write_u16(static_cast<u16>(secrets.tcti.size()))
        .write(bytes_of(secrets.tcti))
        .write_u16(static_cast<u16>(secrets.token_uri.size()))
        .write(bytes_of(secrets.token_uri));
    return out;
}

std::optional<CustodyRequest> decode_custody_request(ByteView bytes) {
    WireReader in{bytes};
    const u8 task = in.read_u8();
    const u8 protector = in.read_u8();
    if (!is_task(task) || !is_protector(protector)) return std::nullopt;
    CustodyRequest out;
    out.task = static_cast<CustodyTask>(task);
    out.protector = static_cast<Protector>(protector);
    out.fresh_id = in.read_bytes<KeyringItemId>();
    out.name = read_text(in, in.read_u8());
    out.parameters = copy(in.read(in.read_u16()));
    out.key = SecretBuffer::copy_of(in.read(in.read_u8()));
    out.secrets.passphrase = SecretBuffer::copy_of(in.read(in.read_u16()));
    out.secrets.tcti = read_text(in, in.read_u16());
    out.secrets.token_uri = read_text(in, in.read_u16());
    if (!in.ok_at_end() || !fits(out)) return std::nullopt;
    return out;
}

SecretBuffer encode(const Result<Custody, VaultError>& answer) {
    if (!answer) {
        SecretBuffer out{2};
        WireWriter{out.expose_mutable()}.write_u8(static_cast<u8>(answer.error())).write_u8(0);
        return out;
    }
    const ByteView key = answer->key ? ByteView{answer->key->expose()} : ByteView{};
    SecretBuffer out{2 + key.size() + answer->parameters.size()};
    WireWriter{out.expose_mutable()}
        .write_u8(no_error)
        .write_u8(static_cast<u8>(key.size()))
        .write(key)
        .write(answer->parameters);
    return out;
}

std::optional<Result<Custody, VaultError>> decode_custody_answer(ByteView bytes) {
    std::optional<Result<Custody, VaultError>> answer;
    WireReader in{bytes};
    const u8 error = in.read_u8();
    const u8 key_size = in.read_u8();
    const ByteView key = in.read(key_size);
    const ByteView parameters = in.read(in.remaining());
    if (!in.ok() || (key_size != 0 && key_size != VaultKey::size) ||
        parameters.size() > VaultHeader::max_parameters) {
        return std::nullopt;
    }
    if (error != no_error) {
        const auto known = vault_error(error);
        if (!known || bytes.size() != 2) return std::nullopt;
        // In place: gcc 12 with sanitizers takes the move of a failed Result for one of an uninitialised Custody.
        answer.emplace(fail(*known));
        return answer;
    }
    Custody out{copy(parameters), std::nullopt};
    if (key_size != 0) out.key = VaultKey::copy_of(key.first<VaultKey::size>());
    answer.emplace(std::move(out));
    return answer;
}

}  // namespace chat
