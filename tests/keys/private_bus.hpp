#pragma once
/// A D-Bus session and a keyring of a test's own: nothing of the person's session is touched.

#include <memory>
#include <string>

#include "cli/program.hpp"

namespace chat::test {

/// dbus-daemon with a configuration of its own; DBUS_SESSION_BUS_ADDRESS names it for every program that the test starts.
class PrivateBus {
  public:
    explicit PrivateBus(const TemporaryFolder& home);
    ~PrivateBus();

    [[nodiscard]] bool has_owner(const std::string& name) const;

  private:
    std::unique_ptr<Program> daemon_;
};

/// gnome-keyring-daemon on the bus, its login keyring unlocked.
class Keyring {
  public:
    explicit Keyring(const PrivateBus& bus);
    /// Its login keyring, as a person does who leaves the machine.
    void lock() const;
    /// SIGKILL.
    void kill();
    /// No call is answered any more, until it is killed.
    void freeze();

  private:
    Program daemon_;
};

}  // namespace chat::test
