/* ocotp.c - see ocotp.h. The shadow registers hold what reset has read from the
 * fuses.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "On-Chip OTP Controller",
 * "Fusemap": 0x410, 0x420.
 * Tests: test/system/test_sfw.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/ocotp.h"

#include "port/imxrt1060/imxrt1060_regs.h"

uint64_t ocotp_unique_id(void)
{
    CCM_CCGR2 |= CCGR2_OCOTP;
    return (uint64_t)OCOTP_CFG1 << 32 | OCOTP_CFG0;
}
