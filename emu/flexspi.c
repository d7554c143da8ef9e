/* flexspi.c - the serial flash controller, as far as IP commands go. Start at
 * trigger() and run_sequences().
 *
 * Source: i.MX RT1060 Processor Reference Manual, rev. 3, "FlexSPI Controller".
 * An IP command is done when the write that starts it is, and takes the core
 * the time that the wires need; its address is the chip's own, never remapped.
 * The port A1 has the chip, other ports have nothing.
 *
 * After a reset the registers are as the boot ROM leaves them: enabled, 8 MiB
 * on A1, FIFOs read by the IP bus, sequence 0 a fast read by four wires.
 *
 * Not modelled: AHB commands (the memory window shows the chip whatever FLSHCR2
 * and the LUT say; AHBCR and the AHB buffers are storage), FIFOs read by the
 * AHB bus or by DMA, parallel mode, timeouts, arbitration, any second FlexSPI
 * (0x402A4000, which has no chip on the EVK).
 * Tests: test/unit/emu/test_flexspi.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/flexspi_lut.h"
#include "emu/nor.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    BASE = 0x402A8000,
    BYTES = 0x4000,
    IRQ = 108,

    MCR0 = 0x00,
    MCR1 = 0x04,
    MCR2 = 0x08,
    AHBCR = 0x0C,
    INTEN = 0x10,
    INTR = 0x14,
    LUTKEY = 0x18,
    LUTCR = 0x1C,
    AHBRXBUFCR0 = 0x20, /* 4 */
    FLSHCR0 = 0x60,     /* 4: A1, A2, B1, B2 */
    FLSHCR1 = 0x70,
    FLSHCR2 = 0x80,
    FLSHCR4 = 0x94,
    IPCR0 = 0xA0,
    IPCR1 = 0xA4,
    IPCMD = 0xB0,
    IPRXFCR = 0xB8,
    IPTXFCR = 0xBC,
    DLLCR = 0xC0, /* 2 */
    STS0 = 0xE0,
    STS1 = 0xE4,
    STS2 = 0xE8,
    AHBSPNDSTS = 0xEC,
    IPRXFSTS = 0xF0,
    IPTXFSTS = 0xF4,
    RFDR = 0x100, /* 32 */
    TFDR = 0x180, /* 32 */
    LUT = 0x200,  /* 64 */

    MCR0_SWRESET = 0x01,
    MCR0_MDIS = 0x02,
    MCR0_ARDFEN = 0x40,
    MCR0_ATDFEN = 0x80,
    INTR_IPCMDDONE = 0x01,
    INTR_IPCMDERR = 0x08,
    INTR_IPRXWA = 0x20,
    INTR_IPTXWE = 0x40,
    INTR_SCKSTOPBYRD = 0x100,
    INTR_SCKSTOPBYWR = 0x200,
    INTR_ALL = 0xF7F,
    LUT_KEY = 0x5AF05AF0,
    LUTCR_LOCK = 1,
    LUTCR_UNLOCK = 2,
    FCR_CLEAR = 0x01,
    FCR_DMA = 0x02,
    DLLCR_ENABLE = 0x01,
    STS0_IDLE = 0x03,
    STS0_IP_COMMAND = 0x08,
    STS2_RESET = 0x01000100,

    PORTS = 4,
    SEQUENCES = 16,
    ENTRY_BYTES = 8,
    FIFO_BYTES = 128, /* each of the two */
    LUT_WORDS = 64,
    TRANSFER_BYTES = 0x10000,
};

static const uint32_t IPCR1_PARALLEL = 0x80000000;

/* Masks are the fields that the manual names; the rest reads as after reset.
 * What firmware polls comes first. */
