#include "platform_hsm_interface/backends/tpm_transport_linux.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "base/wire_reader.hpp"

namespace chat {

/// The first member is what ESAPI sees; it gives the address of that back to the functions below.
struct TpmTransport {
    TSS2_TCTI_CONTEXT_COMMON_V2 common{};
    int descriptor = -1;
    /// Empty: a device file, open all the time. A swtpm serves one connection after the other, so that to share it each command has
    /// one of its own.
    std::string socket_path;
    std::array<u8, 4096> answer{};  ///< no command or answer of a TPM is longer
    std::size_t received = 0;
};

namespace {

constexpr u64 magic = 0x5370322d54504d32;
constexpr std::size_t head_size = 10;  ///< tag u16 | size u32 | code u32
/// How long the TPM may take to accept a command.
constexpr int send_patience = 30'000;

TpmTransport& of(TSS2_TCTI_CONTEXT* context) {
    return *reinterpret_cast<TpmTransport*>(context);  // NOLINT: the standard's way from its struct to ours
}

bool wait_for(int descriptor, short event, int milliseconds) {
    pollfd watched{descriptor, event, 0};
    int ready = 0;
    do {
        ready = ::poll(&watched, 1, milliseconds);
    } while (ready < 0 && errno == EINTR);
    return ready > 0;
}

bool is_passing(int error) { return error == EAGAIN || error == EINTR; }

void close(TpmTransport& transport) {
    if (transport.descriptor >= 0) ::close(std::exchange(transport.descriptor, -1));
}

/// A local connection is made at once or not at all.
bool connect(TpmTransport& transport) {
    close(transport);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, transport.socket_path.data(), transport.socket_path.size());
    transport.descriptor = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return transport.descriptor >= 0 &&
           ::connect(transport.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
               0;  // NOLINT
}

TSS2_RC transmit(TSS2_TCTI_CONTEXT* context, std::size_t size, const u8* command) {
    if (context == nullptr || command == nullptr) return TSS2_TCTI_RC_BAD_REFERENCE;
    TpmTransport& transport = of(context);
    const bool is_socket = !transport.socket_path.empty();
    transport.received = 0;
    if (is_socket && !connect(transport)) return TSS2_TCTI_RC_IO_ERROR;
    while (size > 0) {
        const ssize_t sent = is_socket ? ::send(transport.descriptor, command, size, MSG_NOSIGNAL)
                                       : ::write(transport.descriptor, command, size);
        if (sent > 0) {
            command += sent;
            size -= static_cast<std::size_t>(sent);
        } else if (sent == 0 || !is_passing(errno) ||
                   !wait_for(transport.descriptor, POLLOUT, send_patience)) {
            return TSS2_TCTI_RC_IO_ERROR;
        }
    }
    return TSS2_RC_SUCCESS;
}

/// 0 while that is not known.
std::size_t announced_size(const TpmTransport& transport) {
    if (transport.received < head_size) return 0;
    WireReader in{transport.answer};
    (void)in.read_u16();
    return in.read_u32();
}

TSS2_RC receive(TSS2_TCTI_CONTEXT* context, std::size_t* size, u8* answer, std::int32_t timeout) {
    if (context == nullptr || size == nullptr) return TSS2_TCTI_RC_BAD_REFERENCE;
    TpmTransport& transport = of(context);
    if (answer == nullptr) {
        *size = transport.answer.size();
        return TSS2_RC_SUCCESS;
    }
    std::size_t announced = announced_size(transport);
    while (announced == 0 || transport.received < announced) {
        const MutableByteView room = MutableByteView{transport.answer}.subspan(transport.received);
        if (room.empty()) return TSS2_TCTI_RC_MALFORMED_RESPONSE;
        if (!wait_for(transport.descriptor, POLLIN, timeout)) return TSS2_TCTI_RC_TRY_AGAIN;
        const ssize_t count = ::read(transport.descriptor, room.data(), room.size());
        if (count < 0 && is_passing(errno)) continue;
        if (count <= 0) return TSS2_TCTI_RC_IO_ERROR;
        transport.received += static_cast<std::size_t>(count);
        announced = announced_size(transport);
        const bool possible =
            announced == 0 || (announced >= head_size && announced <= transport.answer.size());
        if (!possible) return TSS2_TCTI_RC_MALFORMED_RESPONSE;
    }
    if (transport.received > announced) return TSS2_TCTI_RC_MALFORMED_RESPONSE;
    if (*size < announced) return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
    std::memcpy(answer, transport.answer.data(), announced);
    *size = announced;
    if (!transport.socket_path.empty()) close(transport);
    return TSS2_RC_SUCCESS;
}

void finalize(TSS2_TCTI_CONTEXT*) {}  // CloseTpmTransport does

TSS2_RC cancel(TSS2_TCTI_CONTEXT*) { return TSS2_TCTI_RC_NOT_IMPLEMENTED; }

TSS2_RC get_poll_handles(TSS2_TCTI_CONTEXT* context, TSS2_TCTI_POLL_HANDLE* handles, std::size_t* count) {
    if (context == nullptr || count == nullptr) return TSS2_TCTI_RC_BAD_REFERENCE;
    if (handles != nullptr && *count < 1) return TSS2_TCTI_RC_INSUFFICIENT_BUFFER;
    *count = 1;
    if (handles != nullptr) *handles = {of(context).descriptor, POLLIN, 0};
    return TSS2_RC_SUCCESS;
}

TSS2_RC set_locality(TSS2_TCTI_CONTEXT*, u8) { return TSS2_TCTI_RC_NOT_IMPLEMENTED; }

TSS2_RC make_sticky(TSS2_TCTI_CONTEXT*, TPM2_HANDLE*, u8) { return TSS2_TCTI_RC_NOT_IMPLEMENTED; }

TpmTransportPtr make() {
    TpmTransportPtr out{new TpmTransport};
    auto& v1 = out->common.v1;
    v1.magic = magic;
    v1.version = 2;
    v1.transmit = transmit;
    v1.receive = receive;
    v1.finalize = finalize;
    v1.cancel = cancel;
    v1.getPollHandles = get_poll_handles;
    v1.setLocality = set_locality;
    out->common.makeSticky = make_sticky;
    return out;
}

Result<TpmTransportPtr, HsmError> open_device(const std::string& path) {
    auto out = make();
    out->descriptor = ::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (out->descriptor < 0) return fail(errno == EBUSY ? HsmError::busy : HsmError::no_device);
    return out;
}

Result<TpmTransportPtr, HsmError> open_socket(std::string_view path) {
    if (path.empty() || path.size() >= sizeof sockaddr_un::sun_path) return fail(HsmError::bad_location);
    auto out = make();
    out->socket_path = path;
    if (!connect(*out)) return fail(HsmError::no_device);
    close(*out);
    return out;
}

}  // namespace

void CloseTpmTransport::operator()(TpmTransport* transport) const noexcept {
    const std::unique_ptr<TpmTransport> owned{transport};
    close(*owned);
}

Result<TpmTransportPtr, HsmError> open_tpm_transport(std::string_view tcti) {
    constexpr std::string_view device = "device:";
    constexpr std::string_view socket = "swtpm:path=";
    if (tcti.find('\0') != std::string_view::npos) return fail(HsmError::bad_location);
    if (tcti.starts_with(device)) return open_device(std::string{tcti.substr(device.size())});
    if (tcti.starts_with(socket)) return open_socket(tcti.substr(socket.size()));
    return fail(HsmError::bad_location);
}

TSS2_TCTI_CONTEXT* tcti_of(TpmTransport& transport) {
    return reinterpret_cast<TSS2_TCTI_CONTEXT*>(&transport.common);  // NOLINT: as the standard wants it
}

}  // namespace chat
