#include "app/keys/identity_command.hpp"

#include <unistd.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "app/keys/kept_identity.hpp"
#include "crypto/tested_system_rng.hpp"
#include "hybrid_kex/software_identity_keys.hpp"
#include "shell/private_file.hpp"
#include "shell/terminal/prompt.hpp"
#include "shell/terminal/sanitize.hpp"

namespace chat {
namespace {

using Done = Result<void, IdentityFailure>;

void print(const std::string& line) { std::printf("%s\n", line.c_str()); }

Failure<IdentityFailure> unusable(std::string text) {
    return fail(IdentityFailure{IdentityFailureKind::unusable, std::move(text)});
}

WallTime now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

std::string date(WallTime time) {
    const auto day = std::chrono::floor<std::chrono::days>(time);
    const std::chrono::year_month_day parts{day};
    const std::chrono::hh_mm_ss clock{time - day};
    std::array<char, 40> text{};
    const int size = std::snprintf(
        text.data(), text.size(), "%04d-%02u-%02u %02d:%02d UTC", static_cast<int>(parts.year()),
        static_cast<unsigned>(parts.month()), static_cast<unsigned>(parts.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()));
    return {text.data(), static_cast<std::size_t>(size)};
}

std::string kept_in(const VaultHeader& header) {
    std::string kind{name_of(kind_of(header.protector))};
    if (header.protector == Protector::passphrase) {
        const auto parameters = decode_passphrase_parameters(header.parameters);
        if (!parameters) return kind + " (" + std::string{describe(parameters.error())} + ")";
        return kind + " (passphrase, Argon2id with " + std::to_string(parameters->cost.memory_kib / 1024) +
               " MiB and " + std::to_string(parameters->cost.passes) + " passes)";
    }
    const auto device = decode_device_parameters(header.parameters);
    const bool hardware = header.protector == Protector::tpm || header.protector == Protector::pkcs11;
    if (hardware && device) return kind + " (" + clean_line(bytes_of(device->description)) + ")";
    return kind;
}

Fingerprint fingerprint_of(const OpenedVault& vault) {
    const IdentitySecrets& secrets = vault.secrets;
    return fingerprint(IdentityPublic{vault.falcon_public, ed25519::public_key(secrets.ed25519),
                                      x25519::public_key(secrets.x25519),
                                      mlkem1024::encapsulation_key(secrets.mlkem)});
}

void print_identity(const std::string& name, const OpenedVault& vault) {
    print("identity: " + name);
    print("fingerprint: " + to_hex(fingerprint_of(vault).view()));
    print("kept in: " + kept_in(vault.sealer.header()));
    print("created: " + date(vault.created));
    const auto contacts = decode_contacts(vault.contacts);
    print("contacts: " + std::to_string(contacts ? contacts->size() : 0));
}

/// Keyring items are made anew for each key; the keys in a device stay the same.
bool has_item_of_its_own(Protector protector) { return kind_of(protector) == IdentityKind::keyring; }

class Command {
  public:
    explicit Command(const KeyOptions& options) : options_{options} {}

    Done create() {
        auto kept = KeptIdentity::reserve(options_.identity_name);
        if (!kept) return fail(kept.error());
        auto begun = options_.command.file.empty() ? fresh() : imported();
        if (!begun) return fail(begun.error());
        const Protector protector = protector_of(options_.identity.value_or(IdentityKind::file));
        auto secrets = secrets_for_new(protector);
        if (!secrets) return fail(secrets.error());
        auto made = protect_vault(protector, options_.identity_name, *secrets, rng_);
        if (!made) return failure_of(made.error(), "the identity was not made");
        const VaultHeader header = made->header;
        begun->sealer.protect_by(std::move(made->header), std::move(made->key));
        auto written = kept->write(begun->sealer.seal(begun->contacts, rng_));
        if (!written) {
            static_cast<void>(destroy_protection(header, *secrets));
            return written;
        }
        print_identity(options_.identity_name, *begun);
        print("to use it: secure-p2p --identity " + std::string{name_of(kind_of(protector))} +
              (options_.identity_name == KeyOptions{}.identity_name
                   ? ""
                   : " --identity-name " + options_.identity_name));
        return {};
    }

    Done list() const {
        const auto folder = IdentityFolder::open();
        if (!folder && folder.error().error == FolderError::not_found) {
            print("no identity is kept");
            return {};
        }
        if (!folder) return failure_of(folder.error());
        const auto names = folder->list();
        if (!names) return failure_of(names.error());
        for (const std::string& name : *names) {
            const auto file = folder->read(name, max_vault_size);
            const auto header = file ? read_vault_header(*file) : fail(VaultError::damaged);
            print(name + ": " +
                  (!file     ? describe(file.error())
                   : !header ? std::string{describe(header.error())}
                             : kept_in(*header)));
        }
        if (names->empty()) print("no identity is kept");
        return {};
    }

    Done show() {
        auto opened = unlock();
        if (!opened) return fail(opened.error());
        print_identity(options_.identity_name, opened->vault);
        return {};
    }

