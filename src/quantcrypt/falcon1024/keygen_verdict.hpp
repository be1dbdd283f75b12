#pragma once
/// Where key generation may branch on what it computed from secrets.

#include "quantcrypt/falcon1024/declassify.hpp"

namespace chat::falcon1024 {

/// The outcome of a check, made public. When it is bad, the pair (f, g) is thrown away, and nothing is ever made with it; when it is good it
/// says what is known of every key. Two outcomes are bad more often than not, but every seed goes through them with pairs drawn afresh.
[[nodiscard]] inline bool public_verdict(bool verdict) {
    u8 bit = verdict ? 1 : 0;
    declassify({&bit, 1});
    return bit != 0;
}

}  // namespace chat::falcon1024
