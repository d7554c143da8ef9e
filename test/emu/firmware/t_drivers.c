/* t_drivers.c - what the drivers of NXP's MCUXpresso SDK 2.x wait for while
 * they set a device up: register sequences, in our own words. A bit that never
 * comes would hang such a firmware.
 *
 * Sources: i.MX RT1060 Processor Reference Manual, the chapter of each device.
 * PLL and SNVS claims follow the SDK's fsl_clock.c and fsl_snvs_hp.c access by
 * access; the others do what the manual asks any driver to wait for. The
 * FlexSPI controller's waits are in nor.c. Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

DRIVER_CLAIMS(CLAIM_PROTOTYPE)

enum { PATIENCE = 1000000 }; /* looks at a register; some 10 ms */

/* The bits of mask get that value while the firmware waits. */
static void expect_comes(uint32_t address, uint32_t mask, uint32_t value)
{
    for (uint32_t i = 0; i < PATIENCE; i++)
        if ((REG32(address) & mask) == value)
            return;
    expect(value, REG32(address) & mask);
}

/* --- clocks --------------------------------------------------------------- */

enum {
    PLL_ENABLE = 1 << 13,
    PLL_BYPASS = 1 << 16,
    PLL_DOWN = 1 << 12, /* of the USB PLLs: up */
    PLL_USB_CLOCKS = 1 << 6,
};
#define PLL(n)   (0x400D8000u + (n))
#define PLL_LOCK 0x80000000u

static void pll_starts(uint32_t address, uint32_t clear, uint32_t set)
{
    REG32(address) |= PLL_BYPASS;
    REG32(address) = (REG32(address) & ~clear) | set;
    expect_comes(address, PLL_LOCK, PLL_LOCK);
    REG32(address) &= ~(uint32_t)PLL_BYPASS;

    expect(PLL_ENABLE, REG32(address) & (PLL_BYPASS | PLL_ENABLE));
    expect(PLL_LOCK, REG32(address) & PLL_LOCK);
}

static void each_pll_locks_as_it_is_started(void)
{
    static const uint32_t DOWN_WHEN_SET[] = {0x00, 0x30, 0x70, 0xA0, 0xE0};
    static const uint32_t UP_WHEN_SET[] = {0x10, 0x20};

    for (unsigned i = 0; i < sizeof DOWN_WHEN_SET / 4; i++)
        pll_starts(PLL(DOWN_WHEN_SET[i]), PLL_DOWN, PLL_ENABLE);
    for (unsigned i = 0; i < sizeof UP_WHEN_SET / 4; i++)
        pll_starts(PLL(UP_WHEN_SET[i]), 0,
                   PLL_ENABLE | PLL_DOWN | PLL_USB_CLOCKS);
}

static void pll_that_is_down_is_not_locked(void)
{
    REG32(PLL(0x70)) = PLL_DOWN;
    expect(0, REG32(PLL(0x70)) & PLL_LOCK);
    REG32(PLL(0x20)) = 0;
    expect(0, REG32(PLL(0x20)) & PLL_LOCK);
}

static void divider_handshake_comes_to_its_end(void)
{
    uint32_t dividers = REG32(0x400FC014); /* CBCDR */

    REG32(0x400FC014) = (dividers & ~0x1C00u) | 1u << 10; /* AHB by 2 */
    expect_comes(0x400FC048, 0x0001002A, 0);              /* CDHIPR */
    REG32(0x400FC014) = dividers;
    expect_comes(0x400FC048, 0x0001002A, 0);
}

static void crystal_tells_that_it_runs(void)
{
    expect_comes(0x400D8270, 1u << 16, 1u << 16); /* LOWPWR_CTRL */
    REG32(0x400D8154) = 1u << 16;                 /* MISC0_SET: XTALOK_EN */
    expect_comes(0x400D8150, 1u << 15, 1u << 15);
}

static void core_voltage_settles_after_a_change(void)
{
    REG32(0x4008000C) = (REG32(0x4008000C) & ~0x1Fu) | 0x12; /* 1.25 V */
    expect_comes(0x40080000, 1u << 31, 1u << 31);
    expect(0x12, REG32(0x4008000C) & 0x1F);
}

/* --- serial, timers ------------------------------------------------------- */

#define LPUART2 0x40188000u

static void lpuart_can_be_reset_and_drains(void)
{
    REG32(LPUART2 + 0x08) |= 2; /* GLOBAL: RST */
    REG32(LPUART2 + 0x08) &= ~2u;
    expect(0, REG32(LPUART2 + 0x18)); /* CTRL */
    REG32(LPUART2 + 0x18) = 0x000C0000;
    expect_comes(LPUART2 + 0x14, 0x00C00000, 0x00C00000); /* TDRE, TC */
    REG32(LPUART2 + 0x18) = 0;
}

#define GPT2 0x401F0000u

static void gpt_reset_ends_and_its_counter_runs(void)
{
    REG32(GPT2) |= 1u << 15; /* CR: SWR */
    expect_comes(GPT2, 1u << 15, 0);
    REG32(GPT2) = 1u << 6 | 1u << 9; /* peripheral clock, free run */
    REG32(GPT2) |= 1;
    uint32_t before = REG32(GPT2 + 0x24);

    for (uint32_t i = 0; i < PATIENCE && REG32(GPT2 + 0x24) == before; i++) {
    }
    expect_true(REG32(GPT2 + 0x24) != before);
    REG32(GPT2) = 0;
}

#define RTWDOG 0x400BC000u

