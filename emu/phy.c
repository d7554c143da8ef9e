/* phy.c - the KSZ8081RNB Ethernet PHY. Start at phy_write().
 *
 * Source: KSZ8081MNX/RNB data sheet, "Register Map" and "Register
 * Descriptions"; IEEE 802.3 clause 22 for registers 0 to 8.
 * Assumed: the cable is always in and its other end offers 10/100 Mbit/s, half
 * and full duplex; negotiation takes no time; the interrupt pin is not wired.
 * Tests: test/unit/emu/test_phy.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/phy.h"

#include <string.h>

enum {
    BMCR = 0x00,
    BMCR_RESET = 0x8000,
    BMCR_LOOP = 0x4000,
    BMCR_SPEED_100 = 0x2000,
    BMCR_AUTONEG = 0x1000,
    BMCR_POWER_DOWN = 0x0800,
    BMCR_ISOLATE = 0x0400,
    BMCR_RESTART = 0x0200,
    BMCR_FULL_DUPLEX = 0x0100,
    BMCR_STORED = 0x7D80, /* reset and restart clear themselves */

    BMSR = 0x01,
    BMSR_ABILITIES = 0x7849, /* 100/10, full/half, negotiates, more registers */
    BMSR_NEGOTIATED = 0x0020,
    BMSR_LINK = 0x0004,

    ID1 = 0x02,
    ID2 = 0x03,
    ADVERTISE = 0x04,
    PARTNER = 0x05,
    ABILITY_100FD = 0x0100, /* in ADVERTISE and PARTNER */
    ABILITY_100HD = 0x0080,
    ABILITY_10FD = 0x0040,
    EXPANSION = 0x06,
    NEXT_PAGE = 0x07,
    STRAP_OVERRIDE = 0x16,
    STRAP_BROADCAST_OFF = 0x0200,
    STRAP_STATUS = 0x17,
    EXPANDED_CONTROL = 0x18,

    INTERRUPT = 0x1B,
    INTERRUPT_ENABLES = 0xFF00,
    INTERRUPT_LINK_UP = 0x0001,

    CONTROL1 = 0x1E,
    CONTROL1_LINK = 0x0100,
    CONTROL1_ENERGY = 0x0010,
    MODE_10HD = 1, /* operation mode, CONTROL1 bits 2:0 */
    MODE_100HD = 2,
    MODE_10FD = 5,
    MODE_100FD = 6,
    CONTROL2 = 0x1F,
};

/* Values after reset with the board's straps, and what software may change.
 * Registers that are not here read as zero and ignore writes: the data sheet
 * reserves them, or they are counters of errors that never happen. */
static const struct {
    uint8_t reg;
    uint16_t reset, writable;
} MAP[] = {
    {BMCR, BMCR_SPEED_100 | BMCR_AUTONEG | BMCR_FULL_DUPLEX, BMCR_STORED},
    {ID1, 0x0022, 0},
    {ID2, 0x1560, 0},
    {ADVERTISE, 0x01E1, 0xADFF},
    {PARTNER, 0x41E1, 0}, /* acknowledged; 100/10, full/half */
    {EXPANSION, 0x0001, 0},
    {NEXT_PAGE, 0x2001, 0xB7FF},
    {STRAP_OVERRIDE, 0x0002, 0xFFFF}, /* RMII */
    {STRAP_STATUS, 0x4002, 0},        /* address 2, RMII */
    {EXPANDED_CONTROL, 0x0800, 0xFFFF},
    {INTERRUPT, 0, INTERRUPT_ENABLES},
    {CONTROL2, 0x8100, 0xFFFF},
};

static bool answers(const struct phy *p, unsigned address)
{
    return address == PHY_ADDRESS ||
           (address == 0 && !(p->reg[STRAP_OVERRIDE] & STRAP_BROADCAST_OFF));
}

static bool link_is_up(const struct phy *p)
{
    return !(p->reg[BMCR] & BMCR_POWER_DOWN);
}

static uint16_t mode_of(bool fast, bool full)
{
    if (fast)
        return full ? MODE_100FD : MODE_100HD;
    return full ? MODE_10FD : MODE_10HD;
}

/* The best that both ends offer, or what software forces. */
static uint16_t operation_mode(const struct phy *p)
{
    uint16_t both = p->reg[ADVERTISE] & p->reg[PARTNER];

    if (!(p->reg[BMCR] & BMCR_AUTONEG))
        return mode_of(p->reg[BMCR] & BMCR_SPEED_100,
                       p->reg[BMCR] & BMCR_FULL_DUPLEX);
    if (both & (ABILITY_100FD | ABILITY_100HD))
        return mode_of(true, both & ABILITY_100FD);
    return mode_of(false, both & ABILITY_10FD);
}

static uint16_t status(const struct phy *p)
{
    unsigned v = BMSR_ABILITIES;

    if (link_is_up(p)) {
        v |= BMSR_LINK;
        if (p->reg[BMCR] & BMCR_AUTONEG)
            v |= BMSR_NEGOTIATED;
    }
    return (uint16_t)v;
}

void phy_reset(struct phy *p)
{
    memset(p->reg, 0, sizeof p->reg);
    for (size_t i = 0; i < sizeof MAP / sizeof MAP[0]; i++)
        p->reg[MAP[i].reg] = MAP[i].reset;
}

uint16_t phy_read(struct phy *p, unsigned address, unsigned reg)
{
    uint16_t value = reg < PHY_REGS ? p->reg[reg] : 0;

    if (!answers(p, address))
        return 0xFFFF; /* nobody drives the line: its pull-up does */
    if (reg == BMSR)
        return status(p);
    if (reg == CONTROL1 && link_is_up(p))
        return (uint16_t)(CONTROL1_LINK | CONTROL1_ENERGY | operation_mode(p));
    if (reg == INTERRUPT)
        p->reg[INTERRUPT] &= INTERRUPT_ENABLES; /* events: cleared by reading */
    return value;
}

static void control_written(struct phy *p, uint16_t before, uint16_t value)
{
    if (value & BMCR_RESET) {
        phy_reset(p);
        p->reg[INTERRUPT] |= INTERRUPT_LINK_UP;
        return;
    }
    if (link_is_up(p) && ((before & BMCR_POWER_DOWN) || (value & BMCR_RESTART)))
        p->reg[INTERRUPT] |= INTERRUPT_LINK_UP;
}

void phy_write(struct phy *p, unsigned address, unsigned reg, uint16_t value)
{
    if (!answers(p, address))
        return;
    for (size_t i = 0; i < sizeof MAP / sizeof MAP[0]; i++) {
        uint16_t mask = MAP[i].writable;
        if (MAP[i].reg != reg)
            continue;
        uint16_t before = p->reg[reg];
        p->reg[reg] = (uint16_t)((before & ~mask) | (value & mask));
        if (reg == BMCR)
            control_written(p, before, value);
    }
}

bool phy_passes(const struct phy *p)
{
    return link_is_up(p) && !(p->reg[BMCR] & BMCR_ISOLATE);
}

bool phy_loops(const struct phy *p)
{
    return phy_passes(p) && (p->reg[BMCR] & BMCR_LOOP);
}
