/* clocks.c - the clock tree as firmware has set it. Start at clock_hz().
 *
 * i.MX RT1060 Processor Reference Manual, chapter "Clock Controller Module
 * (CCM)": the clock tree, the PLL formulas; "DCDC Converter (DCDC)". Reads the
 * registers over the bus, so it needs no way into the models that hold them.
 * Tests: test/unit/emu/test_ccm.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/clocks.h"

#include "emu/board.h"
#include "emu/soc_host.h"

enum {
    CCM = 0x400FC000,
    CCM_CACRR = CCM + 0x10,
    CCM_CBCDR = CCM + 0x14,
    CCM_CBCMR = CCM + 0x18,
    CCM_CSCMR1 = CCM + 0x1C,
    CCM_CSCDR1 = CCM + 0x24,
    ANALOG = 0x400D8000,
    PLL_ARM = ANALOG + 0x00,
    PLL_USB1 = ANALOG + 0x10,
    PLL_SYS = ANALOG + 0x30,
    PLL_SYS_NUM = ANALOG + 0x50,
    PLL_SYS_DENOM = ANALOG + 0x60,
    PFD_528 = ANALOG + 0x100,

    DCDC_REG0 = 0x40080000,
    DCDC_REG3 = DCDC_REG0 + 0xC,
    VDD_LOWEST_MV = 800,
    VDD_STEP_MV = 25,
    VDD_OVERDRIVE_MV = 1250, /* above NORMAL_HZ; data sheet */
    NORMAL_HZ = 528000000,

    OSC_HZ = 24000000,
    RTC_HZ = 32768,

    PLL_POWER = 1u << 12, /* ARM and SYS: power *down*; USB1: power up */
    PLL_ENABLE = 1u << 13,
    PLL_BYPASS = 1u << 16,
};

static uint32_t word(struct soc *s, uint32_t address)
{
    return soc_read(s, address, 4);
}

static uint32_t field(uint32_t value, unsigned low, unsigned bits)
{
    return value >> low & ((1u << bits) - 1);
}

/* `hz` if the PLL's control word lets it out. */
static uint32_t pll_output(uint32_t control, bool powered, uint64_t hz)
{
    if (!(control & PLL_ENABLE))
        return 0;
    if (control & PLL_BYPASS)
        return OSC_HZ;
    return powered ? (uint32_t)hz : 0;
}

static uint32_t arm_pll(struct soc *s)
{
    uint32_t c = word(s, PLL_ARM);

    return pll_output(c, !(c & PLL_POWER),
                      (uint64_t)OSC_HZ * field(c, 0, 7) / 2);
}

static uint32_t sys_pll(struct soc *s)
{
    uint32_t c = word(s, PLL_SYS);
    uint32_t denominator = word(s, PLL_SYS_DENOM);
    uint64_t hz = (uint64_t)OSC_HZ * (c & 1 ? 22 : 20);

    if (denominator != 0)
        hz += (uint64_t)OSC_HZ * word(s, PLL_SYS_NUM) / denominator;
    return pll_output(c, !(c & PLL_POWER), hz);
}

static uint32_t usb1_pll(struct soc *s)
{
    uint32_t c = word(s, PLL_USB1);

    return pll_output(c, c & PLL_POWER, (uint64_t)OSC_HZ * (c & 2 ? 22 : 20));
}

/* One of the four phase fractional dividers of the system PLL. */
static uint32_t sys_pfd(struct soc *s, unsigned n)
{
    uint32_t control = word(s, PFD_528) >> (8 * n);
    uint32_t fraction = control & 0x3F;

    if (control & 0x80 || fraction == 0)
        return 0;
    return (uint32_t)((uint64_t)sys_pll(s) * 18 / fraction);
}

static uint32_t pre_periph(struct soc *s, uint32_t cbcmr)
{
    switch (field(cbcmr, 18, 2)) {
    case 0:
        return sys_pll(s);
    case 1:
        return sys_pfd(s, 2);
    case 2:
        return sys_pfd(s, 0);
    default:
        return arm_pll(s) / (field(word(s, CCM_CACRR), 0, 3) + 1);
    }
}

static uint32_t periph_clk2(struct soc *s, uint32_t cbcmr)
{
    switch (field(cbcmr, 12, 2)) {
    case 0:
        return usb1_pll(s);
    case 1:
        return OSC_HZ;
    default:
        return sys_pll(s);
    }
}

