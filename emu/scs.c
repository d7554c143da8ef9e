/* scs.c - the System Control Space and its neighbours on the private bus: NVIC,
 * SCB, SysTick, FPU, MPU (stored, not enforced), caches (accepted, there are
 * none), DWT's cycle counter. Start at scs_read() and scs_write().
 *
 * Source: ARMv7-M Architecture Reference Manual, B3.2 "System Control Space"
 * and C1.8 "Data Watchpoint and Trace unit"; ARM Cortex-M7 Technical Reference
 * Manual, "System Control" (reset values); i.MX RT1060 Processor Reference
 * Manual, rev. 3, "ARM Cortex-M7 Platform".
 * Tests: test/unit/emu/test_m7.c, test/emu
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/m7_core.h"
#include "emu/src.h"

/* Offsets from 0xE0000000. */
enum {
    ITM = 0x0000,
    DWT = 0x1000,
    DWT_CTRL = 0x1000,
    DWT_CYCCNT = 0x1004,
    FPB = 0x2000,
    DEBUG_UNIT_BYTES = 0x1000,
    ICTR = 0xE004,
    ACTLR = 0xE008,
    SYSTICK = 0xE010,
    SYSTICK_BYTES = 0x10,
    ISER = 0xE100,
    ICER = 0xE180,
    ISPR = 0xE200,
    ICPR = 0xE280,
    IABR = 0xE300,
    NVIC_BITS_BYTES = NVIC_IRQS / 8,
    IPR = 0xE400,
    IPR_LAST = 0xE5EC,
    CPUID = 0xED00,
    ICSR = 0xED04,
    VTOR = 0xED08,
    AIRCR = 0xED0C,
    SCR = 0xED10,
    CCR = 0xED14,
    SHPR1 = 0xED18,
    SHPR_BYTES = 12,
    SHCSR = 0xED24,
    CFSR = 0xED28,
    HFSR = 0xED2C,
    DFSR = 0xED30,
    MMFAR = 0xED34,
    BFAR = 0xED38,
    AFSR = 0xED3C,
    CCSIDR = 0xED80,
    CSSELR = 0xED84,
    CPACR = 0xED88,
    MPU_TYPE = 0xED90,
    MPU_CTRL = 0xED94,
    MPU_RNR = 0xED98,
    MPU_RBAR = 0xED9C,
    MPU_RASR_A3 = 0xEDB8,
    DHCSR = 0xEDF0,
    DEMCR = 0xEDFC,
    STIR = 0xEF00,
    FPCCR = 0xEF34,
    FPCAR = 0xEF38,
    FPDSCR = 0xEF3C,
    CACHE_FIRST = 0xEF50, /* ICIALLU */
    CACHE_LAST = 0xEF78,  /* BPIALL */
    ITCMCR = 0xEF90,
    DTCMCR = 0xEF94,
    ABFSR = 0xEFA8,
    TPIU = 0x40000,
    ROM_TABLE = 0xFF000,
};

enum {
    ICSR_PENDSTCLR = 1 << 25,
    ICSR_PENDSTSET = 1 << 26,
    ICSR_PENDSVCLR = 1 << 27,
    ICSR_PENDSVSET = 1 << 28,
    ICSR_ISRPENDING = 1 << 22,
    ICSR_RETTOBASE = 1 << 11,
    AIRCR_SYSRESETREQ = 1 << 2,
    AIRCR_VECTCLRACTIVE = 1 << 1,
    CCR_RESET = 0x00040200, /* STKALIGN, branch prediction */
    CCR_USERSETMPEND = 1 << 1,
    CCR_WRITABLE = 0x0003011B,
    SCR_WRITABLE = 0x16,
    MPU_REGIONS = 16,
    TCM_128K_ON = 0x41,
    DWT_CTRL_RESET = 0x40000000,
    DWT_CTRL_CYCCNTENA = 1,
};
#define ICSR_NMIPENDSET 0x80000000u
#define AIRCR_KEY       0x05FA0000u
#define AIRCR_READ_KEY  0xFA050000u
#define FPCCR_RESET     0xC0000000u /* ASPEN, LSPEN */
/* 32 KiB each, lines of 32 bytes: 4 ways of data, 2 of instructions. */
#define CCSIDR_DATA        0xF01FE019u
#define CCSIDR_INSTRUCTION 0xF03FE009u

