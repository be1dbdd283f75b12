#pragma once
/// Finds in a trace of strace what would have left something on disk.

#include <istream>
#include <string>
#include <vector>

namespace chat::test {

/// Arguments for strace that make a trace which disk_writes() reads, of a program and all that it starts, threads included.
std::vector<std::string> strace_arguments(const std::string& trace_file);

/// Lines of the trace that create, change, move or delete something in a file system, or tried to. Terminals, /dev/null, pipes,
/// sockets, and memory without a name (memfd_secret, memfd) are no such places.
std::vector<std::string> disk_writes(std::istream& trace);

}  // namespace chat::test
