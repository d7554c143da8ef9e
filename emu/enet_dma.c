/* enet_dma.c - the rings of buffer descriptors of the Ethernet MAC, legacy and
 * enhanced (ECR.EN1588). Start at enet_tx_fire() and enet_receive().
 *
 * i.MX RT1060 Processor Reference Manual, rev. 3, chapter "10/100-Mbps
 * Ethernet MAC (ENET)", section on uDMA and its descriptors.
 * A descriptor is handled as 32-bit words, so that ECR.DBSWP only swaps bytes.
 * Assumed: a frame is read from memory at the end of its time on the wire; a
 * frame that finds no empty descriptor waits instead of being lost.
 * Not modelled: time stamps (requests are reported), the payload checksum and
 * header length words of a received enhanced descriptor (zero).
 * Tests: test/unit/emu/test_enet.c, test/unit/emu/test_enet_rx.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "emu/board.h"
#include "emu/enet_impl.h"
#include "emu/enet_offload.h"
#include "emu/ip4.h"

enum {
    BD_BYTES = 8,
    BD_BYTES_ENHANCED = 32,
    FCS_BYTES = 4,
    WIRE_OVERHEAD = 8 + FCS_BYTES + 12, /* preamble, check, gap */
    BUFFERS_MAX = 128, /* per frame: the least size is 16 bytes */
};

/* Word 0: control above, length below. */
#define BD_OWN   0x80000000u /* RX: empty; TX: ready. The MAC's */
#define BD_WRAP  0x20000000u
#define BD_LAST  0x08000000u
#define TX_CRC   0x04000000u
#define RX_MISS  0x01000000u /* not for this station: promiscuous */
#define RX_BC    0x00800000u
#define RX_MC    0x00400000u
#define RX_LG    0x00200000u
#define RX_TR    0x00010000u
#define RX_KEEPS 0x70000000u /* software's bits and wrap */

/* Word 2 and 4, enhanced. */
#define TX_INT    0x40000000u
#define TX_TS     0x20000000u
#define TX_PINS   0x10000000u
#define TX_IINS   0x08000000u
#define TX_ERRORS 0x0000FF00u
#define RX_INT    0x00800000u
#define RX_UC     0x01000000u
#define RX_ICE    0x00000020u
#define RX_PCR    0x00000010u
#define BD_BDU    0x80000000u

enum { WORD_CONTROL, WORD_BUFFER, WORD_EXTEND, WORD_UPDATE = 4, WORDS = 8 };

struct bd {
    uint32_t address;
    uint32_t word[WORDS];
};

static bool enhanced(const struct enet *e)
{
    return enet_reg(e, ECR) & ECR_EN1588;
}

static uint32_t bd_bytes(const struct enet *e)
{
    return enhanced(e) ? BD_BYTES_ENHANCED : BD_BYTES;
}

static uint32_t swapped(const struct enet *e, uint32_t w)
{
    return enet_reg(e, ECR) & ECR_DBSWP ? w : __builtin_bswap32(w);
}

/* The uDMA met an address without memory: the MAC stops. */
static void bus_error(struct enet *e, uint32_t address)
{
    soc_note(e->soc,
             "ENET: no memory at 0x%08X, where a descriptor or buffer "
             "should be; the MAC stops",
             (unsigned)address);
    *regs_at(e->regs, ECR) &= ~ECR_ETHEREN;
    *regs_at(e->regs, RDAR) = 0;
    *regs_at(e->regs, TDAR) = 0;
    enet_rings_reset(e);
    enet_event(e, EIR_EBERR);
}

static bool bd_load(struct enet *e, struct bd *b, uint32_t address)
{
    uint8_t raw[BD_BYTES_ENHANCED] = {0};

    if (!soc_dma_read(e->soc, address, raw, bd_bytes(e))) {
        bus_error(e, address);
        return false;
    }
    b->address = address;
    for (size_t i = 0; i < WORDS; i++)
        b->word[i] = swapped(e, get_u32le(raw + 4 * i));
    return true;
}

