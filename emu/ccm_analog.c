/* ccm_analog.c - PLLs, fractional dividers, regulators, temperature monitor,
 * USB analog part and crystal oscillator: one page of SET/CLEAR/TOGGLE groups.
 *
 * i.MX RT1060 Processor Reference Manual, chapters "Clock Controller Module
 * (CCM)" (analog part), "Power Management Unit (PMU)", "Temperature Monitor
 * (TEMPMON)", "Crystal Oscillator (XTALOSC)", "Universal Serial Bus 2.0
 * Integrated PHY (USB-PHY)" (analog part).
 *
 * No firmware sees these registers as reset leaves them, since the boot ROM
 * runs first; so ARM, system and USB1 PLL are as the ROM hands them over: on,
 * locked, and the core at 396 MHz. A PLL that is powered up or gets another
 * divider locks anew, in the time that the data sheet grants it.
 * Tests: test/unit/emu/test_ccm.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/board.h"
#include "emu/clocks.h"
#include "emu/peripherals.h"
#include "emu/regs.h"

enum {
    PLL_ARM = 0x00,
    PLL_USB1 = 0x10,
    PLL_USB2 = 0x20,
    PLL_SYS = 0x30,
    PLL_AUDIO = 0x70,
    PLL_VIDEO = 0xA0,
    PLL_ENET = 0xE0,
    REG_1P1 = 0x110,
    REG_2P5 = 0x130,
    MISC0 = 0x150,
    TEMPSENSE0 = 0x180,
    DIGPROG = 0x260,
    LOWPWR_CTRL = 0x270,

    PLL_POWER = 1u << 12, /* USB PLLs: up; the others: down */
    REGULATOR_ENABLE = 1u << 0,
    REGULATOR_OK = 1u << 17,
    MISC0_XTALOK = 1u << 15,
    LOWPWR_XTALOSC_OK = 1u << 16,
    TEMP_POWER_DOWN = 1u << 0,
    TEMP_MEASURE = 1u << 1,
    TEMP_FINISHED = 1u << 2,
    /* 40 degrees Celsius by the calibration that ocotp.c has in ANA1. */
    TEMP_COUNT = 0x557u << 8,
    TEMP_COUNT_MASK = 0xFFFu << 8,
};

#define PLL_LOCK (1u << 31)
#define RW       (~PLL_LOCK)

static const struct reg_row ROWS[] = {
    {PLL_ARM, 1, REG_SET_CLEAR, 0x00002042, RW, false},
    {PLL_USB1, 1, REG_SET_CLEAR, 0x00003040, RW, false},
    {PLL_USB2, 1, REG_SET_CLEAR, 0x00012000, RW, false},
    {PLL_SYS, 1, REG_SET_CLEAR, 0x00002001, RW, false},
    {0x40, 1, REG_STORE, 0x00000000, REG_ALL, false},    /* PLL_SYS_SS */
    {0x50, 1, REG_STORE, 0x00000000, 0x3FFFFFFF, false}, /* PLL_SYS_NUM */
    {0x60, 1, REG_STORE, 0x00000012, 0x3FFFFFFF, false}, /* PLL_SYS_DENOM */
    {PLL_AUDIO, 1, REG_SET_CLEAR, 0x00011006, RW, false},
    {0x80, 1, REG_STORE, 0x05F5E100, 0x3FFFFFFF, false}, /* PLL_AUDIO_NUM */
    {0x90, 1, REG_STORE, 0x2964619C, 0x3FFFFFFF, false}, /* ..._DENOM */
    {PLL_VIDEO, 1, REG_SET_CLEAR, 0x0001100C, RW, false},
    {0xB0, 1, REG_STORE, 0x05F5E100, 0x3FFFFFFF, false}, /* PLL_VIDEO_NUM */
    {0xC0, 1, REG_STORE, 0x10A24447, 0x3FFFFFFF, false}, /* ..._DENOM */
    {PLL_ENET, 1, REG_SET_CLEAR, 0x00011001, RW, false},
    {0xF0, 1, REG_SET_CLEAR, 0x1311100C, REG_ALL, false},  /* PFD_480 */
    {0x100, 1, REG_SET_CLEAR, 0x1018101B, REG_ALL, false}, /* PFD_528 */
    {REG_1P1, 1, REG_SET_CLEAR, 0x00001073, REG_ALL, false},
    {0x120, 1, REG_SET_CLEAR, 0x00000F74, REG_ALL, false}, /* REG_3P0 */
    {REG_2P5, 1, REG_SET_CLEAR, 0x00001073, REG_ALL, false},
    {0x140, 1, REG_SET_CLEAR, 0x00482012, REG_ALL, false}, /* REG_CORE */
    {MISC0, 1, REG_SET_CLEAR, 0x04000000, REG_ALL, false},
    {0x160, 1, REG_SET_CLEAR, 0x00000000, REG_ALL, false}, /* MISC1 */
    {0x170, 1, REG_SET_CLEAR, 0x00272727, REG_ALL, false}, /* MISC2 */
    {TEMPSENSE0, 1, REG_SET_CLEAR, 0x00000001, REG_ALL, false},
    {0x190, 1, REG_SET_CLEAR, 0x00000001, REG_ALL, false}, /* TEMPSENSE1 */
    /* USB1, then USB2: VBUS and charger detection, nothing is plugged in. */
    {0x1A0, 2, REG_SET_CLEAR, 0x00100004, REG_ALL, false},
    {0x1C0, 1, REG_STORE, 0x00000000, 0, false},
    {0x1D0, 1, REG_STORE, 0x00000000, 0, false},
    {0x1F0, 1, REG_SET_CLEAR, 0x00000002, REG_ALL, false}, /* USB1_MISC */
    {0x200, 2, REG_SET_CLEAR, 0x00100004, REG_ALL, false},
    {0x220, 1, REG_STORE, 0x00000000, 0, false},
    {0x230, 1, REG_STORE, 0x00000000, 0, false},
    {0x250, 1, REG_SET_CLEAR, 0x00000002, REG_ALL, false}, /* USB2_MISC */
    {DIGPROG, 1, REG_STORE, 0x006C0000, 0, false},
    {LOWPWR_CTRL, 1, REG_SET_CLEAR, 0x00004009, REG_ALL, false},
    {0x290, 1, REG_SET_CLEAR, 0x00000000, REG_ALL, false}, /* TEMPSENSE2 */
    {0x2A0, 1, REG_SET_CLEAR, 0x00001020, REG_ALL, false}, /* OSC_CONFIG0 */
    {0x2B0, 1, REG_SET_CLEAR, 0x000002EE, REG_ALL, false}, /* OSC_CONFIG1 */
    {0x2C0, 1, REG_SET_CLEAR, 0x000102E2, REG_ALL, false}, /* OSC_CONFIG2 */
};

