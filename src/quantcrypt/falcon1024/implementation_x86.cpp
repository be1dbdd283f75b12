#include "quantcrypt/falcon1024/implementation.hpp"

namespace chat::falcon1024 {

bool is_available(Implementation implementation) {
    return implementation == Implementation::portable || __builtin_cpu_supports("avx2") != 0;
}

Implementation best_implementation() {
    return is_available(Implementation::avx2) ? Implementation::avx2 : Implementation::portable;
}

}  // namespace chat::falcon1024
