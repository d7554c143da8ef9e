# The small peripherals, emu/peripherals.cmake.
# SPDX-License-Identifier: MIT
foreach(model ccm gpio gpt iomuxc lpuart ocotp peripherals pit plain regs rtwdog
        snvs src trng wdog)
    tern_test(NAME test_emu_${model}
              SOURCES test_${model}.c peripheral_bench.c LIBS emu_test_soc)
endforeach()