/* False: the uDMA stopped. */
static bool bd_store(struct enet *e, const struct bd *b)
{
    uint8_t raw[BD_BYTES_ENHANCED];

    for (size_t i = 0; i < WORDS; i++)
        put_u32le(raw + 4 * i, swapped(e, b->word[i]));
    /* The word with the owner bit goes last, as for a reader in between. */
    if (soc_dma_write(e->soc, b->address + 4, raw + 4, bd_bytes(e) - 4) &&
        soc_dma_write(e->soc, b->address, raw, 4))
        return true;
    bus_error(e, b->address);
    return false;
}

static uint32_t bd_next(const struct enet *e, const struct bd *b, uint32_t ring)
{
    return b->word[WORD_CONTROL] & BD_WRAP ? enet_reg(e, ring)
                                           : b->address + bd_bytes(e);
}

void enet_rings_reset(struct enet *e)
{
    e->rx_at = enet_reg(e, RDSR);
    e->tx_at = enet_reg(e, TDSR);
    e->tx_busy = false;
    soc_timer_stop(e->tx_timer);
}

void enet_station(const struct enet *e, uint8_t address[6])
{
    put_u32be(address, enet_reg(e, PALR));
    put_u16be(address + 4, (uint16_t)(enet_reg(e, PAUR) >> 16));
}

static void count_frame(struct enet *e, const uint8_t *frame, size_t len,
                        bool sent)
{
    static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
    uint32_t octets = (uint32_t)len + FCS_BYTES;

    enet_count(e, sent ? T_PACKETS : R_PACKETS, 1);
    enet_count(e, sent ? T_OCTETS : R_OCTETS, octets);
    enet_count(e, sent ? IEEE_T_FRAME_OK : IEEE_R_FRAME_OK, 1);
    enet_count(e, sent ? IEEE_T_OCTETS_OK : IEEE_R_OCTETS_OK, octets);
    if (memcmp(frame, all, sizeof all) == 0)
        enet_count(e, sent ? T_BROADCAST : R_BROADCAST, 1);
    else if (frame[0] & 1u)
        enet_count(e, sent ? T_MULTICAST : R_MULTICAST, 1);
}

/* --- sending -------------------------------------------------------------- */

/* Bytes of the frame at the ring's head so far given; *whole: its last
 * descriptor is there. -1: the uDMA stopped. */
static long tx_measure(struct enet *e, bool *whole)
{
    uint32_t at = e->tx_at;
    long bytes = 0;

    *whole = false;
    for (unsigned n = 0; n < BUFFERS_MAX; n++) {
        struct bd b;
        if (!bd_load(e, &b, at))
            return -1;
        if (!(b.word[WORD_CONTROL] & BD_OWN))
            break;
        bytes += b.word[WORD_CONTROL] & 0xFFFFu;
        *whole = b.word[WORD_CONTROL] & BD_LAST;
        if (*whole)
            break;
        at = bd_next(e, &b, TDSR);
    }
    return bytes;
}

void enet_tx_start(struct enet *e)
{
    bool whole;

    if (e->tx_busy || !(enet_reg(e, TDAR) & DAR_ACTIVE) ||
        (enet_reg(e, TCR) & TCR_GTS))
        return;
    long bytes = tx_measure(e, &whole);

    if (bytes < 0)
        return;
    if (!whole) { /* nothing, or a frame whose end is still to be written */
        *regs_at(e->regs, TDAR) = 0;
        return;
    }
    unsigned ns_per_byte = enet_reg(e, RCR) & RCR_RMII_10T ? 800 : 80;
    uint64_t ns = (uint64_t)(bytes + WIRE_OVERHEAD) * ns_per_byte;

    e->tx_busy = true;
    soc_timer_at(e->tx_timer,
                 soc_now(e->soc) + ns * (BOARD_HZ / 1000000) / 1000);
}

