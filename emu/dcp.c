/* dcp.c - the Data Co-Processor: hashes and copies memory by work packets.
 * Start at dcp_write(), then start_next() and finish_packet().
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3 (and its Security
 * Reference Manual), chapter "Data Co-Processor (DCP)". The byte order of a
 * digest, the CRC's parameters and the place of a channel in the context
 * buffer are those which NXP's fsl_dcp driver expects.
 * Not modelled, and refused as an invalid mode: AES, blit, swapped input and
 * output. Assumed: time per byte (70 MB/s, as people have measured), and the
 * words of a saved hash context, which software only carries around.
 * Tests: test/unit/emu/test_dcp.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/dcp.h"

#include <string.h>

#include "base/bytes.h"
#include "emu/sha.h"

enum {
    DCP_BASE = 0x402FC000,
    DCP_BYTES = 0x4000,
    IRQ_SHARED = 50,
    IRQ_VMI = 51, /* channel 0, unless merged into the shared line */

    CTRL = 0x000, /* _SET, _CLR, _TOG at +4, +8, +12 */
    STAT = 0x010,
    CHANNELCTRL = 0x020,
    CAPABILITY0 = 0x030,
    CAPABILITY1 = 0x040,
    CONTEXT = 0x050,
    KEY = 0x060,
    KEYDATA = 0x070,
    PACKET0 = 0x080, /* to PACKET6, 0x10 apart: the packet being worked on */
    PACKET6 = 0x0E0,
    CHANNEL0 = 0x100, /* CMDPTR, SEMA, STAT, OPTS, 0x10 apart */
    CHANNEL_STRIDE = 0x40,
    CHANNELS_END = 0x200,
    DBGSELECT = 0x400,
    DBGDATA = 0x410,
    PAGETABLE = 0x420,
    VERSION = 0x430,

    CMDPTR = 0x00, /* inside a channel */
    SEMA = 0x10,
    CHSTAT = 0x20,
    CHOPTS = 0x30,
};

enum {
    CHANNELS = 4,
    PACKET_WORDS = 8,
    CONTEXT_WORDS = 13, /* 4 of the cipher, 8 of the hash, 1 its length */
    CONTEXT_HASH = 4,   /* the first word of the hash */
    CHUNK_BYTES = 4096,
    CYCLES_PER_PACKET = 500,
    CYCLES_PER_BYTE = 8,
    COST_BYTES_MAX =
        16 << 20, /* beyond it memory ends and with it the packet */
};

#define CTRL_RESET      0xF0800000u
#define CTRL_WRITABLE   0xC0E000FFu
#define CTRL_PRESENT    0x30000000u /* cipher and hash engines are there */
#define CTRL_SFTRST     0x80000000u
#define CTRL_CLKGATE    0x40000000u
#define CTRL_CACHING    0x00400000u
#define CTRL_SWITCHING  0x00200000u
#define CTRL_IRQ_ENABLE 0x000000FFu
#define STAT_OTP_READY  0x10000000u
#define CHCTRL_MERGED   0x00010000u
#define CHCTRL_WRITABLE 0x0001FFFFu

enum { /* control0 of a packet */
       C0_INTERRUPT = 1 << 0,
       C0_DECR_SEMAPHORE = 1 << 1,
       C0_CHAIN = 1 << 2,
       C0_CHAIN_CONTIGUOUS = 1 << 3,
       C0_MEMCOPY = 1 << 4,
       C0_CIPHER = 1 << 5,
       C0_HASH = 1 << 6,
       C0_BLIT = 1 << 7,
       C0_HASH_INIT = 1 << 12,
       C0_HASH_TERM = 1 << 13,
       C0_CHECK_HASH = 1 << 14,
       C0_CONSTANT_FILL = 1 << 16,
       C0_SWAPS = 0x3F << 18,
};

enum {                       /* a packet's status and a channel's */
       ST_COMPLETE = 1 << 0, /* in a packet only */
       ST_HASH_MISMATCH = 1 << 1,
       ST_SETUP = 1 << 2,
       ST_PACKET = 1 << 3,
       ST_SRC = 1 << 4,
       ST_DST = 1 << 5,
       ST_ERRORS = 0x7E,
       ST_CODE = 0xFF << 16,
       CODE_CHAIN_IS_0 = 1 << 16,
       CODE_NO_CHAIN = 2 << 16,
       CODE_CONTEXT = 3 << 16,
       CODE_PAYLOAD = 4 << 16,
       CODE_MODE = 5 << 16,
};

