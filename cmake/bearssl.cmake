# BearSSL 0.6: Debian's own library on the host; for a microcontroller its
# Debian source package, pinned, compiled with our flags.
# SPDX-License-Identifier: MIT

if(CMAKE_CROSSCOMPILING)
    set(_bearssl ${CMAKE_BINARY_DIR}/source/bearssl)
    if(NOT EXISTS ${_bearssl}/inc/bearssl.h)
        execute_process(
            COMMAND ${CMAKE_SOURCE_DIR}/tools/fetch-source.sh bearssl
                    ${_bearssl}
            COMMAND_ERROR_IS_FATAL ANY)
    endif()
    file(GLOB_RECURSE _bearssl_c ${_bearssl}/src/*.c)
    add_library(bearssl STATIC ${_bearssl_c})
    target_include_directories(bearssl SYSTEM PUBLIC ${_bearssl}/inc)
    target_include_directories(bearssl PRIVATE ${_bearssl}/src)
    # No operating system underneath: no clock, no random device.
    target_compile_definitions(bearssl PRIVATE
        BR_USE_UNIX_TIME=0 BR_USE_URANDOM=0 BR_USE_GETENTROPY=0)
else()
    find_library(BEARSSL_LIBRARY NAMES libbearssl.a bearssl REQUIRED)
    add_library(bearssl UNKNOWN IMPORTED GLOBAL)
    set_target_properties(bearssl PROPERTIES
        IMPORTED_LOCATION ${BEARSSL_LIBRARY}
        INTERFACE_INCLUDE_DIRECTORIES /usr/include/bearssl)
endif()
