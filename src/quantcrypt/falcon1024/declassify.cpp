#include "quantcrypt/falcon1024/declassify.hpp"

namespace chat::falcon1024 {

void declassify(ByteView /*now_public*/) {}

}  // namespace chat::falcon1024
