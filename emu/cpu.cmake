# The core and the board around it.
# SPDX-License-Identifier: MIT
target_sources(tern_emu PRIVATE
    board.c exception.c load.c m7.c m7_block.c m7_bus.c m7_run.c memory.c nvic.c random.c rom.c scs.c soc.c
    systick.c thumb.c timer.c trap.c)
