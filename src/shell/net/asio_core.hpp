#pragma once
/// What shell/net's own files share: the loop's asio part, and addresses in asio's terms. The only header
/// that includes asio; nobody outside shell/net includes it.

#include <array>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <memory>

#include "base/bytes.hpp"
#include "p2p_core/net_address.hpp"
#include "shell/net/background_worker.hpp"
#include "shell/net/loop.hpp"

namespace chat {

class LoopCore {
  public:
    LoopCore();
    LoopCore(const LoopCore&) = delete;
    LoopCore& operator=(const LoopCore&) = delete;
    ~LoopCore();

    asio::io_context context{1};
    /// One buffer for all reads of the loop: a held connection costs no buffer of its own.
    std::array<u8, 65536> read_buffer{};

    [[nodiscard]] std::shared_ptr<LoopMailbox> mailbox() const;
    [[nodiscard]] BackgroundWorker& worker() { return worker_; }

    class EndSignals;
    std::unique_ptr<EndSignals> end_signals;

  private:
    class Mailbox;
    std::shared_ptr<Mailbox> mailbox_;
    BackgroundWorker worker_;  // last, so that it ends first: a job posts to the mailbox
};

[[nodiscard]] inline asio::ip::address to_asio(const IpAddress& ip) {
    const ByteView bytes = ip.bytes();
    if (ip.family() == IpFamily::v4) {
        asio::ip::address_v4::bytes_type out{};
        std::copy(bytes.begin(), bytes.end(), out.begin());
        return asio::ip::address_v4{out};
    }
    asio::ip::address_v6::bytes_type out{};
    std::copy(bytes.begin(), bytes.end(), out.begin());
    return asio::ip::address_v6{out, ip.scope()};
}

[[nodiscard]] inline IpAddress from_asio(const asio::ip::address& ip) {
    if (ip.is_v4()) return IpAddress::v4(ip.to_v4().to_bytes());
    return IpAddress::v6(ip.to_v6().to_bytes(), static_cast<u32>(ip.to_v6().scope_id()));
}

template <class Protocol>
[[nodiscard]] asio::ip::basic_endpoint<Protocol> to_asio(const SocketAddress& address) {
    return {to_asio(address.ip), address.port};
}

template <class Protocol>
[[nodiscard]] SocketAddress from_asio(const asio::ip::basic_endpoint<Protocol>& endpoint) {
    return {from_asio(endpoint.address()), endpoint.port()};
}

}  // namespace chat
