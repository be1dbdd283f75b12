#include <signal.h>
#include <sys/prctl.h>

#include "secure_key_manager/isolation/end_with_parent.hpp"

namespace chat {

// A parent that ended before this call shows as the end of the channel.
bool end_with_parent() { return ::prctl(PR_SET_PDEATHSIG, SIGKILL) == 0; }

}  // namespace chat
