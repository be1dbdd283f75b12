#pragma once
/// The text that a person is writing, and where the cursor stands in it. What it held is wiped.

#include <memory>
#include <vector>

#include "base/guarded_memory.hpp"
#include "base/secret.hpp"

namespace chat {

/// Wipes what it gives back, so that growing leaves no copies behind.
template <class T>
struct WipingAllocator {
    using value_type = T;
    WipingAllocator() = default;
    template <class U>
    explicit WipingAllocator(const WipingAllocator<U>&) {}
    [[nodiscard]] T* allocate(std::size_t count) { return std::allocator<T>{}.allocate(count); }
    void deallocate(T* memory, std::size_t count) {
        guarded_memory::wipe({reinterpret_cast<u8*>(memory), count * sizeof(T)});  // NOLINT: bytes of it
        std::allocator<T>{}.deallocate(memory, count);
    }
    friend bool operator==(const WipingAllocator&, const WipingAllocator&) { return true; }
};

class Draft {
  public:
    using Text = std::vector<char32_t, WipingAllocator<char32_t>>;

    /// False when the text would be longer than `most_bytes` of UTF-8; nothing is inserted then.
    [[nodiscard]] bool insert(char32_t character, std::size_t most_bytes);
    void left();
    void right();
    void word_left();
    void word_right();
    void home() { cursor_ = 0; }
    void end() { cursor_ = text_.size(); }
    void backspace();
    void remove();
    void erase_to_start();
    void erase_to_end();
    void erase_word();

    /// The cursor goes to the end.
    void replace(Text text);
    /// Leaves an empty draft.
    [[nodiscard]] Text take();

    [[nodiscard]] const Text& text() const { return text_; }
    [[nodiscard]] std::size_t cursor() const { return cursor_; }

  private:
    void erase(std::size_t first, std::size_t last);

    Text text_;
    std::size_t cursor_ = 0;
    std::size_t bytes_ = 0;  ///< of text_ in UTF-8
};

[[nodiscard]] SecretBuffer to_utf8(const Draft::Text& text);

}  // namespace chat