    Done passwd() {
        auto opened = unlock();
        if (!opened) return fail(opened.error());
        VaultSealer& sealer = opened->vault.sealer;
        const VaultHeader before = sealer.header();
        if (before.protector == Protector::passphrase) {
            auto fresh = ask_new_passphrase(options_, "New passphrase");
            if (!fresh) return fail(fresh.error());
            opened->secrets.passphrase = std::move(*fresh);
        }
        auto made = protect_again(before, options_.identity_name, opened->secrets, rng_);
        if (!made) return failure_of(made.error(), "nothing was changed");
        const VaultHeader after = made->header;
        sealer.protect_by(std::move(made->header), std::move(made->key));
        auto written = opened->kept.write(sealer.seal(opened->vault.contacts, rng_));
        const bool own_item = has_item_of_its_own(after.protector);
        if (!written) {
            if (own_item) static_cast<void>(destroy_protection(after, opened->secrets));
            return written;
        }
        if (own_item) {
            const auto destroyed = destroy_protection(before, opened->secrets);
            if (!destroyed)
                return failure_of(destroyed.error(), "changed, but the old key is still in the keyring");
        }
        print("identity " + options_.identity_name +
              (after.protector == Protector::passphrase ? " has a new passphrase" : " has a new key"));
        return {};
    }

    Done write_export() {
        // Before anybody types two passphrases; what comes in between is refused by the writing itself.
        std::error_code ignored;
        if (std::filesystem::exists(std::filesystem::symlink_status(options_.command.file, ignored)))
            return unusable(options_.command.file + " exists already");
        auto opened = unlock();
        if (!opened) return fail(opened.error());
        auto passphrase = ask_new_passphrase(options_, "Passphrase for the exported file");
        if (!passphrase) return fail(passphrase.error());
        auto made = protect_vault(Protector::passphrase, options_.identity_name,
                                  {std::move(*passphrase), {}, {}}, rng_);
        if (!made) return failure_of(made.error(), "nothing was written");
        opened->vault.sealer.protect_by(std::move(made->header), std::move(made->key));
        const Bytes file = opened->vault.sealer.seal(opened->vault.contacts, rng_);
        const auto written = write_new_private_file(options_.command.file, file);
        if (!written) return failure_of(written.error());
        print("identity " + options_.identity_name + " was written to " + options_.command.file);
        return {};
    }

    Done erase() {
        auto kept = KeptIdentity::open(options_.identity_name);
        if (!kept) return fail(kept.error());
        if (!options_.command.yes && !is_confirmed())
            return unusable("nothing was deleted: the name was not typed (--yes: without)");
        // The file may be damaged, which is a reason to delete it.
        const auto file = kept->read();
        if (!file) return fail(file.error());
        const auto header = read_vault_header(*file);
        if (!header && !options_.command.file_only) {
            return failure_of(
                header.error(),
                kept->path() + " can't be read, so a key outside it would stay; --file-only deletes it");
        }
        if (header && header->protector != Protector::passphrase) {
            Done destroyed = destroy_outside(*header);
            if (!destroyed && !options_.command.file_only) return destroyed;
            if (!destroyed) std::fprintf(stderr, "secure-p2p: warning: %s\n", destroyed.error().text.c_str());
        }
        if (auto erased = kept->erase(); !erased) return erased;
        print("identity " + options_.identity_name + " is deleted: overwritten, read back, unlinked");
        return {};
    }

    Done contacts() {
        auto opened = unlock();
        if (!opened) return fail(opened.error());
        const auto contacts = decode_contacts(opened->vault.contacts);
        if (!contacts || contacts->empty()) print("no contacts");
        if (!contacts) return {};
        for (const Contact& contact : *contacts) print_contact(contact);
        return {};
    }

    Done forget() {
        auto opened = unlock();
        if (!opened) return fail(opened.error());
        auto contacts = decode_contacts(opened->vault.contacts);
        const std::string& name = options_.command.contact;
        if (!contacts || std::erase_if(*contacts, [&](const Contact& c) { return c.name == name; }) == 0) {
            return unusable("there is no contact of this name: " + clean_line(bytes_of(name)));
        }
        const Bytes encoded = *encode(*contacts);
        auto written = opened->kept.write(opened->vault.sealer.seal(encoded, rng_));
        if (!written) return written;
        print("forgotten: " + clean_line(bytes_of(name)));
        return {};
    }

  private:
    struct Unlocked {
        KeptIdentity kept;
        UnlockSecrets secrets;
        OpenedVault vault;
    };

    [[nodiscard]] static UnlockSecrets copy(const UnlockSecrets& secrets) {
        return {SecretBuffer::copy_of(secrets.passphrase.expose()), secrets.tcti, secrets.token_uri};
    }

    Result<Unlocked, IdentityFailure> unlock() {
        auto kept = KeptIdentity::open(options_.identity_name);
        if (!kept) return fail(kept.error());
        const auto file = kept->read();
        if (!file) return fail(file.error());
        const auto header = read_vault_header(*file);
        if (!header) return failure_of(header.error(), kept->path());
        auto secrets = ask_to_unlock(options_, header->protector);
        if (!secrets) return fail(secrets.error());
        auto vault = unlock_vault(*file, copy(*secrets));
        if (!vault) return failure_of(vault.error(), kept->path());
        return Unlocked{std::move(*kept), std::move(*secrets), std::move(*vault)};
    }

