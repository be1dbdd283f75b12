#include "app/keys/held_keys.hpp"

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

/// The device that an identity is kept in.
std::optional<DeviceChoice> device_of(const VaultHeader& header, const UnlockSecrets& secrets) {
    const bool is_tpm = header.protector == Protector::tpm;
    if (!is_tpm && header.protector != Protector::pkcs11) return std::nullopt;
    const auto parameters = decode_device_parameters(header.parameters);
    if (!parameters) return std::nullopt;  // hold_vault() says what is wrong
    return DeviceChoice{{is_tpm ? HsmKind::tpm : HsmKind::pkcs11, is_tpm ? secrets.tcti : secrets.token_uri},
                        SecretBuffer::copy_of(secrets.passphrase.expose()),
                        parameters->handle};
}

/// Opens `device`, or the one that is asked for without an identity in it. A failure, if hardware is required.
std::optional<HoldFailure> add_device(HeldKeys& keys, const KeyOptions& options, const KeyHolderSetup& setup,
                                      std::optional<DeviceChoice> device) {
    if (!device) device = device_for_randomness(options);
    if (!device) return std::nullopt;
    auto held = hold_device(setup.program, setup.allow_debugger, std::move(*device));
    if (held) {
        keys.device = std::move(*held);
    } else if (options.require_hardware) {
        return HoldFailure{ExitCode::no_hardware, "--require-hardware: " + held.error()};
    } else {
        keys.device_warning = held.error() + "; the system's random numbers go on alone";
    }
    return std::nullopt;
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
    auto device = device_of(*header, *secrets);
    auto held = hold_vault(setup, *file, std::move(*secrets));
    if (!held) return not_opened(held.error(), kept->path());
    HeldKeys out;
    if (const auto refusal = add_device(out, options, setup, std::move(device))) return fail(*refusal);
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
    if (const auto refusal = add_device(out, options.keys, setup, std::nullopt)) return fail(*refusal);
    out.holder = std::move(*holder);
    out.identity = std::move(*identity);
    return out;
}

std::string describe(const HeldKeys& keys) {
    return describe(keys.holder->protection()) + (keys.kept ? "" : ", nothing on disk");
}

}  // namespace chat
