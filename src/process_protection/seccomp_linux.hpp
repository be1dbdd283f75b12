#pragma once
/// seccomp filters by name, over libseccomp.

#include <seccomp.h>

#include <initializer_list>
#include <memory>

namespace chat {

class SeccompFilter {
  public:
    /// `otherwise`: what happens to a call that no rule names (SCMP_ACT_...). A call by the numbers of another architecture ends the
    /// process.
    explicit SeccompFilter(std::uint32_t otherwise);

    /// Rules by name, so that one which this architecture doesn't have, or which libseccomp doesn't know yet, is left out.
    void add(std::uint32_t action, std::initializer_list<const char*> calls);
    /// Only when the argument compares so (SCMP_A0(...) and so on).
    void add_if(std::uint32_t action, const char* call, scmp_arg_cmp condition);
    /// Only when all of them do, each on an argument of its own.
    void add_if_all(std::uint32_t action, const char* call, std::initializer_list<scmp_arg_cmp> conditions);

    /// Puts the filter on every thread of this process. False: the kernel has no seccomp, and nothing changed.
    bool load();

  private:
    struct Release {
        void operator()(void* context) const { seccomp_release(context); }
    };
    std::unique_ptr<void, Release> context_;
    bool complete_ = true;
};

/// `argument` (32 bits in the kernel, whatever stands above them in the register) is `value`.
[[nodiscard]] scmp_arg_cmp argument_is(unsigned argument, std::uint32_t value);
/// `argument` has all of `bits`, or none of them.
[[nodiscard]] scmp_arg_cmp argument_has(unsigned argument, std::uint64_t bits);
[[nodiscard]] scmp_arg_cmp argument_lacks(unsigned argument, std::uint64_t bits);

}  // namespace chat