    /// The identity before it has a protector; its sealer gets one before it seals.
    static OpenedVault unprotected(IdentitySecrets secrets, const falcon1024::PublicKey& falcon_public,
                                   WallTime created) {
        VaultSealer sealer{VaultHeader{}, VaultKey{}, secrets, falcon_public, created};
        return {std::move(secrets), falcon_public, created, {}, std::move(sealer)};
    }

    Result<OpenedVault, IdentityFailure> fresh() {
        auto made = generate_identity(rng_);
        return unprotected(std::move(made.secrets), made.falcon_public, now());
    }

    Result<OpenedVault, IdentityFailure> imported() {
        const std::string& path = options_.command.file;
        const auto file = read_private_file(path, max_vault_size);
        if (!file) return unusable(path + ": " + std::string{describe(file.error())});
        const auto header = read_vault_header(file->expose());
        if (!header) return failure_of(header.error(), path);
        // A stranger's file must not choose which device or library is asked.
        if (header->protector != Protector::passphrase) return unusable(path + " is no export");
        auto passphrase = ask_passphrase(options_.passphrase, "Passphrase of the export: ");
        if (!passphrase) return failure_of(passphrase.error());
        auto vault = unlock_vault(file->expose(), {std::move(*passphrase), {}, {}});
        if (!vault) return failure_of(vault.error(), path);
        return std::move(*vault);
    }

    Result<UnlockSecrets, IdentityFailure> secrets_for_new(Protector protector) {
        if (protector == Protector::tpm) {
            // The keys in the TPM get this PIN, so nobody would notice a mistyped one before it is needed.
            auto pin = ask_new_secret(options_,
                                      "New PIN for identity " + options_.identity_name + " (may be empty)");
            if (!pin) return fail(pin.error());
            if (pin->empty()) {
                std::fputs(
                    "secure-p2p: warning: without a PIN whoever has this machine and the file can be this "
                    "identity\n",
                    stderr);
            }
            return UnlockSecrets{std::move(*pin), options_.tpm, {}};
        }
        if (protector != Protector::passphrase) return ask_to_unlock(options_, protector);
        auto passphrase =
            ask_new_passphrase(options_, "New passphrase for identity " + options_.identity_name);
        if (!passphrase) return fail(passphrase.error());
        return UnlockSecrets{std::move(*passphrase), {}, {}};
    }

    Done destroy_outside(const VaultHeader& header) {
        auto secrets = ask_to_unlock(options_, header.protector);
        if (!secrets) return fail(secrets.error());
        const auto destroyed = destroy_protection(header, *secrets);
        if (!destroyed) return failure_of(destroyed.error(), "its key outside the file was not destroyed");
        return {};
    }

    [[nodiscard]] bool is_confirmed() const {
        std::printf("This can't be undone. Type %s to delete it: ", options_.identity_name.c_str());
        std::fflush(stdout);
        Bytes room(64);
        const LineRead line = read_line(STDIN_FILENO, room);
        std::string typed{room.begin(), room.begin() + static_cast<std::ptrdiff_t>(line.bytes)};
        while (!typed.empty() && (typed.back() == '\n' || typed.back() == '\r')) typed.pop_back();
        return typed == options_.identity_name;
    }

    static void print_contact(const Contact& contact) {
        print(clean_line(bytes_of(contact.name)) + ": " +
              (contact.verification == ContactVerification::verified ? "verified" : "not verified") + ", " +
              to_hex(contact.fingerprint.view()) + ", last seen " + date(contact.last_seen) +
              (contact.hardware
                   ? ", key in a " + std::string{name_of(contact.hardware->kind)} + " (as it says)"
                   : std::string{}));
        for (const std::string& endpoint : contact.last_endpoints)
            print("    " + clean_line(bytes_of(endpoint)));
    }

    const KeyOptions& options_;
    TestedSystemRng rng_;
};

Done run(Command& command, IdentityAction action) {
    switch (action) {
        case IdentityAction::create: return command.create();
        case IdentityAction::list: return command.list();
        case IdentityAction::show: return command.show();
        case IdentityAction::passwd: return command.passwd();
        case IdentityAction::write_export: return command.write_export();
        case IdentityAction::erase: return command.erase();
        case IdentityAction::contacts: return command.contacts();
        case IdentityAction::forget: return command.forget();
    }
    return {};
}

}  // namespace

ExitCode run_identity(const KeyOptions& options) {
    Command command{options};
    const Done done = run(command, options.command.action);
    if (done) return ExitCode::ok;
    std::fflush(stdout);
    std::fprintf(stderr, "secure-p2p: %s\n", done.error().text.c_str());
    return done.error().kind == IdentityFailureKind::refused ? ExitCode::identity_refused
                                                             : ExitCode::identity_unusable;
}

}  // namespace chat