static const struct reg_row ROWS[] = {
    {INTR, 1, REG_STORE, 0, 0, false},
    {RFDR, 32, REG_STORE, 0, 0, false},
    {TFDR, 32, REG_STORE, 0, REG_ALL, false},
    {STS0, 1, REG_STORE, 0, 0, false},
    {IPRXFSTS, 1, REG_STORE, 0, 0, false},
    {IPTXFSTS, 1, REG_STORE, 0, 0, false},
    {IPCMD, 1, REG_STORE, 0, 0, false},
    {MCR0, 1, REG_STORE, 0xFFFF8010, 0xFFFF78F2, false},
    {MCR1, 1, REG_STORE, REG_ALL, REG_ALL, false},
    {MCR2, 1, REG_STORE, 0x200081F7, 0xFF088800, false},
    {AHBCR, 1, REG_STORE, 0x18, 0x79, false},
    {INTEN, 1, REG_STORE, 0, INTR_ALL, false},
    {LUTKEY, 1, REG_STORE, LUT_KEY, 0, false},
    {LUTCR, 1, REG_STORE, LUTCR_UNLOCK, 0, false},
    {AHBRXBUFCR0 + 0, 1, REG_STORE, 0x80000020, 0x830F00FF, false},
    {AHBRXBUFCR0 + 4, 1, REG_STORE, 0x80010020, 0x830F00FF, false},
    {AHBRXBUFCR0 + 8, 1, REG_STORE, 0x80020020, 0x830F00FF, false},
    {AHBRXBUFCR0 + 12, 1, REG_STORE, 0x80030020, 0x830F00FF, false},
    {FLSHCR0, 1, REG_STORE, BOARD_FLASH_BYTES / 1024, 0x7FFFFF, false},
    {FLSHCR0 + 4, 3, REG_STORE, 0, 0x7FFFFF, false},
    {FLSHCR1, 4, REG_STORE, 0x63, REG_ALL, false},
    {FLSHCR2, 4, REG_STORE, 0, 0x7FFFEFEF, false},
    {FLSHCR4, 1, REG_STORE, 0, 0x0D, false},
    {IPCR0, 1, REG_STORE, 0, REG_ALL, false},
    {IPCR1, 1, REG_STORE, 0, 0x870FFFFF, false},
    {IPRXFCR, 1, REG_STORE, 0, 0x3E, false},
    {IPTXFCR, 1, REG_STORE, 0, 0x3E, false},
    {DLLCR, 2, REG_STORE, 0x100, 0x7F7B, false},
    {STS1, 1, REG_STORE, 0, 0, false},
    {STS2, 1, REG_STORE, STS2_RESET, 0, false},
    {AHBSPNDSTS, 1, REG_STORE, 0, 0, false},
    {LUT, LUT_WORDS, REG_STORE, 0, REG_ALL, false},
};

/* Of the IP command that runs. */
struct ip_command {
    bool running;
    unsigned next, end; /* sequences left: [next, end) */
    uint8_t data[TRANSFER_BYTES + FLEXSPI_INSTRUCTIONS]; /* to the chip */
    size_t data_len;
};

struct flexspi {
    struct soc *s;
    struct nor *nor;
    struct regs *regs;
    uint32_t latched; /* INTR without the two FIFO bits */
    bool key_given;
    struct ip_command ip;
    uint8_t tx[FIFO_BYTES];
    size_t tx_len;
    /* All that was read; the RX FIFO shows its first FIFO_BYTES from rx_at on,
     * the chip's clock stands still meanwhile. */
    uint8_t rx[TRANSFER_BYTES];
    size_t rx_at, rx_len;
    uint16_t rx_entries, tx_entries; /* counters */
};

static uint32_t reg(const struct flexspi *f, uint32_t off)
{
    return *regs_at(f->regs, off);
}

/* --- FIFOs and interrupts ------------------------------------------------- */

static size_t watermark(const struct flexspi *f, uint32_t control)
{
    size_t level = reg(f, control) >> 2 & 0xF;

    return (level + 1) * ENTRY_BYTES;
}

static size_t entries(size_t bytes)
{
    return (bytes + ENTRY_BYTES - 1) / ENTRY_BYTES;
}

static size_t rx_left(const struct flexspi *f)
{
    return f->rx_len - f->rx_at;
}

/* A last entry that is not full counts. */
static size_t rx_fill(const struct flexspi *f)
{
    size_t left = rx_left(f);

    return entries(left < FIFO_BYTES ? left : FIFO_BYTES);
}

static uint32_t interrupts(const struct flexspi *f)
{
    uint32_t value = f->latched;

    if (rx_fill(f) * ENTRY_BYTES >= watermark(f, IPRXFCR))
        value |= INTR_IPRXWA;
    if (FIFO_BYTES - f->tx_len >= watermark(f, IPTXFCR))
        value |= INTR_IPTXWE;
    return value;
}

static void update_irq(struct flexspi *f)
{
    soc_irq(f->s, IRQ, (interrupts(f) & reg(f, INTEN)) != 0);
}

