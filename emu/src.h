/* src.h - the bits of SRC_SRSR, for those who cause a reset.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_SRC_H
#define TERN_EMU_SRC_H

#include "emu/soc.h"

enum {
    SRC_SRSR_IPP_RESET_B = 1 << 0,        /* power-on, and the POR button */
    SRC_SRSR_LOCKUP_SYSRESETREQ = 1 << 1, /* the core, asked or locked up */
    SRC_SRSR_CSU_RESET_B = 1 << 2,
    SRC_SRSR_IPP_USER_RESET_B = 1 << 3,
    SRC_SRSR_WDOG_RST_B = 1 << 4, /* WDOG1, WDOG2 */
    SRC_SRSR_JTAG_RST_B = 1 << 5,
    SRC_SRSR_JTAG_SW_RST = 1 << 6,
    SRC_SRSR_WDOG3_RST_B = 1 << 7, /* RTWDOG */
    SRC_SRSR_TEMPSENSE_RST_B = 1 << 8,
};

/* A watchdog's reset line, SRC_SRSR_WDOG_RST_B or _WDOG3_RST_B: resets unless
 * SRC_SCR masks it. */
void src_watchdog(struct soc *s, uint32_t srsr);

#endif
