# `tern-board`: the board as a program, its gdb server, the power-cut sweep.
# SPDX-License-Identifier: MIT

# All but main(), so that tests can link it.
tern_library(NAME board_tools
    SOURCES flash_file.c gdb.c gdb_packet.c gdb_target.c listener.c options.c
            parse.c rig.c scenario.c session.c session_stats.c sweep.c
            sweep_jobs.c terminal.c uart_sink.c why.c
    LIBS base emu)

tern_program(NAME tern-board SOURCES main.c LIBS board_tools)
