#include <signal.h>
#include <sys/prctl.h>

#include "secure_key_manager/isolation/service/end_with_parent.hpp"

namespace chat {

bool end_with_parent() { return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0; }

}  // namespace chat
