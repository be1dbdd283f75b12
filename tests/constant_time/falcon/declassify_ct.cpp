#include "quantcrypt/falcon1024/declassify.hpp"

#include <valgrind/memcheck.h>

namespace chat::falcon1024 {

void declassify(ByteView now_public) { VALGRIND_MAKE_MEM_DEFINED(now_public.data(), now_public.size()); }

}  // namespace chat::falcon1024