static uint32_t rx_word(const struct flexspi *f, size_t at)
{
    uint32_t value = 0;

    for (size_t i = 0; i < 4; i++)
        if (at + i < rx_left(f))
            value |= (uint32_t)f->rx[f->rx_at + at + i] << (8 * i);
    return value;
}

static void rx_pop(struct flexspi *f)
{
    size_t bytes = watermark(f, IPRXFCR);

    if (bytes > rx_left(f))
        bytes = rx_left(f);
    f->rx_at += bytes;
    f->rx_entries = (uint16_t)(f->rx_entries + entries(bytes));
}

/* What nobody has popped stays in front of the next command's data. */
static void rx_compact(struct flexspi *f)
{
    f->rx_len = rx_left(f);
    memmove(f->rx, f->rx + f->rx_at, f->rx_len);
    f->rx_at = 0;
}

static void rx_clear(struct flexspi *f)
{
    f->rx_at = 0;
    f->rx_len = 0;
    f->rx_entries = 0;
}

/* What was written to TFDR becomes the newest entries of the FIFO. */
static void tx_push(struct flexspi *f)
{
    size_t bytes = watermark(f, IPTXFCR);

    if (bytes > FIFO_BYTES - f->tx_len) {
        soc_note(f->s, "FlexSPI: IP TX FIFO pushed while full; data lost");
        return;
    }
    for (size_t i = 0; i < bytes; i++)
        f->tx[f->tx_len + i] =
            (uint8_t)(reg(f, TFDR + (uint32_t)(i & ~3u)) >> (i % 4 * 8));
    f->tx_len += bytes;
    f->tx_entries = (uint16_t)(f->tx_entries + entries(bytes));
}

static void tx_clear(struct flexspi *f)
{
    f->tx_len = 0;
    f->tx_entries = 0;
}

/* Whole entries leave the FIFO, also if the command needs only a part. */
static void tx_take(struct flexspi *f, size_t wanted)
{
    size_t taken = 0;

    while (f->ip.data_len < wanted && taken < f->tx_len) {
        size_t need = wanted - f->ip.data_len;
        size_t bytes = need < ENTRY_BYTES ? need : ENTRY_BYTES;
        memcpy(f->ip.data + f->ip.data_len, f->tx + taken, bytes);
        f->ip.data_len += bytes;
        taken += ENTRY_BYTES;
    }
    memmove(f->tx, f->tx + taken, f->tx_len - taken);
    f->tx_len -= taken;
}

/* --- IP commands ---------------------------------------------------------- */

static void fail(struct flexspi *f, enum flexspi_error error, unsigned sequence)
{
    *regs_at(f->regs, STS1) = (uint32_t)error << 24 | sequence << 16;
    f->latched |= INTR_IPCMDERR | INTR_IPCMDDONE;
    soc_note(f->s, "FlexSPI: IP command error %d in sequence %u (address 0x%X)",
             error, sequence, reg(f, IPCR0));
}

/* Whose chip select: 0 is A1. PORTS: beyond them all. */
static unsigned port_of(const struct flexspi *f, uint32_t address)
{
    uint64_t end = 0;

    for (unsigned port = 0; port < PORTS; port++) {
        end += (uint64_t)reg(f, FLSHCR0 + 4 * port) * 1024;
        if (address < end)
            return port;
    }
    return PORTS;
}

static size_t data_bytes(const struct flexspi *f,
                         const struct flexspi_sequence *q)
{
    size_t size = reg(f, IPCR1) & 0xFFFF;

    return size ? size : q->data_bytes;
}

static void decode(const struct flexspi *f, unsigned sequence,
                   struct flexspi_sequence *out)
{
    uint32_t first = sequence % SEQUENCES * FLEXSPI_SEQUENCE_WORDS;

    flexspi_decode(out, regs_at(f->regs, LUT + 4 * first));
}

/* By one wire at 100 MHz, which is not more than a chip without further setting
 * takes; and half a microsecond for the controller. */
static uint64_t bus_cycles(size_t bytes)
{
    return BOARD_HZ / 2000000 + 8 * bytes * BOARD_HZ / 100000000;
}

