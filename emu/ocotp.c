/* ocotp.c - fuses: the array, and the shadow registers that reset loads from
 * it.
 *
 * i.MX RT1060 Processor Reference Manual, chapters "On-Chip OTP Controller
 * (OCOTP_CTRL)" and "Fusemap". A fuse only ever goes from zero to one; burnt
 * fuses live as long as the board, over power too, but not in the flash file.
 * A shadow written by hand lasts until the next reset.
 *
 * Fresh fuses: a unique id (board_config.core_id, or made from the seed), a
 * locally administered MAC address, the temperature calibration; the rest is
 * blank. Lock bits for the boot, memory, MAC, general purpose and
 * miscellaneous words are obeyed. Not modelled: read protection, ECC, CRC test.
 * Tests: test/unit/emu/test_ocotp.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    CTRL = 0x00,
    DATA = 0x20,
    READ_CTRL = 0x30,
    READ_FUSE_DATA = 0x40,
    SHADOW = 0x400, /* 16 bytes per word; words from 0x30 on sit 0x100 higher */
    SHADOW_HIGH = 0x800,

    CTRL_ADDR = 0x3F,
    CTRL_BUSY = 1 << 8,
    CTRL_ERROR = 1 << 9,
    CTRL_RELOAD = 1 << 10,
    CTRL_KEY_LOW = 16,
    CTRL_KEY = 0x3E77,
    READ_FUSE = 1 << 0,

    WORDS = 0x40,
    WORDS_LOW = 0x30,
    WORD_LOCK = 0x00,
    WORD_ID_LOW = 0x01,
    WORD_ID_HIGH = 0x02,
    WORD_ANA1 = 0x0E,
    WORD_MAC0 = 0x22,
    WORD_MAC1 = 0x23,
    BURN_MICROSECONDS = 12,
};

/* ERROR too, so that firmware can clear it. */
#define CTRL_WRITABLE (0xFFFF0000u | CTRL_ADDR | CTRL_ERROR | CTRL_RELOAD)

static const struct reg_row ROWS[] = {
    {CTRL, 1, REG_SET_CLEAR, 0, CTRL_WRITABLE, false},
    {0x10, 1, REG_STORE, 0x06001299, REG_ALL, false}, /* TIMING */
    {DATA, 1, REG_STORE, 0, REG_ALL, false},
    {READ_CTRL, 1, REG_STORE, 0, READ_FUSE, false},
    {READ_FUSE_DATA, 1, REG_STORE, 0, 0, false},
    {0x50, 1, REG_STORE, 0, REG_ALL, false},           /* SW_STICKY */
    {0x60, 1, REG_SET_CLEAR, 0, REG_ALL, false},       /* SCS */
    {0x90, 1, REG_STORE, 0x06000000, 0, false},        /* VERSION */
    {0x100, 1, REG_STORE, 0x01C10042, REG_ALL, false}, /* TIMING2 */
    {SHADOW, 4 * WORDS_LOW, REG_STORE, 0, REG_ALL, false},
    {SHADOW_HIGH, 4 * (WORDS - WORDS_LOW), REG_STORE, 0, REG_ALL, false},
};

/* In LOCK: bit `low` forbids burning, the next one forbids changing the
 * shadow, of the words from `first` to `last`. */
struct lock {
    unsigned low, first, last;
};

static const struct lock LOCKS[] = {
    {2, 0x05, 0x07},  /* BOOT_CFG: 450, 460, 470 */
    {4, 0x08, 0x0C},  /* MEM_TRIM */
    {8, 0x22, 0x24},  /* MAC_ADDR */
    {10, 0x26, 0x26}, /* GP1 */
    {12, 0x27, 0x27}, /* GP2 */
    {18, 0x0D, 0x0F}, /* ANALOG */
    {22, 0x2D, 0x2E}, /* MISC_CONF: 6D0, 6E0 */
};

struct ocotp {
    struct soc *soc;
    struct regs *regs;
    uint32_t fuse[WORDS];
    bool made;
    struct soc_timer *burnt;
};

static uint32_t *reg(const struct ocotp *o, uint32_t off)
{
    return regs_at(o->regs, off);
}

static uint32_t shadow_of(unsigned word)
{
    return word < WORDS_LOW ? SHADOW + 16 * word
                            : SHADOW_HIGH + 16 * (word - WORDS_LOW);
}

static bool locked(const struct ocotp *o, unsigned word, unsigned bit)
{
    uint32_t lock = *reg(o, SHADOW + 16 * WORD_LOCK);

    for (size_t i = 0; i < sizeof LOCKS / sizeof LOCKS[0]; i++)
        if (word >= LOCKS[i].first && word <= LOCKS[i].last)
            return lock >> (LOCKS[i].low + bit) & 1;
    return false;
}