/* Registers that only say what the core is. */
static const struct {
    uint32_t off, value;
} FIXED[] = {
    {ICTR, NVIC_IRQS / 32 - 1},   {CPUID, 0x411FC271},  /* Cortex-M7 r1p1 */
    {0xED40, 0x00000030},                               /* ID_PFR0 */
    {0xED44, 0x00000200},                               /* ID_PFR1 */
    {0xED48, 0x00100000},                               /* ID_DFR0 */
    {0xED50, 0x00100030},                               /* ID_MMFR0 */
    {0xED58, 0x01000000},                               /* ID_MMFR2 */
    {0xED60, 0x01101110},                               /* ID_ISAR0 */
    {0xED64, 0x02112000},                               /* ID_ISAR1 */
    {0xED68, 0x20232231},                               /* ID_ISAR2 */
    {0xED6C, 0x01111131},                               /* ID_ISAR3 */
    {0xED70, 0x01310132},                               /* ID_ISAR4 */
    {0xED78, 0x09000003},                               /* CLIDR */
    {0xED7C, 0x8303C003},                               /* CTR */
    {MPU_TYPE, MPU_REGIONS << 8}, {0xEF40, 0x10110221}, /* MVFR0 */
    {0xEF44, 0x12000011},                               /* MVFR1 */
    {0xEF48, 0x00000040},                               /* MVFR2 */
};

/* The bit of SHCSR, active and pending, for an exception. */
static const struct {
    uint8_t exception, active_bit, pending_bit, enable_bit;
} SHCSR_BITS[] = {
    {EXC_MEMMANAGE, 0, 13, 16},  {EXC_BUSFAULT, 1, 14, 17},
    {EXC_USAGEFAULT, 3, 12, 18}, {EXC_SVCALL, 7, 15, 0},
    {EXC_DEBUGMON, 8, 0, 0},     {EXC_PENDSV, 10, 0, 0},
    {EXC_SYSTICK, 11, 0, 0},
};

void scs_reset(struct m7 *c, uint32_t vtor)
{
    nvic_reset(&c->nvic);
    c->nvic.enabled[EXC_DEBUGMON] = true; /* pended only if DEMCR allows */
    c->scs = (struct scs){
        .vtor = vtor,
        .ccr = CCR_RESET,
        .fpccr = FPCCR_RESET,
        .dwt_ctrl = DWT_CTRL_RESET,
    };
    systick_reset(c);
    trap_settings_changed(c);
}

/* After any change that may let an exception through. */
static void pending_changed(struct m7 *c)
{
    if (c->nvic.pending_count > 0)
        m7_check(c, CHECK_PENDING);
}

/* --- NVIC ----------------------------------------------------------------- */

static bool is_within(uint32_t off, uint32_t base, uint32_t bytes)
{
    return off - base < bytes;
}

static uint32_t bits_of(const bool *flags, uint32_t off, unsigned width)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < 8 * width; i++)
        value |= (uint32_t)flags[EXC_IRQ0 + 8 * off + i] << i;
    return value;
}

static void write_bit(struct m7 *c, uint32_t group, unsigned exception)
{
    switch (group) {
    case ISER:
        c->nvic.enabled[exception] = true;
        break;
    case ICER:
        c->nvic.enabled[exception] = false;
        break;
    case ISPR:
        nvic_pend(&c->nvic, exception);
        break;
    case ICPR:
        nvic_unpend(&c->nvic, exception);
        break;
    default:
        break;
    }
}

static void write_bits(struct m7 *c, uint32_t off, uint32_t value,
                       unsigned width)
{
    uint32_t group = off & ~0x7Fu;

    for (unsigned i = 0; i < 8 * width; i++)
        if (value >> i & 1)
            write_bit(c, group, EXC_IRQ0 + 8 * (off - group) + i);
    pending_changed(c);
}

static uint32_t read_bits(const struct m7 *c, uint32_t off, unsigned width)
{
    uint32_t group = off & ~0x7Fu;
    const struct nvic *n = &c->nvic;
    const bool *flags = group == ISER || group == ICER   ? n->enabled
                        : group == ISPR || group == ICPR ? n->pending
                                                         : n->active;
    return bits_of(flags, off - group, width);
}

/* Priorities are bytes; `exception` is that of the first one. */
static uint32_t read_priorities(const struct m7 *c, unsigned exception,
                                unsigned width)
{
    uint32_t value = 0;

    for (unsigned i = 0; i < width; i++)
        value |= (uint32_t)c->nvic.priority[exception + i] << 8 * i;
    return value;
}

static void write_priorities(struct m7 *c, unsigned exception, uint32_t value,
                             unsigned width)
{
    for (unsigned i = 0; i < width; i++)
        c->nvic.priority[exception + i] =
            value >> 8 * i & NVIC_PRIORITY_MASK & 0xFF;
    pending_changed(c);
}

