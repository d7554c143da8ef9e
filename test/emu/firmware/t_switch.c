/* t_switch.c - two tasks, switched by PendSV on each SysTick, find their
 * registers whole after twenty thousand switches. The assembly is in switch.S.
 *
 * Claims: claims.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "board.h"
#include "claims.h"
#include "core.h"
#include "subjects.h"

SWITCH_CLAIMS(CLAIM_PROTOTYPE)

enum {
    TASKS = 2,
    SWITCHES = 20000,
    SWITCHES_WITHOUT_TICK = 2000,
    TICK_CYCLES = 997, /* prime: falls on another instruction each time */
    STACK_DOUBLES = 128,
    CALLEE_SAVED = 9, /* R4..R11 and EXC_RETURN */
};

/* switch.S */
void switch_pendsv(void);
void switch_svc(void);
void switch_run(void);
void switch_task(void);
uint32_t *switch_next(uint32_t *saved);
extern volatile uint32_t switch_home, switch_over, switch_wrong;

volatile uint32_t switch_home, switch_over, switch_wrong;
static uint64_t stacks[TASKS][STACK_DOUBLES];
static uint32_t *saved_sp[TASKS];
static unsigned current;
static volatile uint32_t switches, ticks;
static uint32_t last_switch;

uint32_t *switch_next(uint32_t *saved)
{
    saved_sp[current] = saved;
    current = (current + 1) % TASKS;
    if (++switches == last_switch)
        switch_over = 1;
    return saved_sp[current];
}

static void tick(void)
{
    ticks++;
    ICSR = ICSR_PENDSVSET;
}

static uint32_t *new_task(unsigned n, uint32_t seed)
{
    struct frame *f = (struct frame *)(stacks[n] + STACK_DOUBLES) - 1;
    uint32_t *saved = (uint32_t *)f - CALLEE_SAVED;

    *f = (struct frame){
        .r0 = seed, .pc = (uint32_t)switch_task & ~1u, .xpsr = XPSR_T};
    saved[CALLEE_SAVED - 1] = RETURN_PSP;
    return saved;
}

static void run_tasks(uint32_t tick_cycles, uint32_t until_switch)
{
    last_switch = until_switch;
    switch_home = switch_over = switch_wrong = 0;
    switches = ticks = 0;
    current = 0;
    saved_sp[0] = new_task(0, 0x11000000);
    saved_sp[1] = new_task(1, 0x22000000);
    set_psp((uint32_t)saved_sp[0]);
    set_handler(EXC_PENDSV, switch_pendsv);
    set_handler(EXC_SVCALL, switch_svc);
    set_handler(EXC_SYSTICK, tick);
    SHPR8(EXC_PENDSV) = 0xF0;
    SHPR8(EXC_SYSTICK) = 0xF0;
    SYST_RVR = tick_cycles - 1;
    SYST_CVR = 0;
    SYST_CSR = SYST_ENABLE | SYST_TICKINT | SYST_CORE_CLOCK;
    switch_run();
    SYST_CSR = 0;
}

static void tasks_keep_their_registers_over_20000_switches(void)
{
    run_tasks(TICK_CYCLES, SWITCHES);

    expect(0, switch_wrong);
    expect_range(SWITCHES, SWITCHES + TASKS, switches);
    expect_true(ticks > SWITCHES / 100);
}

static void tasks_that_only_give_way_keep_their_registers(void)
{
    run_tasks(1u << 24, SWITCHES_WITHOUT_TICK);

    expect(0, switch_wrong);
    expect_range(SWITCHES_WITHOUT_TICK, SWITCHES_WITHOUT_TICK + TASKS,
                 switches);
    expect_range(0, SWITCHES_WITHOUT_TICK / 100, ticks);
}

static const struct claim CLAIMS[] = {SWITCH_CLAIMS(CLAIM_ROW)};
const struct subject switch_subject = SUBJECT(CLAIMS);