enum { /* words of a packet */
       P_NEXT,
       P_CONTROL0,
       P_CONTROL1,
       P_SOURCE,
       P_DESTINATION,
       P_SIZE,
       P_PAYLOAD,
       P_STATUS,
};

struct channel {
    uint32_t cmdptr, stat, opts;
    uint8_t sema;
};

struct dcp {
    struct soc *soc;
    struct soc_timer *timer; /* runs while `current` works */
    uint32_t ctrl, irqs, channelctrl, capability0, context, key;
    uint32_t dbgselect, pagetable;
    struct channel channel[CHANNELS];
    int current; /* channel at work, or -1 */
    unsigned last;
    uint32_t packet[PACKET_WORDS];
    struct sha hash; /* of hash_channel */
    int hash_channel;
    uint8_t chunk[CHUNK_BYTES];
};

/* --- lines and readiness -------------------------------------------------- */

static void update_irqs(struct dcp *d)
{
    uint32_t on = d->irqs & d->ctrl & CTRL_IRQ_ENABLE;
    bool merged = d->channelctrl & CHCTRL_MERGED;

    soc_irq(d->soc, IRQ_SHARED, (on & (merged ? 0xFu : 0xEu)) != 0);
    soc_irq(d->soc, IRQ_VMI, !merged && (on & 1u));
}

static bool ready(const struct dcp *d, unsigned ch)
{
    const struct channel *c = &d->channel[ch];

    return (d->channelctrl >> ch & 1u) && c->sema > 0 &&
           !(c->stat & ST_ERRORS) && !(d->ctrl & (CTRL_SFTRST | CTRL_CLKGATE));
}

/* High priority first; then in turn, so that no channel starves. */
static int next_channel(const struct dcp *d)
{
    for (unsigned high = 1; high < 2; high--)
        for (unsigned i = 1; i <= CHANNELS; i++) {
            unsigned ch = (d->last + i) % CHANNELS;
            if (ready(d, ch) && (d->channelctrl >> (8 + ch) & 1u) == high)
                return (int)ch;
        }
    return -1;
}

/* An error stops the channel: its semaphore is gone, software starts anew. */
static void channel_done(struct dcp *d, unsigned ch, uint32_t status)
{
    struct channel *c = &d->channel[ch];
    uint32_t errors = status & (ST_ERRORS | ST_CODE);

    c->stat = (d->packet[P_CONTROL0] & 0xFF000000u) | errors;
    if (errors)
        c->sema = 0;
    if (errors || (d->packet[P_CONTROL0] & C0_INTERRUPT))
        d->irqs |= 1u << ch;
}

/* --- work ----------------------------------------------------------------- */

static uint32_t context_address(const struct dcp *d, unsigned ch)
{
    return d->context +
           4u * (CONTEXT_WORDS * (CHANNELS - 1 - ch) + CONTEXT_HASH);
}

static bool context_load(struct dcp *d, unsigned ch)
{
    uint8_t raw[4 * (SHA_WORDS + 1)];

    if (!(d->ctrl & CTRL_SWITCHING) ||
        ((d->ctrl & CTRL_CACHING) && d->hash_channel == (int)ch))
        return true;
    if (!soc_dma_read(d->soc, context_address(d, ch), raw, sizeof raw))
        return false;
    for (size_t i = 0; i < SHA_WORDS; i++)
        d->hash.word[i] = get_u32le(raw + 4 * i);
    d->hash.bytes = get_u32le(raw + sizeof raw - 4);
    return true;
}

static bool context_save(struct dcp *d, unsigned ch)
{
    uint8_t raw[4 * (SHA_WORDS + 1)];

    d->hash_channel = (int)ch;
    if (!(d->ctrl & CTRL_SWITCHING))
        return true;
    for (size_t i = 0; i < SHA_WORDS; i++)
        put_u32le(raw + 4 * i, d->hash.word[i]);
    put_u32le(raw + sizeof raw - 4, d->hash.bytes);
    return soc_dma_write(d->soc, context_address(d, ch), raw, sizeof raw);
}

