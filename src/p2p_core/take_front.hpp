#pragma once
/// What every machine's poll() does.

#include <deque>
#include <optional>
#include <utility>

namespace chat {

/// Takes the oldest out of a queue of outputs; empty when there is none.
template <class T>
[[nodiscard]] std::optional<T> take_front(std::deque<T>& queue) {
    std::optional<T> out;
    if (queue.empty()) return out;
    out.emplace(std::move(queue.front()));
    queue.pop_front();
    return out;
}

}  // namespace chat
