#include <cstdlib>
#include <filesystem>

#include "app/doctor.hpp"

namespace chat {

Facility keyring_facility() {
    Facility out{"keyring", "keyring", FacilityState::unknown, "", ""};
    const char* const address = std::getenv("DBUS_SESSION_BUS_ADDRESS");
    if (address == nullptr || *address == '\0') {
        out.state = FacilityState::missing;
        out.meaning = "no session bus, so no Secret Service: --identity keyring can't be used here";
        out.hint =
            "log in to a desktop, or start the program under dbus-run-session with gnome-keyring-daemon";
        return out;
    }
    out.meaning = "there is a session bus; whether a Secret Service answers on it was not asked";
    return out;
}

}  // namespace chat
