/* trap.c - instructions before which the core stops: breakpoints, instructions
 * to be skipped, and those that fault on silicon but not in libunicorn (FP
 * instructions while the FPU is off, division by zero with DIV_0_TRP).
 *
 * Each is a code hook on one address, so all other code runs at full speed.
 * Blocks are searched for instructions to trap only while a setting asks for
 * it. Tests: test/unit/emu/test_m7.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/m7_core.h"

enum {
    CPACR_CP10_CP11 = 0x00F00000,
    CCR_DIV_0_TRP = 1 << 4,
    FP_ON = 0x00500000, /* privileged access to both, at least */
};

static bool divide_traps(const struct m7 *c)
{
    return (c->scs.ccr & CCR_DIV_0_TRP) != 0;
}

bool trap_fp_off(const struct m7 *c)
{
    return (c->scs.cpacr & FP_ON) != FP_ON;
}

void trap_settings_changed(struct m7 *c)
{
    m7_forget_blocks(c);
    c->scans = trap_fp_off(c) || divide_traps(c);
}

static struct trap *find(struct m7 *c, uint32_t address)
{
    for (size_t i = 0; i < c->traps; i++)
        if (c->trap[i].address == address)
            return &c->trap[i];
    return NULL;
}

static bool is_idle(const struct trap *t)
{
    return !t->is_break && t->skip_countdown == 0 && !t->is_code;
}

static void on_trap(uc_engine *uc, uint64_t address, uint32_t bytes, void *ctx)
{
    struct m7 *c = ctx;

    (void)bytes;
    if (c->passed_trap == (uint32_t)address + 1) {
        c->passed_trap = 0;
        return;
    }
    if (c->event != EVENT_NONE || c->steps)
        return;
    c->event = EVENT_TRAP;
    uc_emu_stop(uc);
}

/* The trap at an address, made if there is none; NULL: too many. */
static struct trap *place(struct m7 *c, uint32_t address)
{
    struct trap *t = find(c, address);

    for (size_t i = 0; !t && i < c->traps; i++)
        if (is_idle(&c->trap[i]))
            t = &c->trap[i];
    /* A second hook on one address would stop where the first let pass. */
    if (t && is_idle(t))
        uc_hook_del(c->uc, t->hook);
    if (!t && c->traps < TRAPS_MAX)
        t = &c->trap[c->traps++];
    if (!t)
        return NULL;
    if (is_idle(t)) {
        *t = (struct trap){.address = address};
        if (!m7_hook(c, &t->hook, UC_HOOK_CODE, address, (m7_callback)on_trap))
            return NULL;
        uc_ctl_remove_cache(c->uc, (uint64_t)address, (uint64_t)address + 2);
    }
    return t;
}

static bool wants_trap(const struct m7 *c, const struct thumb_insn *i)
{
    unsigned divisor;

    return (trap_fp_off(c) && thumb_is_fp(i)) ||
           (divide_traps(c) && thumb_is_divide(i, &divisor));
}

bool trap_scan(struct m7 *c, uint32_t address, const uint8_t *code,
               uint32_t bytes)
{
    bool placed = false;

    for (uint32_t at = 0, width; at + 1 < bytes; at += width) {
        width = code[at + 1] >= 0xE8 ? 4 : 2;
        if (!thumb_may_trap(code[at + 1]))
            continue;
        struct thumb_insn i = thumb_read(code + at, bytes - at, address + at);
        if (!wants_trap(c, &i))
            continue;
        struct trap *t = find(c, i.address);
        if (t && t->is_code)
            continue;
        t = place(c, i.address);
        if (t)
            t->is_code = placed = true;
        else
            soc_note(c->soc,
                     "too many instructions to trap (%d); that at 0x%08X is "
                     "not",
                     TRAPS_MAX, i.address);
    }
    return placed;
}

static bool condition_holds(uint32_t xpsr, unsigned condition)
{
    bool n = xpsr >> 31 & 1, z = xpsr >> 30 & 1;
    bool carry = xpsr >> 29 & 1, v = xpsr >> 28 & 1;
    const bool holds[8] = {z,      carry,        n,   v, carry && !z,
                           n == v, n == v && !z, true};
    bool plain = holds[condition >> 1];

    return (condition & 1) && condition != 0xF ? !plain : plain;
}

/* Would the IT block let this instruction run? */
static bool is_executed(struct m7 *c)
{
    uint32_t xpsr = m7_get(c, UC_ARM_REG_XPSR);
    uint8_t it = m7_it_of(xpsr);

    return it == 0 || condition_holds(xpsr, it >> 4);
}

static bool faults(struct m7 *c, const struct thumb_insn *i)
{
    unsigned divisor;

    if (!is_executed(c))
        return false;
    if (trap_fp_off(c) && thumb_is_fp(i)) {
        exception_fault(c, EXC_USAGEFAULT, CFSR_NOCP);
        return true;
    }
    if (divide_traps(c) && thumb_is_divide(i, &divisor) &&
        m7_reg(c, divisor) == 0) {
        exception_fault(c, EXC_USAGEFAULT, CFSR_DIVBYZERO);
        return true;
    }
    return false;
}

enum trap_verdict trap_handle(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);
    struct trap *t = c->traps ? find(c, pc) : NULL;

    if (!t || c->passed_trap == pc + 1)
        return TRAP_NOTHING;
    struct thumb_insn i = m7_insn_at(c, pc);

    if (t->skip_countdown > 0 && --t->skip_countdown == 0) {
        soc_note(c->soc, "skipped the instruction at 0x%08X", pc);
        m7_step_over(c, &i);
        return TRAP_NOTHING;
    }
    if (faults(c, &i))
        return TRAP_FAULTED;
    c->passed_trap = pc + 1;
    return t->is_break ? TRAP_BREAK : TRAP_NOTHING;
}

bool m7_breakpoint(struct m7 *c, uint32_t address, bool set)
{
    address &= ~1u;
    struct trap *t = set ? place(c, address) : find(c, address);

    if (t)
        t->is_break = set;
    return t != NULL;
}

void m7_skip(struct m7 *c, uint32_t address, uint64_t nth)
{
    address &= ~1u;
    struct trap *t = nth ? place(c, address) : find(c, address);

    if (t)
        t->skip_countdown = nth;
}