/* The hardware's digest lies in memory last byte first. */
static uint32_t digest_out(struct dcp *d, const uint8_t *digest, size_t len)
{
    uint8_t reversed[SHA_DIGEST_MAX];
    uint32_t payload = d->packet[P_PAYLOAD];

    for (size_t i = 0; i < len; i++)
        reversed[i] = digest[len - 1 - i];
    if (d->packet[P_CONTROL0] & C0_CHECK_HASH) {
        uint8_t there[SHA_DIGEST_MAX];
        if (!soc_dma_read(d->soc, payload, there, len))
            return ST_SETUP | CODE_PAYLOAD;
        return memcmp(there, reversed, len) == 0 ? 0 : ST_HASH_MISMATCH;
    }
    if (!soc_dma_write(d->soc, payload, reversed, len))
        return ST_SETUP | CODE_PAYLOAD;
    return 0;
}

static uint32_t hash_chunk(struct dcp *d, size_t len, bool last)
{
    enum sha_kind kind = (enum sha_kind)(d->packet[P_CONTROL1] >> 16 & 0xFu);
    size_t whole = kind == SHA_CRC32 ? len : len & ~(SHA_BLOCK_BYTES - 1u);
    uint8_t digest[SHA_DIGEST_MAX];

    sha_add(&d->hash, kind, d->chunk, whole);
    if (!last)
        return 0;
    if (!(d->packet[P_CONTROL0] & C0_HASH_TERM)) {
        if (whole != len)
            soc_note(d->soc,
                     "DCP: a packet that does not end its hash has %u bytes; "
                     "it must be a multiple of %u",
                     (unsigned)d->packet[P_SIZE], (unsigned)SHA_BLOCK_BYTES);
        return 0;
    }
    size_t n = sha_end(&d->hash, kind, d->chunk + whole, len - whole, digest);

    return digest_out(d, digest, n);
}

static uint32_t check_mode(struct dcp *d)
{
    uint32_t c0 = d->packet[P_CONTROL0], c1 = d->packet[P_CONTROL1];
    const char *what = NULL;

    if (c0 & C0_CIPHER)
        what = "DCP AES";
    else if (c0 & C0_BLIT)
        what = "DCP blit";
    else if (c0 & C0_SWAPS)
        what = "DCP byte and word swaps";
    if (what)
        soc_not_modelled(d->soc, what, DCP_BASE, true, c0);
    if (what || ((c0 & C0_HASH) && (c1 >> 16 & 0xFu) > SHA_256))
        return ST_SETUP | CODE_MODE;
    return 0;
}

static uint32_t do_chunk(struct dcp *d, uint32_t at, size_t len, bool last)
{
    uint32_t c0 = d->packet[P_CONTROL0], source = d->packet[P_SOURCE];

    if (c0 & C0_CONSTANT_FILL)
        for (size_t i = 0; i < len; i += 4)
            put_u32le(d->chunk + i, source); /* the field is the value */
    else if (!soc_dma_read(d->soc, source + at, d->chunk, len))
        return ST_SRC;
    if ((c0 & C0_MEMCOPY) &&
        !soc_dma_write(d->soc, d->packet[P_DESTINATION] + at, d->chunk, len))
        return ST_DST;
    return c0 & C0_HASH ? hash_chunk(d, len, last) : 0;
}

/* One packet from start to end; returns its status bits. */
static uint32_t do_packet(struct dcp *d, unsigned ch)
{
    uint32_t size = d->packet[P_SIZE], c0 = d->packet[P_CONTROL0], at = 0;
    uint32_t status = check_mode(d);

    if (status == 0 && (c0 & C0_HASH)) {
        if (c0 & C0_HASH_INIT)
            sha_begin(&d->hash,
                      (enum sha_kind)(d->packet[P_CONTROL1] >> 16 & 0xFu));
        else if (!context_load(d, ch))
            status = ST_SETUP | CODE_CONTEXT;
    }
    if (!(c0 & (C0_HASH | C0_MEMCOPY)))
        return status; /* nothing to do but chain and semaphore */
    while (status == 0) {
        size_t len = size - at < CHUNK_BYTES ? size - at : CHUNK_BYTES;
        status = do_chunk(d, at, len, at + len == size);
        at += (uint32_t)len;
        if (at == size)
            break;
    }
    if ((c0 & C0_HASH) && !(status & ~(uint32_t)ST_HASH_MISMATCH) &&
        !context_save(d, ch))
        status |= ST_SETUP | CODE_CONTEXT;
    return status;
}

/* --- packets in their order ----------------------------------------------- */

static void write_status(struct dcp *d, unsigned ch, uint32_t status)
{
    uint8_t word[4];

    put_u32le(word,
              (d->packet[P_CONTROL0] & 0xFF000000u) | status | ST_COMPLETE);
    if (!soc_dma_write(d->soc, d->channel[ch].cmdptr + 4 * P_STATUS, word, 4))
        soc_note(d->soc,
                 "DCP: packet at 0x%08X lies in memory that cannot be "
                 "written: its status is lost",
                 (unsigned)d->channel[ch].cmdptr);
}

