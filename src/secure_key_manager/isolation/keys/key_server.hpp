#pragma once
/// What the key process does with one request: bytes in, bytes out, no I/O of its own. Holds every identity in a slot, and signs
/// nothing but the statements of identity_statement.hpp.

#include <functional>
#include <map>
#include <memory>

#include "crypto/mixing_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "secure_key_manager/isolation/keys/key_protocol.hpp"

namespace chat {

/// Why the key process stops: whoever asked so is not the program that started it, or no longer in its right mind.
enum class KeyServerError : u8 {
    malformed,      ///< not a request (KeyProtocolError)
    not_started,    ///< a request before start_ephemeral or open_vault
    started_twice,  ///< a second start
    unknown_slot,   ///< a slot that is empty
    no_vault,       ///< contacts to seal, and no vault was opened
    bad_contacts,   ///< contacts that no vault with them would open again (ContactsError)
};
/// One line for the user.
[[nodiscard]] std::string_view describe(KeyServerError error);

class KeyServer {
  public:
    /// The identity in use, the next one, and what unfinished handshakes still hold; each locks 165 KiB.
    static constexpr std::size_t max_slots = 8;

    struct Ports {
        std::function<Result<OpenedVault, VaultError>(ByteView file, UnlockSecrets secrets)> unlock;
        /// Gives up all that serving does not need, and says what holds from now on. Called once, when the start is done.
        std::function<KeyProtection()> confine;
    };
    struct Answer {
        ServiceFrame reply;
        bool last = false;  ///< the process ends after it
    };

    /// `base` outlives the object; what mix_entropy brings is mixed into it.
    KeyServer(Rng& base, Ports ports);

    /// After an error the server must not be asked again. Throws RngFailure.
    [[nodiscard]] Result<Answer, KeyServerError> handle(u8 kind, ByteView body);

    [[nodiscard]] std::size_t slots_in_use() const { return slots_.size(); }

  private:
    using Handled = Result<Answer, KeyServerError>;
    struct Visitor;

    [[nodiscard]] Handled start(key_protocol::StartEphemeral request);
    [[nodiscard]] Handled start(key_protocol::OpenVaultFile request);
    [[nodiscard]] Handled generate();
    [[nodiscard]] key_protocol::Slot keep(std::unique_ptr<SoftwareIdentityKeys> identity);

    MixingRng rng_;
    Ports ports_;
    bool started_ = false;
    std::optional<VaultSealer> sealer_;
    std::map<key_protocol::Slot, std::unique_ptr<SoftwareIdentityKeys>> slots_;
    key_protocol::Slot next_slot_ = 1;
};

}  // namespace chat
