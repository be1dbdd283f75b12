#include "quantcrypt/falcon1024/digits.hpp"

#include <algorithm>

#include "quantcrypt/falcon1024/keygen_verdict.hpp"

namespace chat::falcon1024 {
namespace {

struct Split {
    i64 digit;
    i64 carry;
};

Split split_digit(i64 value) {
    const i64 carry = (value + digit_base / 2) >> digit_bits;
    return {value - carry * digit_base, carry};
}

}  // namespace

bool balance(Digits out, ConstDigits in) {
    i64 excess = 0;
    for (std::size_t c = 0; c < out.degree; ++c) {
        i64 carry = 0;
        for (std::size_t j = 0; j < std::max(in.digits, out.digits); ++j) {
            const Split split = split_digit((j < in.digits ? in.at(c, j) : 0) + carry);
            carry = split.carry;
            if (j < out.digits) {
                out.at(c, j) = split.digit;
            } else {
                excess |= split.digit;
            }
        }
        excess |= carry;
    }
    return public_verdict(excess == 0);
}

void carry_into_highest(Digits digits) {
    for (std::size_t c = 0; c < digits.degree; ++c) {
        i64 carry = 0;
        for (std::size_t j = 0; j + 1 < digits.digits; ++j) {
            const Split split = split_digit(digits.at(c, j) + carry);
            digits.at(c, j) = split.digit;
            carry = split.carry;
        }
        digits.at(c, digits.digits - 1) += carry;
    }
}

void clear(Digits digits) {
    for (std::size_t c = 0; c < digits.degree; ++c) {
        for (std::size_t j = 0; j < digits.digits; ++j) digits.at(c, j) = 0;
    }
}

}  // namespace chat::falcon1024
