/* m7_run.c - the core's run loop: between stretches of translated code it lets
 * timers fire, takes exceptions, sleeps. Start at m7_run().
 *
 * Tests: test/unit/emu/test_m7.c
 *
 * SPDX-License-Identifier: MIT
 */
#include <string.h>

#include "emu/m7_core.h"

enum {
    /* Numbers that libunicorn gives to UC_HOOK_INTR. */
    INTERRUPT_SVC = 2,
    INTERRUPT_PREFETCH_ABORT = 3,
    INTERRUPT_DATA_ABORT = 4, /* only for alignment: exclusive accesses */
    INTERRUPT_BKPT = 7,
    INTERRUPT_EXC_RETURN = 8,
    INTERRUPT_NOCP = 17,
    /* A locked-up core is given this long for a watchdog to reset it: the
     * longest that WDOG1 can wait is 128 s. */
    LOCKUP_SECONDS = 130,
    SEMIHOSTING = 0xAB,
    SYS_EXIT = 0x18,
    SYS_EXIT_EXTENDED = 0x20,
    APPLICATION_EXIT = 0x20026,
};
#define XPSR_T 0x01000000u

static bool is_thumb(struct m7 *c)
{
    return (m7_get(c, UC_ARM_REG_XPSR) & XPSR_T) != 0;
}

/* --- where in a block ----------------------------------------------------- */

/* PC and ITSTATE are exact only at the start of a block. What stands at
 * `address` of the block that runs, and its ITSTATE? */
struct place {
    struct thumb_insn insn;
    uint8_t it;
};

static struct place place_next(struct m7 *c, struct place p)
{
    uint8_t it = thumb_next_it(&p.insn, p.it);

    return (struct place){m7_insn_at(c, p.insn.address + p.insn.bytes), it};
}

static struct place place_first(struct m7 *c)
{
    uint32_t xpsr = m7_get(c, UC_ARM_REG_XPSR);

    return (struct place){m7_insn_at(c, c->block), m7_it_of(xpsr)};
}

static bool in_block(const struct m7 *c, uint32_t address)
{
    return address - c->block < c->block_bytes;
}

/* The core stopped before the instruction at `address` of its block: make PC,
 * ITSTATE and the count of instructions agree. */
static void stand_at(struct m7 *c, uint32_t address)
{
    struct place p = place_first(c);
    unsigned done = 0;

    if (!in_block(c, address))
        return;
    for (; p.insn.address != address && in_block(c, p.insn.address); done++)
        p = place_next(c, p);
    uint32_t xpsr = m7_get(c, UC_ARM_REG_XPSR);

    m7_set_xpsr(c, m7_with_it(xpsr, p.it));
    m7_jump(c, address | 1);
    if (c->block_count > done)
        c->instructions -= c->block_count - done;
    c->block_count = done;
}

/* A read of `address` failed in the block that runs. Of several loads that
 * could have done it (the same base register and offset twice in a block) the
 * first is named. */
static uint32_t failed_load(struct m7 *c, uint32_t address)
{
    uint32_t r[16];

    for (unsigned n = 0; n < 16; n++)
        r[n] = m7_reg(c, n);
    for (struct place p = place_first(c); in_block(c, p.insn.address);
         p = place_next(c, p)) {
        struct thumb_span s;
        if (thumb_loads(&p.insn, r, &s) && address - s.address < s.bytes)
            return p.insn.address;
    }
    return c->block;
}

/* --- what ended the code -------------------------------------------------- */

/* Memory that the default memory map marks "execute never": peripherals,
 * external devices, the system. */
static bool is_execute_never(uint32_t address)
{
    return address >> 29 == 2 || address >= 0xA0000000u;
}

static void bad_fetch(struct m7 *c, uint32_t address)
{
    m7_jump(c, address | 1);
    if (is_execute_never(address))
        exception_fault(c, EXC_MEMMANAGE, CFSR_IACCVIOL);
    else
        exception_fault(c, EXC_BUSFAULT, CFSR_IBUSERR);
}

static void bad_read(struct m7 *c)
{
    stand_at(c, failed_load(c, c->fault_address));
    c->scs.bfar = c->fault_address;
    exception_fault(c, EXC_BUSFAULT, CFSR_PRECISERR | CFSR_BFARVALID);
}

static void semihosting(struct m7 *c, const struct thumb_insn *i)
{
    uint32_t call = m7_reg(c, 0), argument = m7_reg(c, 1);
    uint32_t block[2] = {argument, 1};

    m7_step_over(c, i);
    if (call != SYS_EXIT && call != SYS_EXIT_EXTENDED) {
        soc_not_modelled(c->soc, "this semihosting call", i->address, true,
                         call);
        m7_reg_set(c, 0, 0xFFFFFFFFu);
        return;
    }
    if (call == SYS_EXIT_EXTENDED)
        soc_dma_read(c->soc, argument, block, sizeof block);
    c->exited = true;
    if (block[0] != APPLICATION_EXIT)
        c->exit_code = 1;
    else
        c->exit_code = call == SYS_EXIT ? 0 : (int)block[1];
}

