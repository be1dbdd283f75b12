#include "app/doctor/doctor.hpp"
#include "crypto/tested_system_rng.hpp"
#include "secure_key_manager/backends/custody_process.hpp"
#include "secure_key_manager/backends/keyring.hpp"

namespace chat {
namespace {

/// No person has to unlock anything for the answer.
constexpr std::chrono::seconds patience{5};

}  // namespace

/// Asks for an item that can't be there: a keyring that works says so, locked or not.
Facility keyring_facility() {
    CustodyRequest request;
    request.task = CustodyTask::fetch;
    request.protector = keyring_of_this_platform();
    TestedSystemRng rng;
    request.parameters.resize(KeyringItemId::size);
    rng.fill(request.parameters);
    const auto answer = perform_apart(request, patience);
    Facility out{"keyring", "keyring", FacilityState::weak, "", ""};
    const VaultError error = answer ? VaultError::keyring_failed : answer.error();
    if (error == VaultError::keyring_item_missing) {
        out.state = FacilityState::good;
        out.meaning = "it answers: --identity keyring leaves the key of a kept identity with it";
    } else if (error == VaultError::keyring_unavailable) {
        out.state = FacilityState::missing;
        out.meaning =
            "none answers on the session bus (Secret Service): --identity keyring can't be used here";
        out.hint =
            "log in to a desktop; or sudo apt install gnome-keyring, and dbus-run-session with "
            "gnome-keyring-daemon";
    } else if (error == VaultError::keyring_locked) {
        out.meaning = "there, but it did not answer within 5 seconds";
        out.hint = "unlock it, or end the program that holds it up, and ask again";
    } else {
        out.meaning = "there, but it answers wrongly: " + std::string{describe(error)};
        out.hint = "log out and in again; the program's --identity file needs no keyring";
    }
    return out;
}

}  // namespace chat
