#pragma once
/// The one place where a build for testing loosens the sandbox (CMakeLists.txt sets the definitions, never for a release):
/// sanitizers ask for system calls of their own when they report and when they look for leaks; a coverage build writes its counts
/// to files at the end.

namespace chat {

#ifdef CHAT_SANITIZED
inline constexpr bool sanitized_build = true;
#else
inline constexpr bool sanitized_build = false;
#endif

#ifdef CHAT_COVERAGE
inline constexpr bool coverage_build = true;
#else
inline constexpr bool coverage_build = false;
#endif

}  // namespace chat