static void breakpoint_instruction(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);
    struct thumb_insn i = m7_insn_at(c, pc);

    stand_at(c, pc);
    if (i.first == (0xBE00 | SEMIHOSTING))
        semihosting(c, &i);
    else
        exception_breakpoint(c);
}

static void usage_fault(struct m7 *c, uint32_t pc, uint32_t cfsr)
{
    stand_at(c, pc);
    exception_fault(c, EXC_USAGEFAULT, cfsr);
}

static void interrupted(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);

    switch (c->number) {
    case INTERRUPT_SVC:
        exception_supervisor_call(c);
        break;
    case INTERRUPT_BKPT:
        breakpoint_instruction(c);
        break;
    case INTERRUPT_EXC_RETURN:
        exception_return(c, pc | 1);
        break;
    case INTERRUPT_PREFETCH_ABORT:
        bad_fetch(c, pc);
        break;
    case INTERRUPT_NOCP:
        usage_fault(c, pc, CFSR_NOCP);
        break;
    case INTERRUPT_DATA_ABORT:
        usage_fault(c, pc, CFSR_UNALIGNED);
        break;
    default:
        usage_fault(c, pc, CFSR_UNDEFINSTR);
        break;
    }
}

/* Also how WFE and YIELD arrive, with the PC behind them. */
static void undefined(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);
    bool signalled = false;

    if (!is_thumb(c)) {
        exception_fault(c, EXC_USAGEFAULT, CFSR_INVSTATE);
        return;
    }
    if (in_block(c, pc)) {
        usage_fault(c, pc, CFSR_UNDEFINSTR);
        return;
    }
    struct place p = place_first(c), last = p;

    for (; in_block(c, p.insn.address); p = place_next(c, p)) {
        signalled |= thumb_is_sev(&p.insn);
        last = p;
    }
    if (!thumb_is_wfe(&last.insn))
        return;
    c->waits_for_event = !c->event_register && !signalled;
    c->event_register = false;
}

/* --- sleep ---------------------------------------------------------------- */

/* Can anything still end the sleep? */
static bool may_wake(struct m7 *c)
{
    if (c->clock->next_timer != UINT64_MAX)
        return true;
    for (unsigned i = 0; i < SOC_IRQS; i++)
        if (soc_irq_awaited(c->soc, i) && c->nvic.enabled[EXC_IRQ0 + i])
            return true;
    return false;
}

static uint64_t earlier(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* False: asleep for ever. */
static bool sleep_on(struct m7 *c)
{
    if (nvic_wakes(&c->nvic, m7_masks(c))) {
        c->asleep = c->waits_for_event = false;
        return true;
    }
    if (c->waits_for_event && c->event_register) {
        c->waits_for_event = c->event_register = false;
        return true;
    }
    /* WFE may end for no reason; it does when time has passed or could not. */
    if (!may_wake(c)) {
        if (!c->waits_for_event || c->asleep)
            return false;
        c->waits_for_event = false;
        return true;
    }
    soc_sleep(c->soc, earlier(c->until, c->clock->next_timer));
    if (c->clock->now < c->until)
        c->waits_for_event = false;
    return true;
}

/* A locked-up core does nothing, but time goes on: a watchdog may reset it. */
static void sit_out_lockup(struct m7 *c)
{
    uint64_t limit = c->clock->now + (uint64_t)LOCKUP_SECONDS * BOARD_HZ;

    limit = earlier(limit, c->until);
    while (c->clock->next_timer <= limit && !soc_reset_is_wanted(c->soc))
        soc_advance(c->soc, c->clock->next_timer);
}

/* --- the loop ------------------------------------------------------------- */

static void run_code(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);

    if (!is_thumb(c)) {
        exception_fault(c, EXC_USAGEFAULT, CFSR_INVSTATE);
        return;
    }
    c->alarm = earlier(c->until, c->clock->next_timer);
    c->event = EVENT_NONE;
    uc_err e = uc_emu_start(c->uc, pc | 1, 0, 0, 0);

    switch (c->event) {
    case EVENT_NONE:
        if (e == UC_ERR_OK)
            c->asleep = true; /* WFI */
        else
            exception_fault(c, EXC_USAGEFAULT, CFSR_INVSTATE);
        break;
    case EVENT_STOPPED:
        /* While there is any code hook, libunicorn leaves an older PC. */
        m7_jump(c, c->block | (is_thumb(c) ? 1 : 0));
        break;
    case EVENT_INTERRUPT:
        interrupted(c);
        break;
    case EVENT_UNDEFINED:
        undefined(c);
        break;
    case EVENT_BAD_READ:
        bad_read(c);
        break;
    case EVENT_BAD_FETCH:
        bad_fetch(c, c->fault_address);
        break;
    case EVENT_TRAP:
        stand_at(c, m7_get(c, UC_ARM_REG_PC));
        break;
    }
}