struct tx {
    size_t len;
    bool too_long, has_fcs, insert_ip, insert_protocol, stopped;
};

static bool tx_bytes(struct enet *e, struct tx *t, const struct bd *b)
{
    size_t len = b->word[WORD_CONTROL] & 0xFFFFu;

    if (t->len + len > sizeof e->frame) {
        t->too_long = true;
        return true;
    }
    if (!soc_dma_read(e->soc, b->word[WORD_BUFFER], e->frame + t->len, len)) {
        bus_error(e, b->word[WORD_BUFFER]);
        return false;
    }
    t->len += len;
    return true;
}

static void tx_options(struct enet *e, struct tx *t, const struct bd *b)
{
    uint32_t extend = b->word[WORD_EXTEND];

    t->has_fcs = !(b->word[WORD_CONTROL] & TX_CRC);
    if (!enhanced(e))
        return;
    t->insert_ip |= (extend & TX_IINS) != 0;
    t->insert_protocol |= (extend & TX_PINS) != 0;
    if (extend & TX_TS)
        soc_not_modelled(e->soc, "ENET time stamps", ENET_BASE + ATCR, true,
                         extend);
}

/* One descriptor's bytes go to the frame, and it goes back to software. True:
 * the frame goes on. A descriptor that software took back ends it: each step
 * takes one from the MAC, so that a ring without an end cannot hold us. */
static bool tx_take(struct enet *e, struct tx *t)
{
    struct bd b;

    t->stopped = true; /* until the last descriptor says otherwise */
    if (!bd_load(e, &b, e->tx_at) || !(b.word[WORD_CONTROL] & BD_OWN) ||
        !tx_bytes(e, t, &b))
        return false;
    tx_options(e, t, &b);
    bool last = b.word[WORD_CONTROL] & BD_LAST;

    b.word[WORD_CONTROL] &= ~BD_OWN;
    b.word[WORD_EXTEND] &= ~TX_ERRORS;
    b.word[WORD_UPDATE] |= BD_BDU;
    if (!bd_store(e, &b))
        return false;
    e->tx_at = bd_next(e, &b, TDSR);
    if (!enhanced(e) || (b.word[WORD_EXTEND] & TX_INT))
        enet_event(e, last ? EIR_TXB | EIR_TXF : EIR_TXB);
    t->stopped = !last;
    return !last;
}

static void insert_checksums(struct enet *e, const struct tx *t, uint8_t *frame,
                             size_t len)
{
    bool cleared = true;

    if ((t->insert_ip || t->insert_protocol) &&
        !(enet_reg(e, TFWR) & TFWR_STRFWD)) {
        soc_note(e->soc, "ENET: a checksum cannot be inserted without TFWR."
                         "STRFWD, for the frame has already begun to leave");
        return;
    }
    if (t->insert_protocol)
        cleared = enet_insert_protocol(frame, len);
    if (t->insert_ip)
        cleared = enet_insert_ip(frame, len) && cleared;
    if (!cleared)
        soc_note(e->soc, "ENET: a checksum to be inserted was not zero in the "
                         "frame; what leaves is wrong");
}

static void send(struct enet *e, const uint8_t *frame, size_t len)
{
    count_frame(e, frame, len, true);
    if (!phy_passes(&e->phy))
        return;
    if ((enet_reg(e, RCR) & RCR_LOOP) || phy_loops(&e->phy)) {
        uint8_t copy[sizeof e->frame];
        memcpy(copy, frame, len);
        enet_receive(e, copy, len); /* no room: lost, as on silicon */
    } else if (e->wire.send) {
        e->wire.send(e->wire.ctx, frame, len);
    }
}

