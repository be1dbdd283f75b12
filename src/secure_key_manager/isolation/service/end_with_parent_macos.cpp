#include "secure_key_manager/isolation/service/end_with_parent.hpp"

namespace chat {

bool end_with_parent() { return true; }

}  // namespace chat
