#pragma once
/// The declassify() of the signing templates for a run under memcheck.

#include <valgrind/memcheck.h>

#include "base/bytes.hpp"

namespace chat::falcon1024 {

struct MemcheckTag {
    static u32 declassify(u32 value) {
        VALGRIND_MAKE_MEM_DEFINED(&value, sizeof value);
        return value;
    }
};

}  // namespace chat::falcon1024
