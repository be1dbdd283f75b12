#pragma once
/// The port through which every incoming ciphertext is announced, by its layer and size, before anything tries to open it. It gets
/// no content: there is none yet.

#include <string_view>

#include "base/bytes.hpp"

namespace chat {

enum class Ciphertext : u8 {
    hello,         ///< layer 1: the first message of a stranger
    certificate,   ///< layer 1: the reply or the finish
    tls_record,    ///< layer 2; announced when its header is there
    key_exchange,  ///< layer 3: bundle, init or resp
    resume_frame,  ///< layer 3
    cell,          ///< layers 3 and 4; the ciphertext of layer 4 is a fixed part of it
};
/// One word, for a log.
[[nodiscard]] std::string_view name_of(Ciphertext what);

class CiphertextLog {
  public:
    CiphertextLog() = default;
    CiphertextLog(const CiphertextLog&) = delete;
    CiphertextLog& operator=(const CiphertextLog&) = delete;
    virtual ~CiphertextLog() = default;

    virtual void arriving(Ciphertext what, std::size_t size) = 0;
};

/// Says nothing to anybody.
[[nodiscard]] CiphertextLog& no_ciphertext_log();

}  // namespace chat
