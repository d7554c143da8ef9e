# Helpers used by every folder's CMakeLists.txt.
# SPDX-License-Identifier: MIT

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_library(tern_flags INTERFACE)
target_compile_options(tern_flags INTERFACE
    -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes
    -Wmissing-prototypes -Wvla -Werror)
target_include_directories(tern_flags INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(tern_flags INTERFACE
    TERN_VERSION="${PROJECT_VERSION}")
if(CMAKE_CROSSCOMPILING)
    target_compile_options(tern_flags INTERFACE -ffreestanding)
    set(CMAKE_POSITION_INDEPENDENT_CODE OFF)
else()
    target_compile_definitions(tern_flags INTERFACE _GNU_SOURCE)
    find_package(PkgConfig REQUIRED)
endif()

# A name without prefix means Tern's own library if there is one.
function(_tern_link target)
    target_link_libraries(${target} PUBLIC tern_flags)
    foreach(lib IN LISTS ARGN)
        if(TARGET tern_${lib})
            target_link_libraries(${target} PUBLIC tern_${lib})
        else()
            target_link_libraries(${target} PUBLIC ${lib})
        endif()
    endforeach()
endfunction()

# tern_library(NAME base SOURCES a.c LIBS crypto) -> target tern_base
function(tern_library)
    cmake_parse_arguments(T "" "NAME" "SOURCES;LIBS" ${ARGN})
    add_library(tern_${T_NAME} STATIC ${T_SOURCES})
    _tern_link(tern_${T_NAME} ${T_LIBS})
endfunction()

# tern_program(NAME tern SOURCES main.c LIBS base) -> bin/tern
function(tern_program)
    cmake_parse_arguments(T "" "NAME" "SOURCES;LIBS" ${ARGN})
    add_executable(${T_NAME} ${T_SOURCES})
    _tern_link(${T_NAME} ${T_LIBS})
endfunction()

# tern_module(NAME tern_broker SOURCES x.c LIBS base) -> bin/tern_broker.so
function(tern_module)
    cmake_parse_arguments(T "" "NAME" "SOURCES;LIBS" ${ARGN})
    add_library(${T_NAME} MODULE ${T_SOURCES})
    set_target_properties(${T_NAME} PROPERTIES PREFIX "")
    _tern_link(${T_NAME} ${T_LIBS})
endfunction()

# tern_test(NAME test_x SOURCES test_x.c LIBS base LABEL unit ARGS word...)
# -> a ctest
function(tern_test)
    cmake_parse_arguments(T "" "NAME;LABEL" "SOURCES;LIBS;ARGS" ${ARGN})
    if(NOT T_LABEL)
        set(T_LABEL unit)
    endif()
    add_executable(${T_NAME} ${T_SOURCES})
    set_target_properties(${T_NAME} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
    _tern_link(${T_NAME} ${T_LIBS} cmocka)
    add_test(NAME ${T_NAME} COMMAND ${T_NAME} ${T_ARGS})
    set_tests_properties(${T_NAME} PROPERTIES LABELS ${T_LABEL} TIMEOUT 300)
endfunction()

# tern_fuzzer(NAME fuzz_x SOURCES fuzz_x.c LIBS base): libFuzzer with ASan and
# UBSan; the libraries it links must be built with the same preset (fuzz).
function(tern_fuzzer)
    cmake_parse_arguments(T "" "NAME" "SOURCES;LIBS" ${ARGN})
    add_executable(${T_NAME} ${T_SOURCES})
    set_target_properties(${T_NAME} PROPERTIES
        RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/fuzz)
    target_link_options(${T_NAME} PRIVATE -fsanitize=fuzzer)
    _tern_link(${T_NAME} ${T_LIBS})
endfunction()
