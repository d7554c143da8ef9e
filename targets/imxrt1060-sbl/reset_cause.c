/* reset_cause.c - see reset_cause.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "System Reset Controller",
 * SRC_SRSR.
 * Tests: test/system/test_sbl.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sbl/reset_cause.h"

#include "port/imxrt1060/imxrt1060_regs.h"

/* If several are set: what a support engineer wants to hear about first. */
enum boot_reset_cause reset_cause_take(void)
{
    uint32_t seen = SRC_SRSR;

    SRC_SRSR = seen; /* ones clear */
    if (seen & (SRSR_WDOG | SRSR_WDOG3))
        return RESET_WATCHDOG;
    if (seen & SRSR_SYSRESETREQ)
        return RESET_SOFTWARE;
    if (seen & SRSR_IPP_USER_RESET)
        return RESET_PIN;
    if (seen & SRSR_IPP_RESET_B)
        return RESET_POWER_ON;
    return RESET_UNKNOWN;
}