static uint32_t ahb(struct soc *s)
{
    uint32_t cbcdr = word(s, CCM_CBCDR), cbcmr = word(s, CCM_CBCMR);
    uint32_t periph;

    if (field(cbcdr, 25, 1))
        periph = periph_clk2(s, cbcmr) / (field(cbcdr, 27, 3) + 1);
    else
        periph = pre_periph(s, cbcmr);
    return periph / (field(cbcdr, 10, 3) + 1);
}

static uint32_t ipg(struct soc *s)
{
    return ahb(s) / (field(word(s, CCM_CBCDR), 8, 2) + 1);
}

static uint32_t per(struct soc *s)
{
    uint32_t cscmr1 = word(s, CCM_CSCMR1);
    uint32_t source = field(cscmr1, 6, 1) ? (uint32_t)OSC_HZ : ipg(s);

    return source / (field(cscmr1, 0, 6) + 1);
}

static uint32_t uart(struct soc *s)
{
    uint32_t cscdr1 = word(s, CCM_CSCDR1);
    uint32_t source = field(cscdr1, 6, 1) ? (uint32_t)OSC_HZ : usb1_pll(s) / 6;

    return source / (field(cscdr1, 0, 6) + 1);
}

uint32_t clock_hz(struct soc *s, enum clock c)
{
    switch (c) {
    case CLOCK_ARM_PLL:
        return arm_pll(s);
    case CLOCK_SYS_PLL:
        return sys_pll(s);
    case CLOCK_USB1_PLL:
        return usb1_pll(s);
    case CLOCK_AHB:
        return ahb(s);
    case CLOCK_IPG:
        return ipg(s);
    case CLOCK_PER:
        return per(s);
    case CLOCK_UART:
        return uart(s);
    case CLOCK_OSC:
        return OSC_HZ;
    case CLOCK_RTC:
        return RTC_HZ;
    }
    return 0;
}

/* The control word of the PLL that the core's clock comes from; 0: none. */
static uint32_t core_pll(struct soc *s)
{
    uint32_t cbcdr = word(s, CCM_CBCDR), cbcmr = word(s, CCM_CBCMR);

    if (!field(cbcdr, 25, 1))
        return field(cbcmr, 18, 2) == 3 ? PLL_ARM : PLL_SYS;
    switch (field(cbcmr, 12, 2)) {
    case 0:
        return PLL_USB1;
    case 1:
        return 0;
    default:
        return PLL_SYS;
    }
}

void clock_check_core(struct soc *s)
{
    uint32_t control = core_pll(s), hz = ahb(s);
    uint32_t mv = VDD_LOWEST_MV + VDD_STEP_MV * field(word(s, DCDC_REG3), 0, 5);

    if (control != 0 && !field(word(s, control), 31, 1) &&
        !field(word(s, control), 16, 1))
        soc_note(s, "CCM: the core runs from a PLL (0x%08X) that is not locked",
                 control);
    if (hz > NORMAL_HZ &&
        (mv < VDD_OVERDRIVE_MV || !field(word(s, DCDC_REG0), 31, 1)))
        soc_note(s, "CCM: the core's %u Hz need %u mV, DCDC gives %u mV%s", hz,
                 (unsigned)VDD_OVERDRIVE_MV, mv,
                 mv < VDD_OVERDRIVE_MV ? "" : " but not yet");
}

/* Whole seconds apart from the rest, so that the products fit. */
uint64_t clock_ticks(uint64_t cycles, uint32_t hz)
{
    return cycles / BOARD_HZ * hz + cycles % BOARD_HZ * hz / BOARD_HZ;
}

uint64_t clock_cycles(uint64_t ticks, uint32_t hz)
{
    return ticks / hz * BOARD_HZ + (ticks % hz * BOARD_HZ + hz - 1) / hz;
}

void ticker_start(struct ticker *t, const struct soc *s, uint32_t hz,
                  uint32_t divider)
{
    *t = (struct ticker){.base = soc_now(s), .hz = hz, .divider = divider};
}

uint64_t ticker_take(struct ticker *t, const struct soc *s)
{
    if (t->hz == 0)
        return 0;
    uint64_t ticks = clock_ticks(soc_now(s) - t->base, t->hz) / t->divider;
    uint64_t taken = ticks - t->taken;

    t->taken = ticks;
    return taken;
}

void ticker_arm(const struct ticker *t, struct soc_timer *timer, uint64_t ticks)
{
    const uint64_t far = 1ull << 48; /* ticks; days, and the product fits */

    if (ticks > far)
        ticks = far;
    if (ticks == 0 || t->hz == 0)
        soc_timer_stop(timer);
    else
        soc_timer_at(timer,
                     t->base +
                         clock_cycles((t->taken + ticks) * t->divider, t->hz));
}