/* --- SCB ------------------------------------------------------------------ */

static uint32_t read_icsr(struct m7 *c)
{
    const struct nvic *n = &c->nvic;
    unsigned first = nvic_first(n);
    uint32_t value = m7_get(c, UC_ARM_REG_XPSR) & 0x1FF;

    value |= first << 12;
    value |= n->active_count <= 1 ? ICSR_RETTOBASE : 0;
    value |= first >= EXC_IRQ0 ? ICSR_ISRPENDING : 0;
    value |= n->pending[EXC_NMI] ? ICSR_NMIPENDSET : 0;
    value |= n->pending[EXC_PENDSV] ? ICSR_PENDSVSET : 0;
    value |= n->pending[EXC_SYSTICK] ? ICSR_PENDSTSET : 0;
    return value;
}

static void write_icsr(struct m7 *c, uint32_t value)
{
    if (value & ICSR_NMIPENDSET)
        nvic_pend(&c->nvic, EXC_NMI);
    if (value & ICSR_PENDSVSET)
        nvic_pend(&c->nvic, EXC_PENDSV);
    else if (value & ICSR_PENDSVCLR)
        nvic_unpend(&c->nvic, EXC_PENDSV);
    if (value & ICSR_PENDSTSET)
        nvic_pend(&c->nvic, EXC_SYSTICK);
    else if (value & ICSR_PENDSTCLR)
        nvic_unpend(&c->nvic, EXC_SYSTICK);
    pending_changed(c);
}

static void write_aircr(struct m7 *c, uint32_t value)
{
    if ((value & 0xFFFF0000u) != AIRCR_KEY)
        return;
    c->nvic.prigroup = value >> 8 & 7;
    if (value & AIRCR_SYSRESETREQ)
        soc_reset_request(c->soc, SRC_SRSR_LOCKUP_SYSRESETREQ);
    pending_changed(c);
}

static void write_stir(struct m7 *c, uint32_t value)
{
    if ((value & 0x1FF) < NVIC_IRQS)
        nvic_pend(&c->nvic, EXC_IRQ0 + (value & 0x1FF));
    pending_changed(c);
}

static uint32_t read_shcsr(const struct m7 *c)
{
    uint32_t value = 0;

    for (size_t i = 0; i < sizeof SHCSR_BITS / sizeof SHCSR_BITS[0]; i++) {
        unsigned e = SHCSR_BITS[i].exception;
        value |= (uint32_t)c->nvic.active[e] << SHCSR_BITS[i].active_bit;
        if (SHCSR_BITS[i].pending_bit)
            value |= (uint32_t)c->nvic.pending[e] << SHCSR_BITS[i].pending_bit;
        if (SHCSR_BITS[i].enable_bit)
            value |= (uint32_t)c->nvic.enabled[e] << SHCSR_BITS[i].enable_bit;
    }
    return value;
}

static void write_shcsr(struct m7 *c, uint32_t value)
{
    for (size_t i = 0; i < sizeof SHCSR_BITS / sizeof SHCSR_BITS[0]; i++) {
        unsigned e = SHCSR_BITS[i].exception;
        if (value >> SHCSR_BITS[i].active_bit & 1)
            c->nvic.active_count += !c->nvic.active[e];
        else
            c->nvic.active_count -= c->nvic.active[e];
        c->nvic.active[e] = value >> SHCSR_BITS[i].active_bit & 1;
        if (SHCSR_BITS[i].pending_bit &&
            (value >> SHCSR_BITS[i].pending_bit & 1))
            nvic_pend(&c->nvic, e);
        else if (SHCSR_BITS[i].pending_bit)
            nvic_unpend(&c->nvic, e);
        if (SHCSR_BITS[i].enable_bit)
            c->nvic.enabled[e] = value >> SHCSR_BITS[i].enable_bit & 1;
    }
    pending_changed(c);
}

/* --- MPU, caches, DWT ----------------------------------------------------- */

struct mpu_place {
    bool is_rasr;
    unsigned region;
};

static bool mpu_register(const struct scs *r, uint32_t off,
                         struct mpu_place *out)
{
    if (!is_within(off, MPU_RBAR, MPU_RASR_A3 + 4 - MPU_RBAR))
        return false;
    /* Aliases A1 to A3 count within the group of four of MPU_RNR. */
    unsigned alias = (off - MPU_RBAR) / 8;
    unsigned region = alias == 0 ? r->mpu_rnr : (r->mpu_rnr & ~3u) + alias;

    *out = (struct mpu_place){(off - MPU_RBAR) % 8 == 4, region % MPU_REGIONS};
    return true;
}

