#include "app/held_keys.hpp"

#include "shell/program_path.hpp"

namespace chat {

Result<HeldKeys, std::string> hold_keys(const Options& options, const char* program) {
    KeyHolderSetup setup;
    setup.program = path_of_this_program(program);
    setup.allow_debugger = options.allow_debugger;
    auto holder = hold_ephemeral_keys(setup);
    if (!holder) return fail(describe(holder.error()));
    auto identity = (*holder)->generate();
    if (!identity) return fail((*holder)->lost().value_or(std::string{describe(identity.error())}));
    HeldKeys out;
    out.holder = std::move(*holder);
    out.identity = std::move(*identity);
    return out;
}

std::string describe(const HeldKeys& keys) {
    return describe(keys.holder->protection()) + (keys.kept ? "" : ", nothing on disk");
}

}  // namespace chat
