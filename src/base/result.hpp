#pragma once
/// A value or an error that the caller acts on. Members are named as in std::expected, which GCC 12 lacks; fail() stands
/// for std::unexpected. Every room has one closed error enum E and a describe(E) that gives the text for the user.

#include <cassert>
#include <type_traits>
#include <utility>
#include <variant>

namespace chat {

template <class E>
struct Failure {
    E error;
};

/// `return fail(KexError::bad_mac);`
template <class E>
[[nodiscard]] constexpr Failure<E> fail(E error) {
    return {std::move(error)};
}

template <class T, class E>
class [[nodiscard]] Result {
  public:
    using value_type = T;
    using error_type = E;

    Result(T value) : state_{std::in_place_index<0>, std::move(value)} {}
    Result(Failure<E> failure) : state_{std::in_place_index<1>, std::move(failure.error)} {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    [[nodiscard]] T& value() & { return checked(state_); }
    [[nodiscard]] const T& value() const& { return checked(state_); }
    [[nodiscard]] T&& value() && { return std::move(checked(state_)); }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T&& operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }

    [[nodiscard]] const E& error() const {
        assert(!has_value());
        return *std::get_if<1>(&state_);
    }

  private:
    template <class V>
    static auto& checked(V& state) {
        assert(state.index() == 0);
        return *std::get_if<0>(&state);
    }
    std::variant<T, E> state_;
};

template <class E>
class [[nodiscard]] Result<void, E> {
  public:
    using value_type = void;
    using error_type = E;

    Result() = default;
    Result(Failure<E> failure) : state_{std::in_place_index<1>, std::move(failure.error)} {}

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] const E& error() const {
        assert(!has_value());
        return *std::get_if<1>(&state_);
    }

  private:
    std::variant<std::monostate, E> state_;
};

}  // namespace chat