/* Lock times are in cycles of the crystal. */
static const struct pll {
    uint32_t off;
    uint32_t divider; /* a change of it loses the lock */
    bool is_up;       /* PLL_POWER set is on */
    uint32_t lock_cycles;
} PLLS[] = {
    {PLL_ARM, 0x7F, false, 2250},    {PLL_USB1, 0x02, true, 383},
    {PLL_USB2, 0x02, true, 383},     {PLL_SYS, 0x01, false, 11250},
    {PLL_AUDIO, 0x7F, false, 11250}, {PLL_VIDEO, 0x7F, false, 11250},
    {PLL_ENET, 0, false, 11250},
};
enum { PLL_COUNT = sizeof PLLS / sizeof PLLS[0], CRYSTAL_MHZ = 24 };

struct analog {
    struct soc *soc;
    uint64_t locks_at[PLL_COUNT]; /* cycles */
};

static uint32_t with(uint32_t value, uint32_t bit, bool on)
{
    return on ? value | bit : value & ~bit;
}

static uint32_t temperature(uint32_t value)
{
    if (value & TEMP_POWER_DOWN || !(value & TEMP_MEASURE))
        return value & ~(uint32_t)TEMP_FINISHED;
    return (value & ~(uint32_t)TEMP_COUNT_MASK) | TEMP_COUNT | TEMP_FINISHED;
}

/* The PLL whose control this is, or PLL_COUNT. */
static size_t pll_of(uint32_t off)
{
    size_t i = 0;

    while (i < PLL_COUNT && PLLS[i].off != off)
        i++;
    return i;
}

static bool is_powered(size_t pll, uint32_t control)
{
    return !(control & PLL_POWER) != PLLS[pll].is_up;
}

static uint32_t pll_read(const struct analog *a, size_t pll, uint32_t value)
{
    return with(value, PLL_LOCK,
                is_powered(pll, value) && soc_now(a->soc) >= a->locks_at[pll]);
}

static void analog_written(void *owner, uint32_t off, uint32_t value,
                           uint32_t old)
{
    struct analog *a = owner;
    size_t pll = pll_of(off);

    if (pll == PLL_COUNT)
        return;
    if (is_powered(pll, value) &&
        (!is_powered(pll, old) || (value ^ old) & PLLS[pll].divider))
        a->locks_at[pll] = soc_now(a->soc) + (uint64_t)PLLS[pll].lock_cycles *
                                                 (BOARD_HZ / 1000000) /
                                                 CRYSTAL_MHZ;
    clock_check_core(a->soc);
}

/* Status bits follow what is switched on. */
static uint32_t analog_read(void *owner, uint32_t off, uint32_t value)
{
    const struct analog *a = owner;
    size_t pll = pll_of(off);

    if (pll != PLL_COUNT)
        return pll_read(a, pll, value);
    switch (off) {
    case REG_1P1:
    case REG_2P5:
        return with(value, REGULATOR_OK, value & REGULATOR_ENABLE);
    case MISC0:
        return value | MISC0_XTALOK;
    case LOWPWR_CTRL:
        return value | LOWPWR_XTALOSC_OK;
    case TEMPSENSE0:
        return temperature(value);
    default:
        return value;
    }
}

static void analog_reset(void *owner, enum soc_reset kind)
{
    struct analog *a = owner;

    (void)kind;
    for (size_t i = 0; i < PLL_COUNT; i++)
        a->locks_at[i] = 0;
}

void ccm_analog_add(struct soc *s)
{
    struct analog *a = soc_alloc(s, sizeof *a);

    a->soc = s;
    regs_add(
        s,
        &(struct reg_block){"CCM_ANALOG", 0x400D8000, 0x1000, REG_ROWS(ROWS)},
        &(struct reg_hooks){.owner = a,
                            .read = analog_read,
                            .written = analog_written,
                            .reset = analog_reset});
}