static uint32_t mixed(uint64_t seed, uint32_t n)
{
    uint64_t z = seed + 0x9E3779B97F4A7C15u * n;

    z = (z ^ (z >> 31)) * 0x7FB5D329728EA185u;
    return (uint32_t)(z >> 32) ^ (uint32_t)z;
}

static void make_fuses(struct ocotp *o)
{
    uint64_t seed = soc_seed(o->soc), id = soc_config(o->soc)->core_id;

    if (id == 0)
        id = (uint64_t)mixed(seed, 1) << 32 | mixed(seed, 2);
    o->fuse[WORD_ID_LOW] = (uint32_t)id;
    o->fuse[WORD_ID_HIGH] = (uint32_t)(id >> 32);
    /* 02: locally administered. Low word: bytes 2..5 of the address. */
    o->fuse[WORD_MAC0] = mixed(id, 3);
    o->fuse[WORD_MAC1] = 0x0200 | (mixed(id, 4) & 0xFF);
    /* Counts at 25 and 85 degrees Celsius; see TEMP_COUNT, ccm_analog.c. */
    o->fuse[WORD_ANA1] = 0x4E0u << 20 | 0x57Fu << 8 | 0x55u;
    o->made = true;
}

static void load_shadows(struct ocotp *o)
{
    for (unsigned word = 0; word < WORDS; word++)
        *reg(o, shadow_of(word)) = o->fuse[word];
}

static void burn_done(void *ctx)
{
    struct ocotp *o = ctx;

    *reg(o, CTRL) &= ~(uint32_t)(CTRL_BUSY | CTRL_ADDR);
}

/* A write of DATA burns, if the key was given. The shadow follows at the next
 * load. */
static void burn(struct ocotp *o, uint32_t bits)
{
    uint32_t *ctrl = reg(o, CTRL);
    unsigned word = *ctrl & CTRL_ADDR;
    bool key = *ctrl >> CTRL_KEY_LOW == CTRL_KEY;

    *ctrl &= 0xFFFF;
    if (!key)
        return;
    if (locked(o, word, 0)) {
        *ctrl |= CTRL_ERROR;
        return;
    }
    o->fuse[word] |= bits;
    *ctrl |= CTRL_BUSY;
    soc_note(o->soc, "OCOTP: fuse word 0x%X burnt, now 0x%08X", word,
             o->fuse[word]);
    soc_timer_at(o->burnt, soc_now(o->soc) + (uint64_t)BURN_MICROSECONDS *
                                                 (BOARD_HZ / 1000000));
}

static void ctrl_written(struct ocotp *o, uint32_t old)
{
    uint32_t *ctrl = reg(o, CTRL);

    if (old & CTRL_BUSY) {
        *ctrl = old | CTRL_ERROR;
        return;
    }
    if (*ctrl & CTRL_RELOAD) {
        load_shadows(o);
        *ctrl &= ~(uint32_t)CTRL_RELOAD;
    }
}

static void ocotp_written(void *owner, uint32_t off, uint32_t value,
                          uint32_t old)
{
    struct ocotp *o = owner;

    if (off == CTRL) {
        ctrl_written(o, old);
    } else if (off == DATA) {
        burn(o, value);
    } else if (off == READ_CTRL && value & READ_FUSE) {
        *reg(o, READ_FUSE_DATA) = o->fuse[*reg(o, CTRL) & CTRL_ADDR];
        *reg(o, READ_CTRL) = 0;
    } else if (off >= SHADOW) {
        unsigned word = off < SHADOW_HIGH
                            ? (off - SHADOW) / 16
                            : WORDS_LOW + (off - SHADOW_HIGH) / 16;
        if (off % 16 != 0 || locked(o, word, 1))
            *reg(o, off) = old;
    }
}

static void ocotp_reset(void *owner, enum soc_reset kind)
{
    struct ocotp *o = owner;

    (void)kind;
    if (!o->made)
        make_fuses(o);
    load_shadows(o);
}

void ocotp_add(struct soc *s)
{
    struct ocotp *o = soc_alloc(s, sizeof *o);

    o->soc = s;
    o->burnt = soc_timer_new(s, burn_done, o);
    o->regs = regs_add(
        s, &(struct reg_block){"OCOTP", 0x401F4000, 0x4000, REG_ROWS(ROWS)},
        &(struct reg_hooks){
            .owner = o, .written = ocotp_written, .reset = ocotp_reset});
}
