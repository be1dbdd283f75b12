#include "app/keys/kept_identity.hpp"

#include <cstdio>

namespace chat {

namespace {

Result<SecretBuffer, IdentityFailure> ask(const KeyOptions& options, const std::string& prompt) {
    auto answer = ask_passphrase(options.passphrase, prompt);
    if (!answer) return failure_of(answer.error());
    return std::move(*answer);
}

bool is_about_the_secret(VaultError error) {
    const auto device = device_error(error);
    return error == VaultError::wrong_passphrase || device == HsmError::wrong_pin ||
           device == HsmError::wrong_pin_last_try || device == HsmError::pin_needed ||
           device == HsmError::pin_locked;
}

Result<KeptIdentity, IdentityFailure> refusal(const FolderProblem& problem) { return failure_of(problem); }

}  // namespace

Failure<IdentityFailure> failure_of(const FolderProblem& problem) {
    return fail(IdentityFailure{IdentityFailureKind::unusable, describe(problem)});
}

Failure<IdentityFailure> failure_of(VaultError error, std::string_view where) {
    const auto kind =
        is_about_the_secret(error) ? IdentityFailureKind::refused : IdentityFailureKind::unusable;
    return fail(IdentityFailure{kind, std::string{where} + ": " + std::string{describe(error)}});
}

Failure<IdentityFailure> failure_of(PassphraseError error) {
    return fail(IdentityFailure{IdentityFailureKind::refused, std::string{describe(error)}});
}

Result<KeptIdentity, IdentityFailure> KeptIdentity::open(const std::string& name) {
    auto folder = IdentityFolder::open();
    if (!folder && folder.error().error != FolderError::not_found) return refusal(folder.error());
    if (!folder || !folder->contains(name)) {
        const std::string path = folder ? folder->path_of(name) : folder.error().path;
        return fail(
            IdentityFailure{IdentityFailureKind::unusable,
                            "no identity " + name + " is kept (" + path +
                                " is missing); to make one: secure-p2p identity create" +
                                (name == KeyOptions{}.identity_name ? "" : " --identity-name " + name)});
    }
    auto lock = folder->lock(name);
    if (!lock) return refusal(lock.error());
    return KeptIdentity{std::move(*folder), std::move(*lock), name};
}

Result<KeptIdentity, IdentityFailure> KeptIdentity::reserve(const std::string& name) {
    auto folder = IdentityFolder::open_or_make();
    if (!folder) return refusal(folder.error());
    auto lock = folder->lock(name);
    if (!lock) return refusal(lock.error());
    if (folder->contains(name)) {
        return fail(
            IdentityFailure{IdentityFailureKind::unusable,
                            folder->path_of(name) + " exists already; --identity-name makes another"});
    }
    return KeptIdentity{std::move(*folder), std::move(*lock), name};
}

Result<Bytes, IdentityFailure> KeptIdentity::read() const {
    auto file = folder_.read(name_, max_vault_size);
    if (!file) return failure_of(file.error());
    return std::move(*file);
}

Result<void, IdentityFailure> KeptIdentity::write(ByteView file) const {
    if (const auto written = folder_.write(name_, file); !written) return failure_of(written.error());
    return {};
}

Result<void, IdentityFailure> KeptIdentity::erase() const {
    if (const auto erased = folder_.erase(name_); !erased) return failure_of(erased.error());
    return {};
}

Result<UnlockSecrets, IdentityFailure> ask_to_unlock(const KeyOptions& options, Protector protector) {
    UnlockSecrets out{{}, options.tpm, options.token};
    std::string prompt;
    if (protector == Protector::passphrase) prompt = "Passphrase of identity " + options.identity_name + ": ";
    if (protector == Protector::tpm) prompt = "PIN of identity " + options.identity_name + " in the TPM: ";
    if (protector == Protector::pkcs11) prompt = "PIN of the token: ";
    if (prompt.empty()) return out;
    auto secret = ask(options, prompt);
    if (!secret) return fail(secret.error());
    out.passphrase = std::move(*secret);
    return out;
}

Result<SecretBuffer, IdentityFailure> ask_new_secret(const KeyOptions& options, const std::string& prompt) {
    auto first = ask(options, prompt + ": ");
    if (!first || options.passphrase.descriptor || !options.passphrase.askpass.empty()) return first;
    const auto second = ask(options, prompt + ", again: ");
    if (!second) return fail(second.error());
    if (first->size() != second->size() ||
        !guarded_memory::equal_constant_time(first->expose(), second->expose())) {
        return fail(IdentityFailure{IdentityFailureKind::refused, "what was typed the second time differs"});
    }
    return first;
}

Result<SecretBuffer, IdentityFailure> ask_new_passphrase(const KeyOptions& options,
                                                         const std::string& prompt) {
    auto passphrase = ask_new_secret(options, prompt);
    if (passphrase && passphrase->empty()) {
        return fail(IdentityFailure{IdentityFailureKind::refused, "the passphrase is empty"});
    }
    constexpr std::size_t short_one = 12;
    const bool typed = !options.passphrase.descriptor && options.passphrase.askpass.empty();
    if (passphrase && typed && passphrase->size() < short_one) {
        std::fputs(
            "secure-p2p: warning: so short a passphrase can be guessed by whoever gets the file; five random "
            "words are better (identity passwd changes it)\n",
            stderr);
    }
    return passphrase;
}

Result<void, std::string> ContactStore::save(const Contacts& contacts) const {
    const auto encoded = encode(contacts);
    if (!encoded) return fail(std::string{describe(encoded.error())});
    const auto file = holder_->seal_contacts(*encoded);
    if (!file) return fail("the contacts could not be sealed: " + std::string{describe(file.error())});
    if (const auto written = identity_.write(*file); !written) return fail(written.error().text);
    return {};
}

}  // namespace chat
