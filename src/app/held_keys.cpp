#include "app/held_keys.hpp"

#include "shell/program_path.hpp"

namespace chat {

namespace {

Failure<HoldFailure> lost(std::string text) {
    return fail(HoldFailure{ExitCode::keys_lost, std::move(text)});
}

Failure<HoldFailure> refused(const IdentityFailure& failure) {
    return fail(HoldFailure{failure.kind == IdentityFailureKind::refused ? ExitCode::identity_refused
                                                                         : ExitCode::identity_unusable,
                            failure.text});
}

Failure<HoldFailure> not_opened(const KeyHolderFailure& failure, const std::string& path) {
    if (failure.vault) return refused(failure_of(*failure.vault, path).error);
    return lost(describe(failure));
}

Result<HeldKeys, HoldFailure> hold_kept(const KeyOptions& options, const KeyHolderSetup& setup) {
    auto kept = KeptIdentity::open(options.identity_name);
    if (!kept) return refused(kept.error());
    const auto file = kept->read();
    if (!file) return refused(file.error());
    const auto header = read_vault_header(*file);
    if (!header) return refused(failure_of(header.error(), kept->path()).error);
    if (const auto kind = kind_of(header->protector); kind != *options.identity) {
        return refused({IdentityFailureKind::unusable, "identity " + options.identity_name +
                                                           " is kept another way: use --identity " +
                                                           std::string{name_of(kind)}});
    }
    auto secrets = ask_to_unlock(options, header->protector);
    if (!secrets) return refused(secrets.error());
    auto held = hold_vault(setup, *file, std::move(*secrets));
    if (!held) return not_opened(held.error(), kept->path());
    HeldKeys out;
    out.holder = std::move(held->holder);
    out.identity = std::move(held->identity);
    out.kept = true;
    out.contacts = std::move(held->contacts);
    out.contact_store = std::make_unique<ContactStore>(std::move(*kept), *out.holder);
    return out;
}

}  // namespace

Result<HeldKeys, HoldFailure> hold_keys(const Options& options, const char* program) {
    KeyHolderSetup setup;
    setup.program = path_of_this_program(program);
    setup.allow_debugger = options.allow_debugger;
    if (options.keys.identity.value_or(IdentityKind::memory) != IdentityKind::memory) {
        return hold_kept(options.keys, setup);
    }
    auto holder = hold_ephemeral_keys(setup);
    if (!holder) return lost(describe(holder.error()));
    auto identity = (*holder)->generate();
    if (!identity) return lost((*holder)->lost().value_or(std::string{describe(identity.error())}));
    HeldKeys out;
    out.holder = std::move(*holder);
    out.identity = std::move(*identity);
    return out;
}

std::string describe(const HeldKeys& keys) {
    return describe(keys.holder->protection()) + (keys.kept ? "" : ", nothing on disk");
}

}  // namespace chat
