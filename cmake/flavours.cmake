# What a preset of CMakePresets.json stands for in compiler flags.

set(CHAT_FLAVOUR dev CACHE STRING "release, dev, asan, tsan, cov, fuzz or clang")
option(CHAT_TESTS "Build the tests" ON)
option(CHAT_BENCH "Build the benchmarks" OFF)

# Assertions of the standard library stay on even in the release: a program that guards secrets stops rather than
# going on with a broken state. NDEBUG is set nowhere for the same reason.
add_compile_definitions(_GLIBCXX_ASSERTIONS)

function(hardening)
  add_compile_options(-O2 -fstack-protector-strong -fstack-clash-protection -ftrivial-auto-var-init=pattern
    "-ffile-prefix-map=${CMAKE_SOURCE_DIR}=." -U_FORTIFY_SOURCE)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    add_compile_definitions(_FORTIFY_SOURCE=3)
  else()
    add_compile_definitions(_FORTIFY_SOURCE=2)
  endif()
  if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64|i.86")
    add_compile_options(-fcf-protection)
  endif()
  if(CMAKE_SYSTEM_NAME STREQUAL "Linux")
    add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack,-z,separate-code)
  endif()
endfunction()

function(sanitizers list)
  add_compile_options(-O1 -g1 -fno-omit-frame-pointer "-fsanitize=${list}" -fno-sanitize-recover=all)
  add_link_options("-fsanitize=${list}")
endfunction()

if(NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
  message(STATUS "${CMAKE_CXX_COMPILER_ID}: the compiler's own defaults are used")
elseif(CHAT_FLAVOUR STREQUAL "release")
  hardening()
elseif(CHAT_FLAVOUR MATCHES "^(dev|clang)$")
  add_compile_options(-O1 -g1)
elseif(CHAT_FLAVOUR STREQUAL "asan")
  sanitizers(address,undefined)
elseif(CHAT_FLAVOUR STREQUAL "tsan")
  sanitizers(thread)
elseif(CHAT_FLAVOUR STREQUAL "fuzz")
  sanitizers(address,undefined,fuzzer-no-link)
elseif(CHAT_FLAVOUR STREQUAL "cov")
  add_compile_options(-O0 -g --coverage -fprofile-update=atomic)
  add_link_options(--coverage)
else()
  message(FATAL_ERROR "CHAT_FLAVOUR=${CHAT_FLAVOUR} is not known")
endif()

# Lattice code is unbearably slow without optimisation, and its floating-point results must not depend on the flavour.
function(primitive_options target)
  if(CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    target_compile_options(${target} PRIVATE -O2 -ffp-contract=off -fno-fast-math)
  endif()
endfunction()
