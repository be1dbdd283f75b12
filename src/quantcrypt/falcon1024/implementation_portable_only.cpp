#include "quantcrypt/falcon1024/implementation.hpp"

namespace chat::falcon1024 {

bool is_available(Implementation implementation) { return implementation == Implementation::portable; }

Implementation best_implementation() { return Implementation::portable; }

}  // namespace chat::falcon1024
