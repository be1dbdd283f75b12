#include "process_protection/seccomp_linux.hpp"

#include <cerrno>

namespace chat {

SeccompFilter::SeccompFilter(std::uint32_t otherwise) : context_{seccomp_init(otherwise)} {
    if (!context_) {
        complete_ = false;
        return;
    }
    seccomp_attr_set(context_.get(), SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
    seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_TSYNC, 1);
    seccomp_attr_set(context_.get(), SCMP_FLTATR_CTL_OPTIMIZE, 2);
}

void SeccompFilter::add(std::uint32_t action, std::initializer_list<const char*> calls) {
    for (const char* const name : calls) {
        const int number = seccomp_syscall_resolve_name(name);
        if (number == __NR_SCMP_ERROR || !context_) continue;
        const int code = seccomp_rule_add_array(context_.get(), action, number, 0, nullptr);
        // Calls that this architecture doesn't have (negative numbers) are refused with EDOM: nothing is lost.
        if (code != 0 && code != -EDOM) complete_ = false;
    }
}

void SeccompFilter::add_if(std::uint32_t action, const char* call, scmp_arg_cmp condition) {
    add_if_all(action, call, {condition});
}

void SeccompFilter::add_if_all(std::uint32_t action, const char* call,
                               std::initializer_list<scmp_arg_cmp> conditions) {
    const int number = seccomp_syscall_resolve_name(call);
    if (number == __NR_SCMP_ERROR || !context_) return;
    const int code = seccomp_rule_add_array(context_.get(), action, number,
                                            static_cast<unsigned>(conditions.size()), conditions.begin());
    if (code != 0 && code != -EDOM) complete_ = false;
}

bool SeccompFilter::load() { return complete_ && seccomp_load(context_.get()) == 0; }

scmp_arg_cmp argument_is(unsigned argument, std::uint32_t value) {
    return {argument, SCMP_CMP_MASKED_EQ, 0xffffffffU, value};
}

scmp_arg_cmp argument_has(unsigned argument, std::uint64_t bits) {
    return {argument, SCMP_CMP_MASKED_EQ, bits, bits};
}

scmp_arg_cmp argument_lacks(unsigned argument, std::uint64_t bits) {
    return {argument, SCMP_CMP_MASKED_EQ, bits, 0};
}

}  // namespace chat