/* What happens between two blocks. True: the run ends with *stop. */
static bool attend(struct m7 *c, enum m7_stop *stop)
{
    atomic_fetch_and(&c->check, ~CHECK_EVENT);
    soc_fire_due(c->soc);
    if (c->cut || atomic_exchange(&c->stop_wanted, false))
        *stop = M7_BREAK;
    else if (c->exited)
        *stop = M7_EXIT;
    else if (soc_take_strict(c->soc))
        *stop = M7_STRICT;
    else if (soc_reset_is_wanted(c->soc))
        *stop = M7_RESET;
    else if (c->clock->now >= c->until)
        *stop = M7_TIME;
    else
        return false;
    c->exited = false;
    return true;
}

static void take_pending(struct m7 *c)
{
    unsigned exception = nvic_take(&c->nvic, m7_masks(c));

    if (exception == EXC_NONE)
        return;
    c->asleep = c->waits_for_event = false;
    exception_take(c, exception);
}

enum m7_stop m7_run(struct m7 *c, uint64_t until)
{
    enum m7_stop stop;

    c->until = until;
    while (!attend(c, &stop)) {
        if (c->locked_up) {
            sit_out_lockup(c);
            return soc_reset_is_wanted(c->soc) ? M7_RESET : M7_LOCKUP;
        }
        if (c->nvic.pending_count > 0)
            take_pending(c);
        if (c->asleep || c->waits_for_event) {
            if (!sleep_on(c))
                return M7_LOCKUP;
        } else if (trap_handle(c) == TRAP_BREAK) {
            return M7_BREAK;
        } else if (!c->locked_up) {
            run_code(c);
        }
    }
    return stop;
}

static void on_step(uc_engine *uc, uint64_t address, uint32_t bytes, void *ctx)
{
    struct m7 *c = ctx;

    (void)address;
    (void)bytes;
    if (c->step_hooks++ > 0 && c->event == EVENT_NONE) {
        c->event = EVENT_TRAP;
        uc_emu_stop(uc);
    }
}

/* Run the instruction at the PC with a hook on every instruction: the second
 * call of the hook, or the second block, ends it. */
static void run_one(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);
    uc_hook hook;

    if (!m7_hook(c, &hook, UC_HOOK_CODE, M7_ANYWHERE, (m7_callback)on_step))
        return;
    /* Translated again with the hook, and afterwards without. */
    uc_ctl_remove_cache(c->uc, (uint64_t)pc, (uint64_t)pc + 4);
    c->steps = true;
    c->step_hooks = 0;
    c->passed_trap = pc + 1;
    run_code(c);
    c->steps = false;
    uc_hook_del(c->uc, hook);
    uc_ctl_remove_cache(c->uc, (uint64_t)pc, (uint64_t)pc + 4);
}

/* What a trap makes of the instruction at the PC. True: it is done. */
static bool trap_one(struct m7 *c)
{
    uint32_t pc = m7_get(c, UC_ARM_REG_PC);
    struct thumb_insn i = m7_insn_at(c, pc);
    const uint8_t *code = memory_find(c->memory, pc, i.bytes);

    if (c->scans && code)
        trap_scan(c, pc, code, i.bytes);
    return trap_handle(c) == TRAP_FAULTED || m7_get(c, UC_ARM_REG_PC) != pc;
}

enum m7_stop m7_step(struct m7 *c)
{
    enum m7_stop stop = M7_BREAK;

    c->until = UINT64_MAX;
    if (attend(c, &stop))
        return stop;
    if (c->locked_up)
        return M7_LOCKUP;
    if (c->nvic.pending_count > 0)
        take_pending(c);
    if (c->asleep || c->waits_for_event)
        return sleep_on(c) ? M7_BREAK : M7_LOCKUP;
    if (!trap_one(c))
        run_one(c);
    return attend(c, &stop) ? stop : M7_BREAK;
}

void m7_stop(struct m7 *c)
{
    atomic_store(&c->stop_wanted, true);
    m7_check(c, CHECK_EVENT);
}

void m7_cut(struct m7 *c)
{
    c->cut = true;
    m7_check(c, CHECK_EVENT);
}

int m7_exit_code(const struct m7 *c)
{
    return c->exit_code;
}

uint64_t m7_instructions(const struct m7 *c)
{
    return c->instructions;
}

uint64_t m7_interrupts(const struct m7 *c)
{
    return c->interrupts;
}