static void rtwdog_unlocks_and_takes_its_settings(void)
{
    uint32_t settings = REG32(RTWDOG) & 0xB3FF;

    mask_interrupts();
    REG32(RTWDOG + 4) = 0xD928C520;
    expect_comes(RTWDOG, 1u << 11, 1u << 11); /* ULK */
    REG32(RTWDOG + 8) = 0xFFFF;
    REG32(RTWDOG) = (settings & ~(1u << 7)) | 1u << 5;
    expect_comes(RTWDOG, 1u << 10, 1u << 10); /* RCS */
    unmask_interrupts();

    expect(0xFFFF, REG32(RTWDOG + 8));
    expect(0, REG32(RTWDOG) & 1u << 7);
}

/* --- security ------------------------------------------------------------- */

#define TRNG 0x400CC000u

static void trng_stops_starts_and_gives_entropy(void)
{
    uint32_t all = 0;

    REG32(TRNG) = 1u << 16 | 1u << 6; /* MCTL: program mode, defaults */
    expect_comes(TRNG, 1u << 13, 1u << 13);
    REG32(TRNG) = (REG32(TRNG) & ~(1u << 16)) | 1u << 12;
    expect_comes(TRNG, 1u << 10, 1u << 10);
    expect(0, REG32(TRNG) & 1u << 12);
    for (uint32_t n = 0; n < 16; n++)
        all |= REG32(TRNG + 0x40 + 4 * n);
    expect_true(all != 0);
    /* Reading the last word has begun the next sixteen. */
    expect(0, REG32(TRNG) & 1u << 10);
    expect_comes(TRNG, 1u << 10, 1u << 10);
}

#define OCOTP 0x401F4000u

static void ocotp_reload_of_the_shadows_ends(void)
{
    uint32_t id = REG32(OCOTP + 0x410);

    expect_comes(OCOTP, 1u << 8, 0);
    REG32(OCOTP + 8) = 1u << 9; /* CTRL_CLR: ERROR */
    REG32(OCOTP + 4) = 1u << 10;
    expect_comes(OCOTP, 1u << 8 | 1u << 10, 0);

    expect(id, REG32(OCOTP + 0x410));
}

#define SNVS 0x400D4000u

/* fsl_snvs_* stop and start a counter with a wait for the enable bit, and read
 * it twice until both are the same. */
static void counter_starts_and_stops(uint32_t control, uint32_t high)
{
    REG32(control) &= ~1u;
    expect_comes(control, 1, 0);
    REG32(control) |= 1;
    expect_comes(control, 1, 1);
    for (uint32_t i = 0; i < PATIENCE; i++) {
        uint32_t h = REG32(high), l = REG32(high + 4);

        if (h == REG32(high) && l == REG32(high + 4))
            return;
    }
    expect_true(false);
}

static void snvs_real_time_counters_start_and_stop(void)
{
    counter_starts_and_stops(SNVS + 0x08, SNVS + 0x24);
    counter_starts_and_stops(SNVS + 0x38, SNVS + 0x50);
}

#define DCP 0x402FC000u

static void dcp_comes_out_of_its_reset(void)
{
    REG32(DCP) = 0xF0800000;
    REG32(DCP) = 0x30800000;
    expect_comes(DCP, 0xC0000000, 0);
    expect_comes(DCP, 0x30000000, 0x30000000); /* it has crypto and CSC */
}

/* --- card, network -------------------------------------------------------- */

#define USDHC1 0x402C0000u

static void usdhc_reset_ends_and_its_clock_is_stable(void)
{
    REG32(USDHC1 + 0x2C) |= 7u << 24; /* SYS_CTRL: all, command, data */
    expect_comes(USDHC1 + 0x2C, 7u << 24, 0);
    expect_comes(USDHC1 + 0x24, 1u << 3, 1u << 3); /* PRES_STATE: SDSTB */
    REG32(USDHC1 + 0x2C) |= 1u << 27;              /* INITA: 80 clocks */
    expect_comes(USDHC1 + 0x2C, 1u << 27, 0);
}

#define ENET 0x402D8000u

static uint32_t mdio(uint32_t command)
{
    REG32(ENET + 0x04) = 1u << 23;
    REG32(ENET + 0x40) = command;
    expect_comes(ENET + 0x04, 1u << 23, 1u << 23); /* EIR: MII */
    REG32(ENET + 0x04) = 1u << 23;
    return REG32(ENET + 0x40) & 0xFFFF;
}

static uint32_t phy_get(uint32_t reg)
{
    return mdio(0x60020000 | 2u << 23 | reg << 18);
}

static void phy_set(uint32_t reg, uint32_t value)
{
    (void)mdio(0x50020000 | 2u << 23 | reg << 18 | value);
}

static void enet_reset_ends(void)
{
    REG32(ENET + 0x24) |= 1; /* ECR: RESET */
    expect_comes(ENET + 0x24, 1, 0);
}

static void phy_answers_resets_and_negotiates(void)
{
    REG32(ENET + 0x44) = 0x18; /* MSCR: the management clock runs */
    expect(0x22, phy_get(2));
    phy_set(0, 0x8000);
    for (uint32_t i = 0; i < 1000 && phy_get(0) & 0x8000; i++) {
    }
    expect(0, phy_get(0) & 0x8000);
    phy_set(4, 0x01E1);
    phy_set(0, phy_get(0) | 0x1200);
    for (uint32_t i = 0; i < 1000 && (phy_get(1) & 0x24) != 0x24; i++) {
    }
    expect(0x24, phy_get(1) & 0x24); /* negotiated, link up */
}

static const struct claim CLAIMS[] = {DRIVER_CLAIMS(CLAIM_ROW)};
const struct subject driver_subject = SUBJECT(CLAIMS);
