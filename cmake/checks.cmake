# Checks of the source tree itself: the direction of the includes at every build, the rest as tests.

if(PYTHON_PROGRAM)
  file(GLOB_RECURSE layered CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/*.cpp" "${CMAKE_SOURCE_DIR}/src/*.hpp"
    "${CMAKE_SOURCE_DIR}/src/*CMakeLists.txt")
  add_custom_command(OUTPUT "${CMAKE_BINARY_DIR}/layers.stamp"
    COMMAND "${PYTHON_PROGRAM}" "${CMAKE_SOURCE_DIR}/tools/check_layers.py" --stamp "${CMAKE_BINARY_DIR}/layers.stamp"
      "${CMAKE_SOURCE_DIR}"
    DEPENDS ${layered} "${CMAKE_SOURCE_DIR}/tools/check_layers.py"
    COMMENT "Checking which room includes which" VERBATIM)
  add_custom_target(layers ALL DEPENDS "${CMAKE_BINARY_DIR}/layers.stamp")
endif()

if(CHAT_TESTS AND PYTHON_PROGRAM AND CHAT_FLAVOUR STREQUAL "dev")
  set(tools "${CMAKE_SOURCE_DIR}/tools")
  command_test(NAME check.layers COMMAND "${PYTHON_PROGRAM}" "${tools}/check_layers.py" "${CMAKE_SOURCE_DIR}")
  command_test(NAME check.layers_tool COMMAND "${PYTHON_PROGRAM}" -B "${tools}/check_layers_test.py")
  command_test(NAME check.format COMMAND "${tools}/check_format.sh")
  command_test(NAME check.labels COMMAND "${PYTHON_PROGRAM}" "${tools}/check_labels.py" "${CMAKE_CTEST_COMMAND}"
    "${CMAKE_BINARY_DIR}")
  command_test(NAME check.docs COMMAND "${PYTHON_PROGRAM}" "${tools}/check_docs.py" "${CMAKE_SOURCE_DIR}")
endif()
