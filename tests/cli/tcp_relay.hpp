#pragma once
/// A TCP relay on loopback that a test can cut: everything that goes through it ends with a reset, as when a network goes away.

#include <string>
#include <thread>

namespace chat::test {

class TcpRelay {
  public:
    /// Relays what comes to its own port to 127.0.0.1:`target_port`.
    explicit TcpRelay(const std::string& target_port);
    TcpRelay(const TcpRelay&) = delete;
    TcpRelay& operator=(const TcpRelay&) = delete;
    ~TcpRelay();

    [[nodiscard]] std::string port() const { return port_; }
    /// Resets every connection; new ones are taken at once.
    void cut();

  private:
    void run();

    int target_port_;
    int listener_;
    int command_read_ = -1;
    int command_write_ = -1;
    std::string port_;
    std::thread thread_;
};

}  // namespace chat::test
