/* enet_impl.h - what the two files of the Ethernet MAC share: enet.c has the
 * registers, enet_dma.c the rings.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_ENET_IMPL_H
#define TERN_EMU_ENET_IMPL_H

#include "emu/enet.h"
#include "emu/phy.h"
#include "emu/regs.h"

enum {
    ENET_BASE = 0x402D8000,

    EIR = 0x004,
    EIMR = 0x008,
    RDAR = 0x010,
    TDAR = 0x014,
    ECR = 0x024,
    MMFR = 0x040,
    MSCR = 0x044,
    MIBC = 0x064,
    RCR = 0x084,
    TCR = 0x0C4,
    PALR = 0x0E4,
    PAUR = 0x0E8,
    IAUR = 0x118,
    IALR = 0x11C,
    GAUR = 0x120,
    GALR = 0x124,
    TFWR = 0x144,
    RDSR = 0x180,
    TDSR = 0x184,
    MRBR = 0x188,
    TACC = 0x1C0,
    RACC = 0x1C4,
    FTRL = 0x1B0,

    /* Counters that can move on this network; the others stay zero. */
    COUNTERS = 0x200,
    T_PACKETS = 0x204,
    T_BROADCAST = 0x208,
    T_MULTICAST = 0x20C,
    T_OCTETS = 0x244,
    IEEE_T_FRAME_OK = 0x24C,
    IEEE_T_OCTETS_OK = 0x274,
    R_PACKETS = 0x284,
    R_BROADCAST = 0x288,
    R_MULTICAST = 0x28C,
    R_OCTETS = 0x2C4,
    IEEE_R_DROP = 0x2C8,
    IEEE_R_FRAME_OK = 0x2CC,
    IEEE_R_OCTETS_OK = 0x2E0,
    COUNTERS_END = 0x2E4,

    ATCR = 0x400,
};

#define EIR_BABR  0x40000000u
#define EIR_BABT  0x20000000u
#define EIR_GRA   0x10000000u
#define EIR_TXF   0x08000000u
#define EIR_TXB   0x04000000u
#define EIR_RXF   0x02000000u
#define EIR_RXB   0x01000000u
#define EIR_MII   0x00800000u
#define EIR_EBERR 0x00400000u

#define DAR_ACTIVE 0x01000000u /* RDAR and TDAR */

#define ECR_RESET   0x00000001u
#define ECR_ETHEREN 0x00000002u
#define ECR_EN1588  0x00000010u
#define ECR_DBSWP   0x00000100u

#define RCR_LOOP     0x00000001u
#define RCR_PROM     0x00000008u
#define RCR_BC_REJ   0x00000010u
#define RCR_FCE      0x00000020u
#define RCR_RMII_10T 0x00000200u
#define RCR_PAUFWD   0x00002000u
#define RCR_CRCFWD   0x00004000u

#define TCR_GTS    0x00000001u
#define TCR_ADDINS 0x00000100u

#define TFWR_STRFWD 0x00000100u

#define TACC_SHIFT16 0x01u
#define TACC_IPCHK   0x08u
#define TACC_PROCHK  0x10u
#define RACC_PADREM  0x01u
#define RACC_IPDIS   0x02u
#define RACC_PRODIS  0x04u
#define RACC_SHIFT16 0x80u

#define MIBC_DISABLE 0x80000000u
#define MIBC_IDLE    0x40000000u
#define MIBC_CLEAR   0x20000000u

struct enet {
    struct soc *soc;
    struct regs *regs;
    struct phy phy;
    struct enet_wire wire; /* members NULL: not connected */
    struct soc_timer *mdio_timer, *tx_timer;
    uint32_t mdio_frame;   /* on its way */
    uint32_t rx_at, tx_at; /* address of the descriptor to look at next */
    bool tx_busy;
    uint8_t frame[ENET_FRAME_MAX + 64]; /* one being sent or received */
};

static inline uint32_t enet_reg(const struct enet *e, uint32_t off)
{
    return *regs_at(e->regs, off);
}

void enet_event(struct enet *e, uint32_t bits); /* EIR and the line */
void enet_count(struct enet *e, uint32_t counter, uint32_t by);

/* enet_dma.c */
void enet_rings_reset(struct enet *e);
void enet_tx_start(struct enet *e); /* TDAR was written */
void enet_tx_fire(void *ctx);       /* a frame's time on the wire is over */
/* Station address as it goes over the wire. */
void enet_station(const struct enet *e, uint8_t address[6]);

#endif
