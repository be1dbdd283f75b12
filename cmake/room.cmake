# room(NAME x MAY_USE a b LINK lib ... TEST_LINK lib ...): the folder's *.cpp become the static library x, its *_test.cpp
# the test program x_test. MAY_USE is the one place that says which rooms x may include; tools/check_layers.py reads it.
function(room)
  cmake_parse_arguments(ROOM "" "NAME" "MAY_USE;LINK;TEST_LINK;EXCLUDE" ${ARGN})
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/*.cpp")
  set(tests ${sources})
  list(FILTER tests INCLUDE REGEX "_test\\.cpp$")
  list(FILTER sources EXCLUDE REGEX "_test\\.cpp$")
  foreach(pattern IN LISTS ROOM_EXCLUDE)
    list(FILTER sources EXCLUDE REGEX "${pattern}")
    list(FILTER tests EXCLUDE REGEX "${pattern}")
  endforeach()

  if(sources)
    add_library(${ROOM_NAME} STATIC ${sources})
    target_link_libraries(${ROOM_NAME} PRIVATE project_warnings)
    set(scope PUBLIC)
  else()
    add_library(${ROOM_NAME} INTERFACE)
    set(scope INTERFACE)
  endif()
  target_include_directories(${ROOM_NAME} ${scope} "${CMAKE_SOURCE_DIR}/src")
  target_link_libraries(${ROOM_NAME} ${scope} ${ROOM_MAY_USE} ${ROOM_LINK})

  if(tests)
    room_test(${ROOM_NAME}_test ${ROOM_NAME} "${tests}" "${ROOM_TEST_LINK}")
  endif()
endfunction()

# One test program, its cases found by ctest one by one. Label: unit.
function(room_test target library sources links)
  add_executable(${target} ${sources})
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/tests")
  target_compile_definitions(${target} PRIVATE TEST_VECTORS="${CMAKE_SOURCE_DIR}/tests/vectors"
    SHARED_VECTORS="${CMAKE_SOURCE_DIR}/../shared/vectors")
  target_link_libraries(${target} PRIVATE ${library} ${links} project_warnings GTest::gmock GTest::gtest_main)
  gtest_discover_tests(${target} DISCOVERY_MODE PRE_TEST PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
include(GoogleTest)
