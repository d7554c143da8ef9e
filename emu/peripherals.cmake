# Models of the small peripherals, and the list of all.
# SPDX-License-Identifier: MIT
target_sources(tern_emu PRIVATE
    ccm.c ccm_analog.c clocks.c dcdc.c gpc.c gpio.c gpt.c iomuxc.c iomuxc_gpr.c
    lpuart.c ocotp.c peripherals.c pit.c plain.c regs.c rtwdog.c snvs.c src.c
    trng.c usb.c usbphy.c usdhc.c wdog.c)