/* Where the channel goes on; returns error bits if it has to and cannot. */
static uint32_t follow_chain(struct dcp *d, unsigned ch)
{
    uint32_t c0 = d->packet[P_CONTROL0];
    struct channel *c = &d->channel[ch];

    if ((c0 & C0_DECR_SEMAPHORE) && c->sema > 0)
        c->sema--;
    if (c0 & C0_CHAIN)
        c->cmdptr = d->packet[P_NEXT];
    else if (c0 & C0_CHAIN_CONTIGUOUS)
        c->cmdptr += 4 * PACKET_WORDS;
    if (c->sema == 0)
        return 0;
    if (!(c0 & (C0_CHAIN | C0_CHAIN_CONTIGUOUS)))
        return ST_SETUP | CODE_NO_CHAIN;
    return c->cmdptr == 0 ? ST_SETUP | CODE_CHAIN_IS_0 : 0;
}

static bool load_packet(struct dcp *d, unsigned ch)
{
    uint8_t raw[4 * PACKET_WORDS];

    if (!soc_dma_read(d->soc, d->channel[ch].cmdptr, raw, sizeof raw)) {
        memset(d->packet, 0, sizeof d->packet);
        return false;
    }
    for (size_t i = 0; i < PACKET_WORDS; i++)
        d->packet[i] = get_u32le(raw + 4 * i);
    return true;
}

static void start_next(struct dcp *d)
{
    while (d->current < 0) {
        int ch = next_channel(d);
        if (ch < 0)
            break;
        d->last = (unsigned)ch;
        if (!load_packet(d, d->last)) {
            channel_done(d, d->last, ST_PACKET);
            continue;
        }
        uint64_t size = d->packet[P_SIZE];
        if (size > COST_BYTES_MAX)
            size = COST_BYTES_MAX;
        d->current = ch;
        soc_timer_at(d->timer, soc_now(d->soc) + CYCLES_PER_PACKET +
                                   CYCLES_PER_BYTE * size);
    }
    update_irqs(d);
}

static void finish_packet(void *ctx)
{
    struct dcp *d = ctx;
    unsigned ch = d->last;
    uint32_t status = do_packet(d, ch);

    write_status(d, ch, status);
    if (status == 0)
        status = follow_chain(d, ch);
    channel_done(d, ch, status);
    d->current = -1;
    start_next(d);
}

/* --- registers ------------------------------------------------------------ */

static void clear(struct dcp *d)
{
    soc_timer_stop(d->timer);
    d->ctrl = CTRL_RESET;
    d->irqs = d->channelctrl = d->context = d->key = 0;
    d->dbgselect = d->pagetable = 0;
    d->capability0 = 0x404; /* four keys, four channels */
    memset(d->channel, 0, sizeof d->channel);
    memset(d->packet, 0, sizeof d->packet);
    d->current = d->hash_channel = -1;
    d->last = CHANNELS - 1;
    update_irqs(d);
}

static void dcp_reset(void *ctx, enum soc_reset kind)
{
    (void)kind; /* everything, either way */
    clear(ctx);
}

static uint32_t stat_value(const struct dcp *d)
{
    uint32_t v = STAT_OTP_READY | d->irqs;

    for (unsigned ch = 0; ch < CHANNELS; ch++)
        if (ready(d, ch))
            v |= 1u << (16 + ch);
    return v | (uint32_t)(d->current + 1) << 24;
}

static uint32_t channel_read(const struct dcp *d, uint32_t off)
{
    const struct channel *c = &d->channel[(off - CHANNEL0) / CHANNEL_STRIDE];

    switch (off % CHANNEL_STRIDE) {
    case CMDPTR:
        return c->cmdptr;
    case SEMA:
        return (uint32_t)c->sema << 16;
    case CHSTAT:
        return c->stat;
    default:
        return c->opts;
    }
}

