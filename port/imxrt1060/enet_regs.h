/* enet_regs.h - the registers of the Ethernet controller, of its clock and
 * pins, and of the KSZ8081 behind it.
 *
 * Sources: i.MX RT1060 Processor Reference Manual, rev. 3, chapters "10/100-
 * Mbps Ethernet MAC (ENET)", "Clock Controller Module", "IOMUX Controller",
 * "General Purpose I/O", "Fusemap"; KSZ8081MNX/RNB data sheet, "Register
 * Descriptions"; IEEE 802.3 clause 22; schematic of the MIMXRT1060-EVK.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_IMXRT1060_ENET_REGS_H
#define TERN_PORT_IMXRT1060_ENET_REGS_H

#include "port/imxrt1060/imxrt1060_regs.h"

/* --- clocks ----------------------------------------------------------------
 */
#define CCGR1_ENET           0x00000C00u
#define CCGR1_GPIO1          0x0C000000u
#define CCM_CCGR4            REG32(0x400FC078)
#define CCGR4_IOMUXC         0x0000000Cu
#define CCGR4_IOMUXC_GPR     0x00000030u
#define PLL_ENET             REG32(0x400D80E0)
#define PLL_ENET_SET         REG32(0x400D80E4)
#define PLL_ENET_CLR         REG32(0x400D80E8)
#define PLL_ENET_DIVIDER     0x00000003u
#define PLL_ENET_50_MHZ      0x00000001u
#define PLL_ENET_POWER_DOWN  0x00001000u
#define PLL_ENET_ENABLE      0x00002000u
#define PLL_ENET_BYPASS      0x00010000u
#define PLL_ENET_LOCK        0x80000000u
#define IOMUXC_GPR1          REG32(0x400AC004)
#define GPR1_ENET_CLK_SEL    0x00002000u /* zero: the PLL, not the pin */
#define GPR1_ENET_TX_CLK_DIR 0x00020000u /* the pin gives the clock */
#define GPR1_CM7_FORCE_HCLK  0x80000000u /* DMA reaches TCM during WFI */

/* --- pins ------------------------------------------------------------------
 */
#define IOMUXC_MUX(offset)  REG32(0x401F8000 + (offset))
#define MUX_SION            0x00000010u
#define GPIO1_DR_SET        REG32(0x401B8084)
#define GPIO1_DR_CLEAR      REG32(0x401B8088)
#define GPIO1_GDIR          REG32(0x401B8004)
#define GPIO1_PHY_RESET     (1u << 9)  /* GPIO_AD_B0_09; low resets */
#define GPIO1_PHY_INTERRUPT (1u << 10) /* a strap while it resets: high */

/* --- MAC address fuses -----------------------------------------------------
 */
#define OCOTP_MAC0 REG32(0x401F4620) /* the last four bytes */
#define OCOTP_MAC1 REG32(0x401F4630) /* the first two */

/* --- the controller --------------------------------------------------------
 */
#define ENET_EIR          REG32(0x402D8004)
#define ENET_EIMR         REG32(0x402D8008)
#define EIR_TXF           0x08000000u
#define EIR_RXF           0x02000000u
#define EIR_MII           0x00800000u
#define EIR_EBERR         0x00400000u /* DMA met a bus error, and stopped */
#define ENET_RDAR         REG32(0x402D8010)
#define ENET_TDAR         REG32(0x402D8014)
#define DAR_ACTIVE        0x01000000u
#define ENET_ECR          REG32(0x402D8024)
#define ECR_RESET         0x00000001u
#define ECR_ETHEREN       0x00000002u
#define ECR_DBSWP         0x00000100u /* little-endian descriptors */
#define ENET_MMFR         REG32(0x402D8040)
#define MMFR_READ         0x60020000u
#define MMFR_WRITE        0x50020000u
#define MMFR_ADDRESS_LOW  23u
#define MMFR_REGISTER_LOW 18u
#define ENET_MSCR         REG32(0x402D8044)
/* 2.5 MHz from 150 MHz, the fastest peripheral clock that there can be, and
 * slower from less; the PHY wants its data held for 10 ns: two clocks. */
#define MSCR_SAFE          (29u << 1 | 1u << 8)
#define ENET_RCR           REG32(0x402D8084)
#define RCR_MAX_LENGTH(n)  ((uint32_t)(n) << 16)
#define RCR_CRCFWD         0x00004000u /* the FCS is cut off */
#define RCR_RMII_10T       0x00000200u
#define RCR_RMII           0x00000100u
#define RCR_MII            0x00000004u
#define ENET_TCR           REG32(0x402D80C4)
#define TCR_FULL_DUPLEX    0x00000004u
#define ENET_PALR          REG32(0x402D80E4)
#define ENET_PAUR          REG32(0x402D80E8)
#define ENET_IAUR          REG32(0x402D8118)
#define ENET_IALR          REG32(0x402D811C)
#define ENET_GAUR          REG32(0x402D8120)
#define ENET_GALR          REG32(0x402D8124)
#define ENET_TFWR          REG32(0x402D8144)
#define TFWR_STORE_FORWARD 0x00000100u
#define ENET_RDSR          REG32(0x402D8180)
#define ENET_TDSR          REG32(0x402D8184)
#define ENET_MRBR          REG32(0x402D8188)

/* --- buffer descriptors: legacy, little-endian -----------------------------
 */
struct enet_descriptor {
    volatile uint16_t length;
    volatile uint16_t control;
    volatile uint32_t buffer;
};
#define BD_OWN       0x8000u /* the controller's: empty, or to be sent */
#define BD_WRAP      0x2000u
#define BD_LAST      0x0800u
#define BD_TX_CRC    0x0400u
#define BD_RX_FAULTS 0x0037u /* too long, odd, CRC, overrun, cut */

/* --- the PHY ---------------------------------------------------------------
 */
enum {
    PHY_ADDRESS = 2, /* strapped so on the EVK */
    PHY_STATUS = 1,
    PHY_STATUS_LINK = 0x0004,
    PHY_CONTROL_1 = 0x1E,
    PHY_MODE = 0x0007, /* of CONTROL_1: */
    PHY_MODE_10_FULL = 5,
    PHY_MODE_100_FULL = 6,
    PHY_MODE_10_HALF = 1,
    PHY_CONTROL_2 = 0x1F,
    /* Reset's value, and RMII with a 50 MHz clock from outside. */
    PHY_CONTROL_2_RMII_50 = 0x8180,
};

#endif
