#pragma once
/// Lines from standard input (a terminal, a pipe or a file), without blocking the loop. Bytes that were read are wiped after use.

#include <memory>

#include "base/secret.hpp"
#include "shell/net/loop.hpp"
#include "shell/terminal/text_input.hpp"

namespace chat {

class LineInput final : public TextInput {
  public:
    LineInput(Loop& loop, int descriptor, Events events);
    LineInput(const LineInput&) = delete;
    LineInput& operator=(const LineInput&) = delete;
    ~LineInput() override;

    void pause() override;
    void resume() override;
    /// Lines are wiped as soon as they were handed on.
    void forget() override {}
    void set_prompt(std::string_view) override {}

  private:
    void on_readable();
    void take(ByteView bytes);
    void finish_line();

    int descriptor_;
    Events events_;
    SecretBuffer line_{longest_input_line};
    std::size_t length_ = 0;
    bool overlong_ = false;
    bool ended_ = false;
    std::unique_ptr<ReadWatch> watch_;
};

}  // namespace chat
