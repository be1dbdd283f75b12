#pragma once
/// Secret bytes as types. A secret lives in guarded memory (guarded_memory.hpp), moves and never copies, is wiped when it
/// dies or is moved from, has no == and no <<; expose() is the only door. One Tag per key, per role, per side:
///     using MessageKey = Secret<struct MessageKeyTag, 32>;

#include <cassert>
#include <cstring>
#include <utility>

#include "base/bytes.hpp"
#include "base/guarded_memory.hpp"

namespace chat {

/// Owner of `size` guarded bytes, size chosen at run time. Empty (size 0) after a move or by default.
class SecretBuffer {
  public:
    SecretBuffer() = default;
    /// Zeroed.
    explicit SecretBuffer(std::size_t size)
        : data_{size == 0 ? nullptr : guarded_memory::allocate(size)}, size_{size} {}
    SecretBuffer(SecretBuffer&& other) noexcept
        : data_{std::exchange(other.data_, nullptr)}, size_{std::exchange(other.size_, 0)} {}
    SecretBuffer& operator=(SecretBuffer&& other) noexcept {
        if (this != &other) {
            reset();
            data_ = std::exchange(other.data_, nullptr);
            size_ = std::exchange(other.size_, 0);
        }
        return *this;
    }
    SecretBuffer(const SecretBuffer&) = delete;
    SecretBuffer& operator=(const SecretBuffer&) = delete;
    ~SecretBuffer() { reset(); }

    /// Copies `source` in; the caller still has to wipe the source.
    static SecretBuffer copy_of(ByteView source) {
        SecretBuffer out{source.size()};
        if (out.data_ != nullptr) std::memcpy(out.data_, source.data(), source.size());
        return out;
    }

    [[nodiscard]] std::size_t size() const { return size_; }
    [[nodiscard]] bool empty() const { return size_ == 0; }
    [[nodiscard]] ByteView expose() const { return {data_, size_}; }
    [[nodiscard]] MutableByteView expose_mutable() { return {data_, size_}; }

    /// Wipes and frees now.
    void reset() noexcept {
        if (data_ != nullptr) guarded_memory::release(data_, size_);
        data_ = nullptr;
        size_ = 0;
    }

  private:
    u8* data_ = nullptr;
    std::size_t size_ = 0;
};

/// N secret bytes. A moved-from secret holds nothing; using it is a bug and asserts.
template <class Tag, std::size_t N>
class Secret {
  public:
    static constexpr std::size_t size = N;

    /// Zeroed; fill it through expose_mutable().
    Secret() : buffer_{N} {}
    Secret(Secret&&) noexcept = default;
    Secret& operator=(Secret&&) noexcept = default;
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() = default;

    /// Copies N bytes in; the caller still has to wipe the source.
    static Secret copy_of(std::span<const u8, N> source) {
        Secret out;
        std::memcpy(out.buffer_.expose_mutable().data(), source.data(), N);
        return out;
    }
    /// A second copy, on purpose and visible at the call.
    [[nodiscard]] Secret clone() const { return copy_of(expose()); }

    [[nodiscard]] std::span<const u8, N> expose() const {
        assert(holds_value());
        return std::span<const u8, N>{buffer_.expose().data(), N};
    }
    [[nodiscard]] std::span<u8, N> expose_mutable() {
        assert(holds_value());
        return std::span<u8, N>{buffer_.expose_mutable().data(), N};
    }
    [[nodiscard]] bool holds_value() const { return !buffer_.empty(); }
    [[nodiscard]] bool equals(const Secret& other) const {
        return guarded_memory::equal_constant_time(expose(), other.expose());
    }
    /// Wipes and frees now.
    void reset() noexcept { buffer_.reset(); }

  private:
    SecretBuffer buffer_;
};

/// Wipes a stack or container temporary when the scope is left, whichever way.
class WipeOnExit {
  public:
    explicit WipeOnExit(MutableByteView memory) : memory_{memory} {}
    WipeOnExit(const WipeOnExit&) = delete;
    WipeOnExit& operator=(const WipeOnExit&) = delete;
    ~WipeOnExit() { guarded_memory::wipe(memory_); }

  private:
    MutableByteView memory_;
};

}  // namespace chat
