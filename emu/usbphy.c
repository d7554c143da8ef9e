/* usbphy.c - the two USB transceivers: storage, nothing is plugged in.
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Universal Serial Bus 2.0
 * Integrated PHY (USB-PHY)".
 * Tests: test/unit/emu/test_plain.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/peripherals.h"
#include "emu/regs.h"

static const struct reg_row ROWS[] = {
    {0x00, 1, REG_SET_CLEAR, 0x001E1C00, REG_ALL, false}, /* PWD */
    {0x10, 1, REG_SET_CLEAR, 0x10060607, REG_ALL, false}, /* TX */
    {0x20, 1, REG_SET_CLEAR, 0x00000000, REG_ALL, false}, /* RX */
    {0x30, 1, REG_SET_CLEAR, 0xC0200000, REG_ALL, false}, /* CTRL */
    {0x40, 1, REG_STORE, 0x00000000, 0, false},           /* STATUS */
    {0x50, 1, REG_SET_CLEAR, 0x7F180000, REG_ALL, false}, /* DEBUG */
    {0x60, 1, REG_STORE, 0x00000000, 0, false},           /* DEBUG0_STATUS */
    {0x70, 1, REG_SET_CLEAR, 0x00001000, REG_ALL, false}, /* DEBUG1 */
    {0x80, 1, REG_STORE, 0x04030000, 0, false},           /* VERSION */
};

void usbphy_add(struct soc *s)
{
    regs_add(s,
             &(struct reg_block){"USBPHY1", 0x400D9000, 0x1000, REG_ROWS(ROWS)},
             NULL);
    regs_add(s,
             &(struct reg_block){"USBPHY2", 0x400DA000, 0x1000, REG_ROWS(ROWS)},
             NULL);
}