static void write_mpu(struct scs *r, struct mpu_place at, uint32_t value)
{
    if (at.is_rasr) {
        r->mpu_rasr[at.region] = value & 0x173FFF3F;
        return;
    }
    if (value & 0x10) /* VALID: the value names its region */
        r->mpu_rnr = at.region = value & 0xF;
    r->mpu_rbar[at.region] = (value & ~0x1Fu) | at.region;
}

static uint32_t read_cyccnt(const struct m7 *c)
{
    if (!(c->scs.dwt_ctrl & DWT_CTRL_CYCCNTENA))
        return c->scs.cyccnt;
    return (uint32_t)(c->clock->now - c->scs.cyccnt_base);
}

static void write_cyccnt(struct m7 *c, uint32_t value)
{
    c->scs.cyccnt = value;
    c->scs.cyccnt_base = c->clock->now - value;
}

static void write_dwt_ctrl(struct m7 *c, uint32_t value)
{
    uint32_t count = read_cyccnt(c);

    c->scs.dwt_ctrl = (c->scs.dwt_ctrl & 0xF0000000u) | (value & 0x0FFFFFFF);
    write_cyccnt(c, count);
}

/* Trace and breakpoint units without a tool attached: nothing in them counts,
 * and what is written has no effect. */
static bool is_debug_unit(uint32_t off)
{
    return is_within(off, ITM, DEBUG_UNIT_BYTES) ||
           is_within(off, DWT, DEBUG_UNIT_BYTES) ||
           is_within(off, FPB, DEBUG_UNIT_BYTES) ||
           is_within(off, TPIU, DEBUG_UNIT_BYTES) ||
           is_within(off, ROM_TABLE, DEBUG_UNIT_BYTES) ||
           is_within(off, DHCSR, DEMCR - DHCSR);
}

/* Reads as zero and may be written: room for interrupts that there are not,
 * cache maintenance, settings of memories and caches. */
static bool is_harmless(uint32_t off)
{
    return off == ACTLR || off == AFSR || is_debug_unit(off) ||
           is_within(off, ISER, IPR - ISER) ||
           is_within(off, IPR, IPR_LAST + 4 - IPR) ||
           is_within(off, CACHE_FIRST, CACHE_LAST + 4 - CACHE_FIRST) ||
           is_within(off, ITCMCR, ABFSR + 4 - ITCMCR);
}

/* --- words ---------------------------------------------------------------- */

/* Plain registers: what is written is read, as far as the mask goes. */
struct stored {
    uint32_t *value;
    uint32_t mask;
};

static bool find_stored(struct scs *r, uint32_t off, struct stored *out)
{
    const struct {
        uint32_t off;
        struct stored to;
    } all[] = {
        {VTOR, {&r->vtor, 0xFFFFFF80u}},   {SCR, {&r->scr, SCR_WRITABLE}},
        {MMFAR, {&r->mmfar, 0xFFFFFFFFu}}, {BFAR, {&r->bfar, 0xFFFFFFFFu}},
        {CSSELR, {&r->csselr, 1}},         {MPU_CTRL, {&r->mpu_ctrl, 7}},
        {MPU_RNR, {&r->mpu_rnr, 0xF}},     {FPCCR, {&r->fpccr, FPCCR_RESET}},
        {FPCAR, {&r->fpcar, ~7u}},         {FPDSCR, {&r->fpdscr, 0x07C00000}},
        {DEMCR, {&r->demcr, 0x010F07F1}},
    };

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (all[i].off == off) {
            *out = all[i].to;
            return true;
        }
    }
    return false;
}

static bool read_fixed(uint32_t off, uint32_t *value)
{
    for (size_t i = 0; i < sizeof FIXED / sizeof FIXED[0]; i++) {
        if (FIXED[i].off == off) {
            *value = FIXED[i].value;
            return true;
        }
    }
    return false;
}

/* Registers with a meaning of their own. */
static bool read_special(struct m7 *c, uint32_t off, uint32_t *value)
{
    switch (off) {
    case ICSR:
        *value = read_icsr(c);
        return true;
    case AIRCR:
        *value = AIRCR_READ_KEY | c->nvic.prigroup << 8;
        return true;
    case CCR:
        *value = c->scs.ccr;
        return true;
    case SHCSR:
        *value = read_shcsr(c);
        return true;
    case CFSR:
        *value = c->scs.cfsr;
        return true;
    case HFSR:
        *value = c->scs.hfsr;
        return true;
    case DFSR:
        *value = c->scs.dfsr;
        return true;
    case CPACR:
        *value = c->scs.cpacr;
        return true;
    case CCSIDR:
        *value = c->scs.csselr ? CCSIDR_INSTRUCTION : CCSIDR_DATA;
        return true;
    case DWT_CTRL:
        *value = c->scs.dwt_ctrl;
        return true;
    case DWT_CYCCNT:
        *value = read_cyccnt(c);
        return true;
    case ITCMCR:
    case DTCMCR:
        *value = TCM_128K_ON;
        return true;
    default:
        return false;
    }
}