static void to_chip(struct flexspi *f, const struct flexspi_sequence *q)
{
    struct nor_command c = {
        .opcode = q->sent[0], .in = f->ip.data, .in_len = f->ip.data_len};
    uint32_t address = reg(f, IPCR0);

    if (q->odd)
        soc_note(f->s, "FlexSPI: %s is not modelled (command 0x%02X)", q->odd,
                 q->sent[0]);
    if (q->has_address)
        c.address = address & 0xFFFFFF;
    if (q->data == FLEXSPI_DATA_READ) {
        size_t room = TRANSFER_BYTES - f->rx_len, size = data_bytes(f, q);
        c.out = f->rx + f->rx_len;
        c.out_len = size < room ? size : room;
        if (size > room)
            soc_note(f->s,
                     "FlexSPI: %zu bytes of a read are lost: too many "
                     "before them were never popped",
                     size - room);
        f->rx_len += c.out_len;
    }
    soc_spend(f->s, bus_cycles(1u + (q->has_address ? 3u : 0u) + c.in_len +
                               c.out_len));
    if (q->sent_len > 0 && port_of(f, address) == 0)
        nor_command(f->nor, &c);
    else if (c.out_len > 0)
        memset(c.out, 0xFF, c.out_len);
}

/* As far as the FIFOs let it. */
static void run_sequences(struct flexspi *f)
{
    struct flexspi_sequence q;

    while (f->ip.next < f->ip.end) {
        decode(f, f->ip.next, &q);
        size_t extra = q.sent_len > 0 ? q.sent_len - 1 : 0;
        size_t wanted = extra;
        if (q.data == FLEXSPI_DATA_WRITE)
            wanted += data_bytes(f, &q);
        if (f->ip.data_len == 0) {
            memcpy(f->ip.data, q.sent + 1, extra);
            f->ip.data_len = extra;
        }
        tx_take(f, wanted);
        if (f->ip.data_len < wanted) {
            f->latched |= INTR_SCKSTOPBYWR;
            return;
        }
        to_chip(f, &q);
        f->ip.data_len = 0;
        f->ip.next++;
    }
    if (rx_left(f) > FIFO_BYTES) {
        f->latched |= INTR_SCKSTOPBYRD;
        return;
    }
    f->ip.running = false;
    f->latched |= INTR_IPCMDDONE;
}

static bool may_trigger(struct flexspi *f)
{
    const char *why = NULL;

    if (reg(f, MCR0) & MCR0_MDIS)
        why = "the module is disabled (MCR0[MDIS])";
    else if (f->ip.running)
        why = "the command before it still runs";
    if (why)
        soc_note(f->s, "FlexSPI: IP command ignored: %s", why);
    return !why;
}

static void note_not_modelled(struct flexspi *f, uint32_t control)
{
    if (control & IPCR1_PARALLEL)
        soc_note(f->s, "FlexSPI: parallel mode is not modelled");
    if ((reg(f, IPRXFCR) | reg(f, IPTXFCR)) & FCR_DMA)
        soc_note(f->s, "FlexSPI: DMA on the FIFOs is not modelled");
    if (reg(f, MCR0) & (MCR0_ARDFEN | MCR0_ATDFEN))
        soc_note(f->s, "FlexSPI: the AHB bus as the FIFOs' user (MCR0[ARDFEN], "
                       "[ATDFEN]) is not modelled");
}

static void trigger(struct flexspi *f)
{
    uint32_t control = reg(f, IPCR1);
    unsigned first = control >> 16 & 0xF, count = (control >> 24 & 7) + 1;
    unsigned port = port_of(f, reg(f, IPCR0));

    if (!may_trigger(f))
        return;
    note_not_modelled(f, control);
    if (port == PORTS) {
        fail(f, FLEXSPI_ERROR_ADDRESS, first);
        return;
    }
    for (unsigned i = first; i < first + count; i++) {
        struct flexspi_sequence q;
        decode(f, i, &q);
        if (q.error != FLEXSPI_ERROR_NONE) {
            fail(f, q.error, i % SEQUENCES);
            return;
        }
    }
    if (port != 0)
        soc_note(f->s, "FlexSPI: address 0x%X is on port %u, which is empty",
                 reg(f, IPCR0), port);
    rx_compact(f);
    f->ip.running = true;
    f->ip.next = first;
    f->ip.end = first + count;
    f->ip.data_len = 0;
    run_sequences(f);
}

/* --- registers ------------------------------------------------------------ */

static void software_reset(struct flexspi *f)
{
    f->ip.running = false;
    f->latched = 0;
    *regs_at(f->regs, STS1) = 0;
    rx_clear(f);
    tx_clear(f);
}

