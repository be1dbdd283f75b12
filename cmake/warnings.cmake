# Warnings are errors, for the project's own code only: other people's headers are SYSTEM.

add_library(project_warnings INTERFACE)
if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  target_compile_options(project_warnings INTERFACE
    -Werror -Wall -Wextra -Wpedantic -Wconversion -Wsign-conversion -Wdouble-promotion -Wshadow -Wold-style-cast
    -Wnon-virtual-dtor -Woverloaded-virtual -Wformat=2 -Wimplicit-fallthrough -Wcast-qual -Wcast-align -Wundef -Wvla
    -Wextra-semi -Wunused)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  target_compile_options(project_warnings INTERFACE
    -Wduplicated-cond -Wduplicated-branches -Wlogical-op -Wsuggest-override)
elseif(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
  # gcc's -Wnull-dereference takes Result's checked get_if for a mistake.
  target_compile_options(project_warnings INTERFACE
    -Wnull-dereference -Wcomma -Wloop-analysis -Winconsistent-missing-override -Wunreachable-code -Wheader-hygiene)
endif()
