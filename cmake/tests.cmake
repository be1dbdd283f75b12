# How tests, fuzz targets and benchmarks become programs and ctest entries. Every entry has a label and a timeout;
# tools/check_labels.py sees to it.

include(GoogleTest)

# project_test(NAME x SOURCES a.cpp ... [LINK lib ...] [LABEL scenario] [TIMEOUT seconds] [FILTER gtest-filter]): one
# GoogleTest program, its cases found by ctest one by one. A case whose name contains Slow or Long gets the label slow
# instead. A no-op where tests are not built, so callers need not ask.
function(project_test)
  if(NOT CHAT_TESTS)
    return()
  endif()
  cmake_parse_arguments(TEST "" "NAME;LABEL;TIMEOUT" "SOURCES;LINK" ${ARGN})
  if(NOT TEST_LABEL)
    set(TEST_LABEL unit)
  endif()
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  add_executable(${TEST_NAME} ${TEST_SOURCES})
  set_target_properties(${TEST_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_include_directories(${TEST_NAME} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${TEST_NAME} PRIVATE TEST_VECTORS="${CMAKE_SOURCE_DIR}/tests/vectors")
  target_link_libraries(${TEST_NAME} PRIVATE ${TEST_LINK} project_warnings GTest::gmock GTest::gtest_main)
  discover_cases(${TEST_NAME} "*Slow*:*Long*" "${TEST_LABEL}" ${TEST_TIMEOUT})
endfunction()

function(discover_cases target slow label timeout)
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST TEST_LIST ${target}_cases
    TEST_FILTER "-${slow}" PROPERTIES LABELS "${label}" TIMEOUT ${timeout})
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST TEST_LIST ${target}_slow_cases
    TEST_FILTER "${slow}" PROPERTIES LABELS slow TIMEOUT 1800)
endfunction()

# command_test(NAME x COMMAND ... [LABEL cli] [TIMEOUT seconds]): a test that is any program; exit status 0 passes.
function(command_test)
  if(NOT CHAT_TESTS)
    return()
  endif()
  cmake_parse_arguments(TEST "" "NAME;LABEL;TIMEOUT;WORKING_DIRECTORY" "COMMAND" ${ARGN})
  if(NOT TEST_LABEL)
    set(TEST_LABEL cli)
  endif()
  if(NOT TEST_TIMEOUT)
    set(TEST_TIMEOUT 120)
  endif()
  if(NOT TEST_WORKING_DIRECTORY)
    set(TEST_WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  endif()
  add_test(NAME ${TEST_NAME} COMMAND ${TEST_COMMAND} WORKING_DIRECTORY "${TEST_WORKING_DIRECTORY}")
  set_tests_properties(${TEST_NAME} PROPERTIES LABELS "${TEST_LABEL}" TIMEOUT ${TEST_TIMEOUT})
endfunction()

# constant_time_test(NAME x SOURCES ... LINK ...): a program that marks its secrets as undefined memory, run under
# valgrind, which then reports every branch and address that depends on one.
function(constant_time_test)
  find_program(VALGRIND_PROGRAM valgrind)
  if(NOT CHAT_TESTS OR NOT VALGRIND_PROGRAM OR NOT CHAT_FLAVOUR STREQUAL "dev")
    return()
  endif()
  cmake_parse_arguments(TEST "" "NAME" "SOURCES;LINK" ${ARGN})
  add_executable(${TEST_NAME} ${TEST_SOURCES})
  set_target_properties(${TEST_NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/tests")
  target_include_directories(${TEST_NAME} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
  target_link_libraries(${TEST_NAME} PRIVATE ${TEST_LINK} project_warnings)
  command_test(NAME ${TEST_NAME} LABEL ct TIMEOUT 300
    COMMAND "${VALGRIND_PROGRAM}" -q --error-exitcode=1 "$<TARGET_FILE:${TEST_NAME}>")
endfunction()

# fuzz_targets(DIR folder LINK lib ...): each <name>.cpp of the folder is a libFuzzer program in the flavour fuzz; in the
# flavour dev it is a test that replays the corpus and then runs inputs from a fixed seed.
function(fuzz_targets)
  cmake_parse_arguments(FUZZ "" "DIR" "LINK" ${ARGN})
  file(GLOB targets CONFIGURE_DEPENDS "${FUZZ_DIR}/*.cpp")
  if(CHAT_FLAVOUR STREQUAL "dev" AND CHAT_TESTS AND targets)
    command_test(NAME fuzz.build LABEL fuzz-smoke TIMEOUT 1800 COMMAND "${CMAKE_SOURCE_DIR}/dev" build fuzz)
    set_tests_properties(fuzz.build PROPERTIES FIXTURES_SETUP fuzz_programs PROCESSORS 2)
  endif()
  foreach(source IN LISTS targets)
    get_filename_component(name "${source}" NAME_WE)
    if(CHAT_FLAVOUR STREQUAL "fuzz")
      add_executable(fuzz_${name} "${source}")
      set_target_properties(fuzz_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/fuzz")
      target_include_directories(fuzz_${name} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
      target_link_libraries(fuzz_${name} PRIVATE ${FUZZ_LINK} project_warnings)
      target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    elseif(CHAT_FLAVOUR STREQUAL "dev" AND CHAT_TESTS)
      command_test(NAME fuzz.${name} LABEL fuzz-smoke TIMEOUT 120
        COMMAND "${CMAKE_SOURCE_DIR}/tools/fuzz_smoke.sh" "${CMAKE_SOURCE_DIR}/build/fuzz/fuzz/fuzz_${name}"
          "${FUZZ_DIR}/corpus/${name}")
      set_tests_properties(fuzz.${name} PROPERTIES FIXTURES_REQUIRED fuzz_programs)
    endif()
  endforeach()
endfunction()

# benchmarks(DIR folder LINK lib ...): each <name>.cpp of the folder is a Google Benchmark program.
function(benchmarks)
  if(NOT CHAT_BENCH)
    return()
  endif()
  cmake_parse_arguments(BENCH "" "DIR" "LINK" ${ARGN})
  file(GLOB sources CONFIGURE_DEPENDS "${BENCH_DIR}/*.cpp")
  add_custom_target(benchmarks)
  foreach(source IN LISTS sources)
    get_filename_component(name "${source}" NAME_WE)
    add_executable(bench_${name} "${source}")
    set_target_properties(bench_${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bench")
    target_include_directories(bench_${name} PRIVATE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/tests")
    target_link_libraries(bench_${name} PRIVATE ${BENCH_LINK} project_warnings benchmark::benchmark_main)
    add_dependencies(benchmarks bench_${name})
  endforeach()
endfunction()
