/* snvs.c - see snvs.h.
 *
 * Source: i.MX RT1060 Processor Reference Manual, "Secure Non-Volatile
 * Storage", SNVS_LPGPR3. NXP's own boot code uses LPGPR0. The half above the
 * note tells one from what a coin cell has kept since the factory.
 * Tests: test/system/test_sfw.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/imxrt1060/snvs.h"

#include "port/imxrt1060/imxrt1060_regs.h"

#define NOTE_SIGN 0x54520000u /* "TR" */
#define SIGN_MASK 0xFFFF0000u

void snvs_note_put(uint32_t note)
{
    SNVS_LPGPR3 = NOTE_SIGN | note;
}

uint32_t snvs_note_get(void)
{
    uint32_t seen = SNVS_LPGPR3;

    return (seen & SIGN_MASK) == NOTE_SIGN ? seen & ~SIGN_MASK : 0;
}