static uint32_t read_word(struct m7 *c, uint32_t off)
{
    struct stored plain;
    uint32_t value;
    struct mpu_place mpu;

    if (find_stored(&c->scs, off, &plain))
        return *plain.value;
    if (read_fixed(off, &value) || read_special(c, off, &value))
        return value;
    if (mpu_register(&c->scs, off, &mpu))
        return mpu.is_rasr ? c->scs.mpu_rasr[mpu.region]
                           : c->scs.mpu_rbar[mpu.region];
    if (!is_harmless(off))
        soc_not_modelled(c->soc, "the system control space", 0xE0000000u + off,
                         false, 0);
    return 0;
}

static bool write_special(struct m7 *c, uint32_t off, uint32_t value)
{
    switch (off) {
    case ICSR:
        write_icsr(c, value);
        return true;
    case AIRCR:
        write_aircr(c, value);
        return true;
    case CCR:
        c->scs.ccr =
            (c->scs.ccr & ~(uint32_t)CCR_WRITABLE) | (value & CCR_WRITABLE);
        trap_settings_changed(c);
        return true;
    case SHCSR:
        write_shcsr(c, value);
        return true;
    case CFSR: /* ones clear */
        c->scs.cfsr &= ~value;
        return true;
    case HFSR:
        c->scs.hfsr &= ~value;
        return true;
    case DFSR:
        c->scs.dfsr &= ~value;
        return true;
    case CPACR:
        c->scs.cpacr = value & 0x00F00000;
        trap_settings_changed(c);
        return true;
    case STIR:
        write_stir(c, value);
        return true;
    case DWT_CTRL:
        write_dwt_ctrl(c, value);
        return true;
    case DWT_CYCCNT:
        write_cyccnt(c, value);
        return true;
    default:
        return false;
    }
}

static void write_word(struct m7 *c, uint32_t off, uint32_t value)
{
    struct stored plain;
    struct mpu_place mpu;
    uint32_t fixed;

    if (find_stored(&c->scs, off, &plain))
        *plain.value = value & plain.mask;
    else if (mpu_register(&c->scs, off, &mpu))
        write_mpu(&c->scs, mpu, value);
    else if (!write_special(c, off, value) && !is_harmless(off) &&
             !read_fixed(off, &fixed))
        soc_not_modelled(c->soc, "the system control space", 0xE0000000u + off,
                         true, value);
}

/* --- any width ------------------------------------------------------------ */

static bool is_bit_group(uint32_t off)
{
    return is_within(off & 0x7F, 0, NVIC_BITS_BYTES) && off >= ISER &&
           off < IABR + NVIC_BITS_BYTES;
}

bool scs_is_open(const struct m7 *c, uint32_t off)
{
    return off == STIR && (c->scs.ccr & CCR_USERSETMPEND);
}

uint32_t scs_read(struct m7 *c, uint32_t off, unsigned width)
{
    if (is_within(off, SYSTICK, SYSTICK_BYTES))
        return systick_read(c, off - SYSTICK);
    if (is_bit_group(off))
        return read_bits(c, off, width);
    if (is_within(off, IPR, NVIC_IRQS))
        return read_priorities(c, EXC_IRQ0 + (off - IPR), width);
    if (is_within(off, SHPR1, SHPR_BYTES))
        return read_priorities(c, EXC_MEMMANAGE + (off - SHPR1), width);
    return read_word(c, off & ~3u) >> 8 * (off & 3);
}

void scs_write(struct m7 *c, uint32_t off, uint32_t value, unsigned width)
{
    /* Narrow writes reach the status registers (ones clear) and others that
     * take a whole word as it comes. */
    if (is_within(off, SYSTICK, SYSTICK_BYTES))
        systick_write(c, off - SYSTICK, value);
    else if (is_bit_group(off))
        write_bits(c, off, value, width);
    else if (is_within(off, IPR, NVIC_IRQS))
        write_priorities(c, EXC_IRQ0 + (off - IPR), value, width);
    else if (is_within(off, SHPR1, SHPR_BYTES))
        write_priorities(c, EXC_MEMMANAGE + (off - SHPR1), value, width);
    else
        write_word(c, off & ~3u, value << 8 * (off & 3));
}