static void write_intr(struct flexspi *f, uint32_t value)
{
    f->latched &= ~value;
    if (value & INTR_IPCMDERR)
        *regs_at(f->regs, STS1) = 0;
    if (value & INTR_IPRXWA)
        rx_pop(f);
    if ((value & INTR_IPTXWE) && !(reg(f, MCR0) & MCR0_ATDFEN))
        tx_push(f);
    if (f->ip.running && (value & (INTR_IPRXWA | INTR_IPTXWE)))
        run_sequences(f);
}

static void write_fifo_control(struct flexspi *f, uint32_t off)
{
    if (off == IPTXFCR) {
        tx_clear(f);
        return;
    }
    rx_clear(f);
    if (f->ip.running)
        run_sequences(f);
}

static void write_lut(struct flexspi *f, uint32_t off, uint32_t old)
{
    if (!(reg(f, LUTCR) & LUTCR_LOCK))
        return;
    *regs_at(f->regs, off) = old;
    soc_note(f->s, "FlexSPI: LUT %u written while locked; ignored",
             (off - LUT) / 4);
}

/* Counts only right after the key. */
static void write_lutcr(struct flexspi *f, uint32_t value, bool key)
{
    uint32_t wanted = value & (LUTCR_LOCK | LUTCR_UNLOCK);

    if (key && (wanted == LUTCR_LOCK || wanted == LUTCR_UNLOCK))
        *regs_at(f->regs, LUTCR) = wanted;
    else
        soc_note(f->s, "FlexSPI: LUTCR written as 0x%X %s the key; ignored",
                 value, key ? "with" : "without");
}

static void flexspi_written(void *owner, uint32_t off, uint32_t value,
                            uint32_t old)
{
    struct flexspi *f = owner;
    bool key = f->key_given;

    f->key_given = off == LUTKEY && value == LUT_KEY;
    if (off == INTR)
        write_intr(f, value);
    else if (off == LUTCR)
        write_lutcr(f, value, key);
    else if (off >= LUT)
        write_lut(f, off, old);
    else if (off == IPCMD && (value & 1))
        trigger(f);
    else if (off == MCR0 && (value & MCR0_SWRESET))
        software_reset(f);
    else if ((off == IPRXFCR || off == IPTXFCR) && (value & FCR_CLEAR))
        write_fifo_control(f, off);
    update_irq(f);
}

/* Both delay lines of a port lock as soon as they may. */
static uint32_t delay_lines(const struct flexspi *f)
{
    uint32_t value = STS2_RESET;

    if (reg(f, MCR0) & MCR0_MDIS)
        return value;
    for (unsigned port = 0; port < 2; port++)
        if (reg(f, DLLCR + 4 * port) & DLLCR_ENABLE)
            value |= 3u << (16 * port);
    return value;
}

static uint32_t flexspi_read(void *owner, uint32_t off, uint32_t value)
{
    const struct flexspi *f = owner;

    if (off >= RFDR && off < TFDR)
        return reg(f, MCR0) & MCR0_ARDFEN ? 0 : rx_word(f, off - RFDR);
    if (off >= TFDR && off < LUT)
        return 0; /* write-only */
    switch (off) {
    case INTR:
        return interrupts(f);
    case STS0:
        return f->ip.running ? STS0_IP_COMMAND : STS0_IDLE;
    case STS2:
        return delay_lines(f);
    case IPRXFSTS:
        return (uint32_t)f->rx_entries << 16 | (uint32_t)rx_fill(f);
    case IPTXFSTS:
        return (uint32_t)f->tx_entries << 16 | (uint32_t)entries(f->tx_len);
    default:
        return value;
    }
}

/* Fast read 0xEB: CMD by one wire, then RADDR, 6 DUMMY, READ by four. */
static const uint32_t ROM_READ[] = {0x0A1804EB, 0x26043206};

static void flexspi_reset(void *owner, enum soc_reset kind)
{
    struct flexspi *f = owner;

    f->key_given = false;
    software_reset(f);
    memcpy(regs_at(f->regs, LUT), ROM_READ, sizeof ROM_READ);
    if (kind == SOC_RESET_POWER)
        nor_reset(f->nor);
    else
        nor_soc_reset(f->nor);
    update_irq(f);
}

void flexspi_add(struct soc *s, struct nor *n)
{
    struct flexspi *f = soc_alloc(s, sizeof *f);

    f->s = s;
    f->nor = n;
    f->regs = regs_add(
        s, &(struct reg_block){"FlexSPI", BASE, BYTES, REG_ROWS(ROWS)},
        &(struct reg_hooks){f, flexspi_read, flexspi_written, flexspi_reset});
}