static uint32_t dcp_read(void *ctx, uint32_t off, unsigned width)
{
    struct dcp *d = ctx;
    uint32_t reg = off & ~0xFu; /* SET, CLR and TOG read as the register */

    if (width == 4 && reg >= CHANNEL0 && reg < CHANNELS_END)
        return channel_read(d, reg);
    if (width == 4 && reg >= PACKET0 && reg <= PACKET6)
        return d->packet[(reg - PACKET0) / 0x10];
    switch (width == 4 ? reg : UINT32_MAX) {
    case CTRL:
        return d->ctrl;
    case STAT:
        return stat_value(d);
    case CHANNELCTRL:
        return d->channelctrl;
    case CAPABILITY0:
        return d->capability0;
    case CAPABILITY1:
        return 0x00070001; /* SHA-1, CRC-32, SHA-256; AES-128 */
    case CONTEXT:
        return d->context;
    case KEY:
        return d->key;
    case DBGSELECT:
        return d->dbgselect;
    case KEYDATA: /* write-only */
    case DBGDATA: /* no debug value is modelled; drivers never ask */
        return 0;
    case PAGETABLE:
        return d->pagetable;
    case VERSION:
        return 0x02010000;
    }
    soc_not_modelled(d->soc, "a DCP register", DCP_BASE + off, false, 0);
    return 0;
}

/* What a write to a register or to its SET, CLR or TOG makes of it. */
static uint32_t apply(uint32_t off, uint32_t old, uint32_t value)
{
    switch (off & 0xFu) {
    case 0x4:
        return old | value;
    case 0x8:
        return old & ~value;
    case 0xC:
        return old ^ value;
    default:
        return value;
    }
}

static void ctrl_write(struct dcp *d, uint32_t off, uint32_t value)
{
    uint32_t next = apply(off, d->ctrl, value);

    if (next & CTRL_SFTRST)
        clear(d);
    d->ctrl = (next & CTRL_WRITABLE) | CTRL_PRESENT;
}

static void channel_write(struct dcp *d, uint32_t off, uint32_t value)
{
    struct channel *c = &d->channel[(off - CHANNEL0) / CHANNEL_STRIDE];

    switch (off % CHANNEL_STRIDE & ~0xFu) {
    case CMDPTR:
        c->cmdptr = value;
        break;
    case SEMA: /* written: added; CLR: emptied */
        value &= 0xFFu;
        if ((off & 0xFu) == 0x8)
            c->sema = (uint8_t)(c->sema & ~value);
        else
            c->sema =
                (uint8_t)(c->sema + value > 0xFF ? 0xFF : c->sema + value);
        break;
    case CHSTAT:
        c->stat = (c->stat & ~(uint32_t)ST_ERRORS) |
                  (apply(off, c->stat, value) & ST_ERRORS);
        if (!(c->stat & ST_ERRORS))
            c->stat &= ~(uint32_t)ST_CODE;
        break;
    default: /* the recovery timer only spaces out packets */
        c->opts = apply(off, c->opts, value) & 0xFFFFu;
    }
}

/* Plain storage: false if the register is none of it. */
static bool storage_write(struct dcp *d, uint32_t reg, uint32_t value)
{
    switch (reg) {
    case CAPABILITY0: /* two lock bits, until reset */
        d->capability0 |= value & 0xA0000000u;
        return true;
    case CONTEXT:
        d->context = value;
        return true;
    case KEY:
        d->key = value & 0x33u;
        return true;
    case DBGSELECT:
        d->dbgselect = value & 0xFFu;
        return true;
    case PAGETABLE: /* only matters to requests for OTP keys */
        d->pagetable = value;
        return true;
    }
    return false;
}

static void dcp_write(void *ctx, uint32_t off, uint32_t value, unsigned width)
{
    struct dcp *d = ctx;
    uint32_t reg = off & ~0xFu;

    if (width == 4 && reg == CTRL)
        ctrl_write(d, off, value);
    else if (width == 4 && reg == STAT)
        d->irqs = apply(off, d->irqs, value) & 0xFu;
    else if (width == 4 && reg == CHANNELCTRL)
        d->channelctrl = apply(off, d->channelctrl, value) & CHCTRL_WRITABLE;
    else if (width == 4 && reg >= CHANNEL0 && reg < CHANNELS_END)
        channel_write(d, off, value);
    else if (width != 4 || !storage_write(d, reg, value))
        soc_not_modelled(d->soc, reg == KEYDATA ? "DCP AES" : "a DCP register",
                         DCP_BASE + off, true, value);
    start_next(d);
}

void dcp_add(struct soc *s)
{
    struct dcp *d = soc_alloc(s, sizeof *d);

    d->soc = s;
    d->timer = soc_timer_new(s, finish_packet, d);
    clear(d);
    soc_add(s, &(struct soc_device){"DCP", DCP_BASE, DCP_BYTES, d, dcp_read,
                                    dcp_write, dcp_reset});
}
