# SPDX-License-Identifier: MIT
foreach(name soc nvic thumb memory)
    tern_test(NAME test_${name} SOURCES test_${name}.c LIBS emu)
endforeach()

add_test(NAME test_emu_symbols
    COMMAND ${CMAKE_CURRENT_SOURCE_DIR}/symbols.sh $<TARGET_FILE:tern_emu>
            ${UNICORN_LINK_LIBRARIES})
set_tests_properties(test_emu_symbols PROPERTIES LABELS unit)

# The programs that test_board runs.
find_program(TERN_ARM_GCC arm-none-eabi-gcc)
if(TERN_ARM_GCC)
    set(source ${CMAKE_CURRENT_SOURCE_DIR}/programs)
    set(programs ${CMAKE_CURRENT_BINARY_DIR}/programs.elf)
    add_custom_command(OUTPUT ${programs}
        COMMAND ${TERN_ARM_GCC} -nostdlib -mthumb -mcpu=cortex-m7
                -mfpu=fpv5-d16 -mfloat-abi=hard -Wl,--no-warn-rwx-segments
                -Wl,-T,${source}/programs.ld ${source}/programs.S
                -o ${programs}
        DEPENDS ${source}/programs.S ${source}/programs.ld)
    add_custom_target(emu_programs DEPENDS ${programs})
    tern_test(NAME test_board SOURCES test_board.c LIBS emu)
    add_dependencies(test_board emu_programs)
    target_compile_definitions(test_board PRIVATE
        PROGRAMS_ELF="${programs}")
    target_include_directories(test_board PRIVATE ${CMAKE_CURRENT_SOURCE_DIR})
else()
    message(WARNING "no arm-none-eabi-gcc: test_board is left out; ./dev "
                    "installs it")
endif()
