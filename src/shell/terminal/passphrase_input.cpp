#include "shell/terminal/passphrase_input.hpp"

namespace chat {

std::string_view describe(PassphraseError error) {
    switch (error) {
        case PassphraseError::no_terminal: return "no terminal to ask at; use --passphrase-fd or --askpass";
        case PassphraseError::ended: return "the input ended where a passphrase was expected";
        case PassphraseError::not_readable:
            return "the descriptor of --passphrase-fd is not open for reading";
        case PassphraseError::too_long: return "a passphrase has at most 1024 bytes";
        case PassphraseError::askpass_failed:
            return "the askpass program gave no passphrase (is it there, and did it end with 0?)";
    }
    return "";
}

}  // namespace chat
