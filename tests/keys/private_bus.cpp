#include "keys/private_bus.hpp"

#include <signal.h>
#include <sys/stat.h>

#include <cstdlib>
#include <fstream>
#include <stdexcept>

namespace chat::test {
namespace {

Outcome run_program(const std::string& path, std::vector<std::string> arguments) {
    Program program{path, std::move(arguments)};
    Outcome out;
    out.status = program.wait_after_end_of_input();
    for (const std::string& line : program.lines()) out.output += line + "\n";
    out.errors = program.errors();
    return out;
}

std::string configuration(const std::string& folder) {
    return R"(<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir=)" +
           folder + R"(</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
)";
}

}  // namespace

PrivateBus::PrivateBus(const TemporaryFolder& home) {
    const std::string runtime = home.file("run");
    ::mkdir(runtime.c_str(), 0700);
    ::setenv("XDG_RUNTIME_DIR", runtime.c_str(), 1);
    ::unsetenv("DISPLAY");
    ::unsetenv("WAYLAND_DISPLAY");
    std::ofstream{home.file("bus.conf")} << configuration(runtime);
    daemon_ = std::make_unique<Program>(
        "/usr/bin/dbus-daemon",
        std::vector<std::string>{"--config-file=" + home.file("bus.conf"), "--nofork", "--print-address"});
    ::setenv("DBUS_SESSION_BUS_ADDRESS", daemon_->wait_for("unix:").c_str(), 1);
}

PrivateBus::~PrivateBus() { daemon_->signal(SIGKILL); }

bool PrivateBus::has_owner(const std::string& name) const {
    return run_program("/usr/bin/dbus-send", {"--session", "--print-reply", "--dest=org.freedesktop.DBus",
                                              "/", "org.freedesktop.DBus.NameHasOwner", "string:" + name})
               .output.find("boolean true") != std::string::npos;
}

Keyring::Keyring(const PrivateBus& bus)
    : daemon_{"/usr/bin/gnome-keyring-daemon", {"--foreground", "--components=secrets", "--unlock"}} {
    daemon_.offer("a login password");
    daemon_.end_input();
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{20};
    while (!bus.has_owner("org.freedesktop.secrets")) {
        if (std::chrono::steady_clock::now() > until) throw std::runtime_error{"the keyring did not start"};
    }
}

void Keyring::lock() const {
    const Outcome locked =
        run_program("/usr/bin/dbus-send", {"--session", "--print-reply", "--dest=org.freedesktop.secrets",
                                           "/org/freedesktop/secrets", "org.freedesktop.Secret.Service.Lock",
                                           "array:objpath:/org/freedesktop/secrets/collection/login"});
    if (locked.status != 0) throw std::runtime_error{"the keyring was not locked: " + locked.errors};
}

void Keyring::kill() {
    daemon_.signal(SIGKILL);
    daemon_.wait();
}

void Keyring::freeze() { daemon_.signal(SIGSTOP); }

}  // namespace chat::test
