#pragma once
/// One region of guarded memory for all temporaries of a key generation, handed out like a stack and wiped as a whole.

#include <cassert>
#include <span>
#include <type_traits>

#include "base/secret.hpp"

namespace chat::falcon1024 {

class KeygenWorkspace {
  public:
    explicit KeygenWorkspace(std::size_t size) : memory_{size} {}

    /// `count` values, zeroed or left over from an earlier use, aligned to 32 bytes. Running out is a bug and asserts.
    template <class T>
    [[nodiscard]] std::span<T> take(std::size_t count) {
        static_assert(std::is_trivially_copyable_v<T> && alignof(T) <= alignment);
        const std::size_t size = (count * sizeof(T) + alignment - 1) / alignment * alignment;
        assert(size <= memory_.size() - used_);
        u8* const start = memory_.expose_mutable().data() + used_;
        used_ += size;
        most_used_ = used_ > most_used_ ? used_ : most_used_;
        return {reinterpret_cast<T*>(start), count};  // NOLINT: trivial types may live in plain bytes
    }

    /// Gives back what was taken since it was made.
    class Scope {
      public:
        explicit Scope(KeygenWorkspace& workspace) : workspace_{workspace}, used_{workspace.used_} {}
        Scope(const Scope&) = delete;
        Scope& operator=(const Scope&) = delete;
        ~Scope() { workspace_.used_ = used_; }

      private:
        KeygenWorkspace& workspace_;
        std::size_t used_;
    };

    [[nodiscard]] std::size_t most_used() const { return most_used_; }

  private:
    static constexpr std::size_t alignment = 32;
    SecretBuffer memory_;
    std::size_t used_ = 0;
    std::size_t most_used_ = 0;
};

}  // namespace chat::falcon1024
