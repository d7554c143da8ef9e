# The flash, the FlexSPI, and emu_test_soc: what tests of any model stand on.
# SPDX-License-Identifier: MIT
add_library(emu_test_soc STATIC soc_fixture.c)
target_link_libraries(emu_test_soc PUBLIC tern_flags tern_emu)

add_library(emu_test_flash STATIC nor_bench.c flexspi_bench.c)
target_link_libraries(emu_test_flash PUBLIC emu_test_soc cmocka)

tern_test(NAME test_nor SOURCES test_nor.c LIBS emu_test_flash)
tern_test(NAME test_nor_status SOURCES test_nor_status.c LIBS emu_test_flash)
tern_test(NAME test_nor_cut SOURCES test_nor_cut.c LIBS emu_test_flash)
tern_test(NAME test_flexspi_lut SOURCES test_flexspi_lut.c LIBS emu_test_soc)
tern_test(NAME test_flexspi SOURCES test_flexspi.c LIBS emu_test_flash)
tern_test(NAME test_flexspi_regs SOURCES test_flexspi_regs.c LIBS emu_test_flash)
