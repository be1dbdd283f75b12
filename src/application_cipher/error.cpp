#include "application_cipher/error.hpp"

#include <cassert>

namespace chat {

std::string_view describe(ApplicationCipherError error) {
    switch (error) {
        case ApplicationCipherError::no_key:
            return "the application layer has no key for this message: used already, or wiped";
        case ApplicationCipherError::bad_tag: return "the application layer of this message does not open";
    }
    assert(false);
    return {};
}

}  // namespace chat
