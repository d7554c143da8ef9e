/* wdog.c - see wdog.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "Watchdog Timer (WDOG1-2)",
 * "Watchdog Timer (RTWDOG)".
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/wdog.h"

#include "port/imxrt1060/core.h"
#include "port/imxrt1060/imxrt1060_regs.h"

void wdog_quiet(void)
{
    WDOG1_WMCR = 0;
    WDOG2_WMCR = 0;
    if (!(RTWDOG_CS & RTWDOG_CS_EN))
        return;
    uint32_t before = core_irq_off(); /* 128 bus clocks after the unlock */

    RTWDOG_CNT = RTWDOG_UNLOCK;
    RTWDOG_TOVAL = RTWDOG_TOVAL_LAST;
    RTWDOG_CS = (RTWDOG_CS & ~RTWDOG_CS_EN) | RTWDOG_CS_UPDATE;
    core_irq_restore(before);
}

void wdog_start(uint32_t seconds)
{
    uint32_t halves = 2 * seconds - 1; /* 0 is half a second */

    CCM_CCGR3 |= CCGR3_WDOG1;
    WDOG1_WCR = (uint16_t)(halves << WCR_WT_LOW | WCR_WDA | WCR_SRS | WCR_WDE |
                           WCR_WDBG);
}

void wdog_service(void)
{
    WDOG1_WSR = WSR_SERVICE_1;
    WDOG1_WSR = WSR_SERVICE_2;
}