static void tx_finish(struct enet *e, struct tx *t)
{
    uint8_t *frame = e->frame;

    if ((enet_reg(e, TACC) & TACC_SHIFT16) && t->len >= 2) {
        frame += 2;
        t->len -= 2;
    }
    if (t->has_fcs && t->len >= FCS_BYTES) /* the wire has none of ours */
        t->len -= FCS_BYTES;
    if (t->too_long || t->len > ENET_FRAME_MAX || t->len < ETHER_HEADER_BYTES) {
        soc_note(e->soc, "ENET: a frame of %u bytes is not sent",
                 (unsigned)t->len);
        enet_event(e, EIR_BABT);
        return;
    }
    if (t->len < ENET_FRAME_MIN) {
        memset(frame + t->len, 0, ENET_FRAME_MIN - t->len);
        t->len = ENET_FRAME_MIN;
    }
    if (enet_reg(e, TCR) & TCR_ADDINS)
        enet_station(e, frame + 6);
    if (!enhanced(e)) {
        t->insert_ip = enet_reg(e, TACC) & TACC_IPCHK;
        t->insert_protocol = enet_reg(e, TACC) & TACC_PROCHK;
    }
    insert_checksums(e, t, frame, t->len);
    send(e, frame, t->len);
}

void enet_tx_fire(void *ctx)
{
    struct enet *e = ctx;
    struct tx t = {0};

    e->tx_busy = false;
    while (tx_take(e, &t))
        ;
    if (t.stopped) {
        *regs_at(e->regs, TDAR) = 0;
        return;
    }
    tx_finish(e, &t);
    enet_tx_start(e);
}

/* --- receiving ------------------------------------------------------------ */

/* The upper six bits of the address's CRC, before it is inverted. */
static bool hash_has(const struct enet *e, const uint8_t *address,
                     uint32_t upper, uint32_t lower)
{
    uint32_t hash = ~crc32(address, 6) >> 26;

    return enet_reg(e, hash >= 32 ? upper : lower) >> (hash % 32) & 1u;
}

/* False: not for this station. *bits: what the descriptor says about it. */
static bool accepts(const struct enet *e, const uint8_t *frame, uint32_t *bits)
{
    static const uint8_t all[6] = {255, 255, 255, 255, 255, 255};
    uint8_t station[6];
    uint32_t rcr = enet_reg(e, RCR);
    bool mine;

    enet_station(e, station);
    if (memcmp(frame, all, 6) == 0) {
        *bits = RX_BC;
        mine = !(rcr & RCR_BC_REJ);
    } else if (frame[0] & 1u) {
        *bits = RX_MC;
        mine = hash_has(e, frame, GAUR, GALR);
    } else {
        *bits = 0;
        mine = memcmp(frame, station, 6) == 0 || hash_has(e, frame, IAUR, IALR);
    }
    if (!mine && (rcr & RCR_PROM)) {
        *bits |= RX_MISS;
        mine = true;
    }
    if ((rcr & RCR_FCE) && !(rcr & RCR_PAUFWD) &&
        get_u16be(frame + 12) == ETHER_PAUSE)
        return false; /* consumed by the MAC */
    return mine;
}

struct rx {
    size_t len; /* of what goes to memory, in e->frame */
    uint32_t bits, extend;
};

