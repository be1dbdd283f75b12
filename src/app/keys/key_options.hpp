#pragma once
/// Which identity this run uses, where it is kept, and how its passphrase comes in.

#include <optional>
#include <string>
#include <string_view>

#include "secure_key_manager/unlock_vault.hpp"
#include "shell/terminal/passphrase_input.hpp"

namespace CLI {
class App;
}

namespace chat {

enum class IdentityKind { memory, file, keyring, tpm, pkcs11 };
/// "memory", "file", ...: as in --identity.
[[nodiscard]] std::string_view name_of(IdentityKind kind);
/// What protects a vault of this kind on this platform. Not for memory.
[[nodiscard]] Protector protector_of(IdentityKind kind);
[[nodiscard]] IdentityKind kind_of(Protector protector);

enum class IdentityAction { create, list, show, passwd, write_export, erase, contacts, forget };

/// The `identity` command.
struct IdentityCommand {
    IdentityAction action = IdentityAction::list;
    std::string file;        ///< create: an export to begin with; export: where to
    std::string contact;     ///< forget
    bool yes = false;        ///< delete without asking
    bool file_only = false;  ///< delete although keyring or device do not answer
};

struct KeyOptions {
    std::optional<IdentityKind> identity;  ///< none: memory; for the `identity` command: a file
    std::string identity_name = "default";
    std::string tpm;
    std::string token;
    bool require_hardware = false;  ///< no chat without random numbers of a device
    PassphraseSource passphrase;
    std::string contact;  ///< whom this session must be with
    bool accept_changed_identity = false;
    IdentityCommand command;
};

/// Adds the options, and the command `identity`, which is returned. `options` outlives the parser.
CLI::App* add_key_options(CLI::App& app, KeyOptions& options);
/// After parsing: what the parser can't check itself. Throws CLI::ValidationError.
void finish(KeyOptions& options, const CLI::App& identity);

}  // namespace chat
