#include "app/keys/key_options.hpp"

#include <CLI/CLI.hpp>
#include <array>
#include <map>

#include "secure_key_manager/backends/keyring.hpp"
#include "shell/identity_folder.hpp"

namespace chat {
namespace {

const std::map<std::string, IdentityKind> kinds = {{"memory", IdentityKind::memory},
                                                   {"file", IdentityKind::file},
                                                   {"keyring", IdentityKind::keyring},
                                                   {"tpm", IdentityKind::tpm},
                                                   {"pkcs11", IdentityKind::pkcs11}};

struct Action {
    const char* name;
    IdentityAction action;
    const char* help;
};
constexpr std::array actions = {
    Action{"create", IdentityAction::create, "make an identity and keep it"},
    Action{"list", IdentityAction::list, "show every kept identity"},
    Action{"show", IdentityAction::show, "unlock one and show its fingerprint"},
    Action{"passwd", IdentityAction::passwd, "protect it by another passphrase or key"},
    Action{"export", IdentityAction::write_export, "write it to a file under a passphrase of its own"},
    Action{"delete", IdentityAction::erase, "destroy it for ever"},
    Action{"contacts", IdentityAction::contacts, "show whom it knows"},
    Action{"forget", IdentityAction::forget, "forget one contact"}};

/// The name to the number that CLI11 makes an enum of, with an error that a person can use.
CLI::Validator kind_reader() {
    return CLI::Validator{[](std::string& text) -> std::string {
                              const auto found = kinds.find(text);
                              if (found == kinds.end()) return "choose memory, file, keyring, tpm or pkcs11";
                              text = std::to_string(static_cast<int>(found->second));
                              return {};
                          },
                          "KIND", "kind"};
}

void add_actions(CLI::App& identity, IdentityCommand& command) {
    for (const Action& action : actions) {
        identity.add_subcommand(action.name, action.help)->fallthrough();
    }
    identity.get_subcommand("create")->add_option("--from", command.file,
                                                  "take the identity from this export");
    identity.get_subcommand("export")
        ->add_option("file", command.file, "the file to write; it must not exist")
        ->required();
    identity.get_subcommand("forget")
        ->add_option("contact", command.contact, "the contact's name")
        ->required();
    auto* erase = identity.get_subcommand("delete");
    erase->add_flag("--yes", command.yes, "do not ask for the name again")->configurable(false);
    erase
        ->add_flag("--file-only", command.file_only,
                   "delete the file even when the keyring or device that holds its key does not answer")
        ->configurable(false);
}

}  // namespace

std::string_view name_of(IdentityKind kind) {
    for (const auto& [name, value] : kinds) {
        if (value == kind) return name;
    }
    return "";
}

Protector protector_of(IdentityKind kind) {
    if (kind == IdentityKind::keyring) return keyring_of_this_platform();
    if (kind == IdentityKind::tpm) return Protector::tpm;
    if (kind == IdentityKind::pkcs11) return Protector::pkcs11;
    return Protector::passphrase;
}

IdentityKind kind_of(Protector protector) {
    switch (protector) {
        case Protector::passphrase: return IdentityKind::file;
        case Protector::tpm: return IdentityKind::tpm;
        case Protector::pkcs11: return IdentityKind::pkcs11;
        case Protector::keyring:
        case Protector::credential_manager:
        case Protector::keychain: break;
    }
    return IdentityKind::keyring;
}

CLI::App* add_key_options(CLI::App& app, KeyOptions& options) {
    app.add_option(
           "--identity", options.identity,
           "who you are: memory (a fresh identity that leaves no trace), or one that is kept: in a file, or "
           "a file whose key is in the keyring, a tpm, or a pkcs11 token")
        ->transform(kind_reader())
        ->option_text("KIND");
    app.add_option("--identity-name", options.identity_name, "which kept identity (default: default)")
        ->option_text("NAME");
    app.add_option("--tpm", options.tpm, "where the TPM is, a TCTI string such as device:/dev/tpmrm0")
        ->option_text("TCTI");
    app.add_option("--token", options.token, "which PKCS#11 token, a URI such as pkcs11:token=NAME")
        ->option_text("URI");
    app.add_flag("--require-hardware", options.require_hardware,
                 "do not chat without random numbers from a TPM or token (--tpm, --token, or the identity's "
                 "device; the machine's TPM if none is named)");
    app.add_option("--passphrase-fd", options.passphrase.descriptor,
                   "read passphrase or PIN as a line from this descriptor")
        ->check(CLI::Range(0, 65535))
        ->option_text("N")
        ->configurable(false);
    app.add_option("--askpass", options.passphrase.askpass, "ask this program for passphrase or PIN")
        ->option_text("PROGRAM");
    app.add_option("--contact", options.contact, "only this contact of a kept identity may be the other side")
        ->option_text("NAME")
        ->configurable(false);
    app.add_flag("--accept-changed-identity", options.accept_changed_identity,
                 "go on with a contact whose identity is another one, without proof")
        ->configurable(false);
    auto* identity = app.add_subcommand("identity", "make, show and destroy identities that are kept");
    identity->fallthrough();
    identity->require_subcommand(0, 1);  // finish() says it in more words
    add_actions(*identity, options.command);
    return identity;
}

namespace {

/// A chat as somebody else than was meant, or a passphrase that nobody reads and that would be sent as a text, is worse than none.
void check_chat(const KeyOptions& options, const CLI::App& app) {
    if (!options.identity && app.count("--identity-name") > 0) {
        throw CLI::ValidationError{"--identity-name",
                                   "say how it is kept: add --identity file, keyring, tpm or pkcs11"};
    }
    const IdentityKind kind = options.identity.value_or(IdentityKind::memory);
    if (options.passphrase.descriptor && (kind == IdentityKind::memory || kind == IdentityKind::keyring)) {
        throw CLI::ValidationError{"--passphrase-fd",
                                   "nothing asks for a passphrase: add --identity file, tpm or pkcs11"};
    }
    if (!options.contact.empty() && kind == IdentityKind::memory) {
        throw CLI::ValidationError{"--contact", "contacts belong to a kept identity: add --identity"};
    }
}

}  // namespace

void finish(KeyOptions& options, const CLI::App& identity) {
    if (!is_identity_name(options.identity_name)) {
        throw CLI::ValidationError{"--identity-name", "1 to 32 of a-z, 0-9, _ and -"};
    }
    const CLI::App& app = *identity.get_parent();
    if (!identity.parsed() && !app.got_subcommand("doctor") && !app.got_subcommand("demo")) {
        check_chat(options, app);
    }
    if (identity.parsed() && identity.get_subcommands().empty()) {
        throw CLI::ValidationError{
            "identity", "say what: create, list, show, passwd, export, delete, contacts or forget"};
    }
    for (const Action& action : actions) {
        if (identity.got_subcommand(action.name)) options.command.action = action.action;
    }
    if (identity.got_subcommand("create") && options.identity == IdentityKind::memory) {
        throw CLI::ValidationError{"--identity", "memory keeps nothing: choose file, keyring, tpm or pkcs11"};
    }
}

}  // namespace chat
