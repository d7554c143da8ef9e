# The NOR flash and the FlexSPI in front of it.
# SPDX-License-Identifier: MIT
target_sources(tern_emu PRIVATE
    ${CMAKE_CURRENT_LIST_DIR}/flexspi.c
    ${CMAKE_CURRENT_LIST_DIR}/flexspi_lut.c
    ${CMAKE_CURRENT_LIST_DIR}/nor.c
    ${CMAKE_CURRENT_LIST_DIR}/nor_op.c
    ${CMAKE_CURRENT_LIST_DIR}/nor_sfdp.c)
