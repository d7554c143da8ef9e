# SPDX-License-Identifier: MIT
tern_test(NAME test_gdb_packet SOURCES test_gdb_packet.c LIBS board_tools)
tern_test(NAME test_options SOURCES test_options.c LIBS board_tools)
tern_test(NAME test_scenario SOURCES test_scenario.c LIBS board_tools)
