/* phy.h - the board's Ethernet PHY, a KSZ8081RNB at MDIO address 2.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_PHY_H
#define TERN_EMU_PHY_H

#include <stdbool.h>
#include <stdint.h>

enum { PHY_ADDRESS = 2, PHY_REGS = 32 };

struct phy {
    uint16_t reg[PHY_REGS];
};

void phy_reset(struct phy *p);
/* reg: 0..31. An address where no PHY answers reads as FFFF. */
uint16_t phy_read(struct phy *p, unsigned address, unsigned reg);
void phy_write(struct phy *p, unsigned address, unsigned reg, uint16_t value);

bool phy_passes(const struct phy *p); /* frames get through */
bool phy_loops(const struct phy *p);  /* what is sent comes back */

#endif