/* Build what goes to memory. False: the accelerator discards the frame. */
static bool rx_build(struct enet *e, struct rx *r, const uint8_t *frame,
                     size_t len)
{
    uint32_t racc = enet_reg(e, RACC), rcr = enet_reg(e, RCR);
    size_t shift = racc & RACC_SHIFT16 ? 2 : 0;
    size_t padded = len < ENET_FRAME_MIN ? ENET_FRAME_MIN : len;
    uint8_t *at = e->frame + shift;
    bool ip_right = enet_ip_is_right(frame, len);
    bool protocol_right = enet_protocol_is_right(frame, len);

    if ((!ip_right && (racc & RACC_IPDIS)) ||
        (!protocol_right && (racc & RACC_PRODIS)))
        return false;
    r->extend = (ip_right ? 0 : RX_ICE) | (protocol_right ? 0 : RX_PCR);
    memset(e->frame, 0, shift + padded);
    memcpy(at, frame, len);
    if (padded + FCS_BYTES > (rcr >> 16 & 0x3FFFu)) {
        r->bits |= RX_LG;
        enet_event(e, EIR_BABR);
    }
    put_u32le(at + padded, crc32(at, padded));
    r->len = shift + padded + (rcr & RCR_CRCFWD ? 0 : FCS_BYTES);
    if (racc & RACC_PADREM) /* takes the check sequence too */
        r->len = shift + enet_unpadded(frame, len);
    if (r->len > (enet_reg(e, FTRL) & 0x3FFFu)) {
        r->len = enet_reg(e, FTRL) & 0x3FFFu;
        r->bits |= RX_TR;
    }
    return true;
}

/* Are there as many empty descriptors in a row? If not, reception waits until
 * software says that it has given more. */
static bool rx_has_room(struct enet *e, size_t buffers)
{
    uint32_t at = e->rx_at;

    for (size_t n = 0; n < buffers; n++) {
        struct bd b;
        if (!bd_load(e, &b, at))
            return false;
        if (!(b.word[WORD_CONTROL] & BD_OWN)) {
            *regs_at(e->regs, RDAR) = 0;
            return false;
        }
        at = bd_next(e, &b, RDSR);
    }
    return true;
}

/* Fill the next buffer; false: the uDMA stopped. */
static bool rx_put(struct enet *e, const struct rx *r, size_t from, size_t size)
{
    struct bd b;
    bool last = r->len - from <= size;
    size_t len = last ? r->len - from : size;

    if (!bd_load(e, &b, e->rx_at))
        return false;
    if (!soc_dma_write(e->soc, b.word[WORD_BUFFER], e->frame + from, len)) {
        bus_error(e, b.word[WORD_BUFFER]);
        return false;
    }
    b.word[WORD_CONTROL] &= RX_KEEPS;
    b.word[WORD_CONTROL] |=
        last ? BD_LAST | r->bits | (uint32_t)r->len : (uint32_t)len;
    b.word[WORD_EXTEND] &= RX_INT;
    if (last) {
        b.word[WORD_EXTEND] |= r->extend;
        if (!(r->bits & (RX_BC | RX_MC)))
            b.word[WORD_EXTEND] |= RX_UC;
    }
    b.word[WORD_UPDATE] |= BD_BDU;
    if (!bd_store(e, &b))
        return false;
    e->rx_at = bd_next(e, &b, RDSR);
    if (!enhanced(e) || (b.word[WORD_EXTEND] & RX_INT))
        enet_event(e, last ? EIR_RXF : EIR_RXB);
    return true;
}

bool enet_receive(struct enet *e, const uint8_t *frame, size_t len)
{
    struct rx r = {0};
    size_t size = enet_reg(e, MRBR);

    if (!(enet_reg(e, ECR) & ECR_ETHEREN) || !phy_passes(&e->phy) ||
        len < ETHER_HEADER_BYTES || len > ENET_FRAME_MAX)
        return true;
    if (!accepts(e, frame, &r.bits))
        return true;
    if (!(enet_reg(e, RDAR) & DAR_ACTIVE))
        return false;
    if (size == 0) {
        soc_note(e->soc, "ENET: a frame is lost, MRBR says that buffers have "
                         "no bytes");
        return true;
    }
    if (!rx_build(e, &r, frame, len)) {
        enet_count(e, IEEE_R_DROP, 1);
        return true;
    }
    if (!rx_has_room(e, (r.len + size - 1) / size))
        return !(enet_reg(e, ECR) & ECR_ETHEREN); /* stopped: frame is lost */
    count_frame(e, frame, len, false);
    for (size_t at = 0; at < r.len; at += size)
        if (!rx_put(e, &r, at, size))
            break;
    return true;
}
