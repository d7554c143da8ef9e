/* m7.c - translated code and what it calls back. Start at on_block().
 *
 * libunicorn translates and runs basic blocks. It knows neither exceptions nor
 * time, so a callback before each block counts its instructions into the clock
 * and, if anything wants attention, stops there: the only place where the core
 * may be stopped with an exact PC. Callbacks from device accesses never stop
 * it, they set a flag (Unicorn 2.0.1 runs the block again otherwise).
 *
 * Virtual time is one cycle per instruction. Inside a block the clock already
 * stands at its end.
 *
 * Source: ARMv7-M Architecture Reference Manual; ARM Cortex-M7 Technical
 * Reference Manual. Tests: test/unit/emu/test_m7.c, test/emu
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/m7.h"

#include <stdlib.h>
#include <string.h>

#include "emu/m7_core.h"

#define XPSR_IT 0x0600FC00u

/* --- registers ------------------------------------------------------------ */

uint32_t m7_get(struct m7 *c, int uc_register)
{
    uint32_t value = 0;

    uc_reg_read(c->uc, uc_register, &value);
    return value;
}

void m7_set(struct m7 *c, int uc_register, uint32_t value)
{
    uc_reg_write(c->uc, uc_register, &value);
}

struct nvic_masks m7_masks(struct m7 *c)
{
    return (struct nvic_masks){
        .primask = m7_get(c, UC_ARM_REG_PRIMASK) & 1,
        .faultmask = m7_get(c, UC_ARM_REG_FAULTMASK) & 1,
        .basepri = m7_get(c, UC_ARM_REG_BASEPRI) & NVIC_PRIORITY_MASK,
    };
}

void m7_jump(struct m7 *c, uint32_t address)
{
    m7_set(c, UC_ARM_REG_PC, address);
}

void m7_set_xpsr(struct m7 *c, uint32_t xpsr)
{
    m7_set(c, UC_ARM_REG_XPSR_NZCVQG, xpsr);
    /* The translator's idea of the mode follows only this write. */
    m7_set(c, UC_ARM_REG_APSR_NZCV, xpsr);
}

struct thumb_insn m7_insn_at(struct m7 *c, uint32_t address)
{
    const uint8_t *first = memory_find(c->memory, address, 2);
    const uint8_t *whole = memory_find(c->memory, address, 4);
    static const uint8_t nothing[2];

    if (!first)
        return thumb_read(nothing, 2, address);
    return thumb_read(first, whole ? 4 : 2, address);
}

uint8_t m7_it_of(uint32_t xpsr)
{
    return (uint8_t)((xpsr >> 25 & 0x03) | (xpsr >> 8 & 0xFC));
}

uint32_t m7_with_it(uint32_t xpsr, uint8_t it)
{
    return (xpsr & ~XPSR_IT) | (it & 0x03u) << 25 | (it & 0xFCu) << 8;
}

void m7_step_over(struct m7 *c, const struct thumb_insn *i)
{
    uint32_t xpsr = m7_get(c, UC_ARM_REG_XPSR);

    m7_set_xpsr(c, m7_with_it(xpsr, thumb_next_it(i, m7_it_of(xpsr))));
    m7_jump(c, (i->address + i->bytes) | 1);
    c->clock->now++;
    c->instructions++;
}

void m7_check(struct m7 *c, int why)
{
    if ((why & CHECK_PENDING) && (c->scs.scr & SCR_SEVONPEND))
        c->event_register = true;
    atomic_fetch_or(&c->check, why);
}

/* --- what ends translated code -------------------------------------------- */

static void on_interrupt(uc_engine *uc, uint32_t number, void *ctx)
{
    struct m7 *c = ctx;

    c->event = EVENT_INTERRUPT;
    c->number = number;
    uc_emu_stop(uc);
}

static bool on_undefined(uc_engine *uc, void *ctx)
{
    struct m7 *c = ctx;

    (void)uc;
    c->event = EVENT_UNDEFINED;
    return false;
}

/* --- making the core ------------------------------------------------------ */

static bool check_uc(uc_err e, const char *what, struct board_why *why)
{
    if (e == UC_ERR_OK)
        return true;
    snprintf(why->text, sizeof why->text,
             "libunicorn cannot %s: %s; is it version 2.0.1?", what,
             uc_strerror(e));
    return false;
}

bool m7_hook(struct m7 *c, uc_hook *out, int type, uint64_t address,
             m7_callback f)
{
    bool anywhere = address == M7_ANYWHERE; /* that is: begin > end */
    void *callback;

    memcpy(&callback, &f, sizeof callback); /* POSIX, not C, allows the cast */
    return uc_hook_add(c->uc, out, type, callback, c, anywhere ? 1 : address,
                       anywhere ? 0 : address) == UC_ERR_OK;
}

static bool add_hooks(struct m7 *c)
{
    const struct {
        int type;
        m7_callback f;
    } hooks[] = {
        {UC_HOOK_BLOCK, (m7_callback)m7_on_block},
        {UC_HOOK_INTR, (m7_callback)on_interrupt},
        {UC_HOOK_INSN_INVALID, (m7_callback)on_undefined},
        {UC_HOOK_MEM_INVALID, (m7_callback)m7_on_bad_access},
    };
    uc_hook handle;

    for (size_t i = 0; i < sizeof hooks / sizeof hooks[0]; i++)
        if (!m7_hook(c, &handle, hooks[i].type, M7_ANYWHERE, hooks[i].f))
            return false;
    return true;
}

static uint32_t running_block(void *ctx)
{
    return ((struct m7 *)ctx)->block;
}

static void want_attention(void *ctx)
{
    struct m7 *c = ctx;

    m7_check(c, CHECK_EVENT);
    if (memory_flash_is_busy(c->memory))
        m7_check(c, CHECK_BUSY);
}

static void irq_changed(void *ctx, unsigned irq, bool level)
{
    struct m7 *c = ctx;

    nvic_set_line(&c->nvic, EXC_IRQ0 + irq, level);
    if (c->nvic.pending_count > 0)
        m7_check(c, CHECK_PENDING);
}

static void code_changed(void *ctx, uint32_t address, uint32_t bytes)
{
    struct m7 *c = ctx;

    uc_ctl_remove_cache(c->uc, (uint64_t)address, (uint64_t)address + bytes);
    if (address - MEMORY_FLASH < MEMORY_FLASH_BYTES)
        m7_forget_blocks(c);
}

struct m7 *m7_new(struct soc *s, struct board_why *why)
{
    struct m7 *c = calloc(1, sizeof *c);

    if (!c) {
        snprintf(why->text, sizeof why->text, "no memory for the core");
        return NULL;
    }
    c->generation = 1;
    c->soc = s;
    c->clock = soc_clock(s);
    c->memory = soc_memory(s);
    if (!check_uc(uc_open(UC_ARCH_ARM, UC_MODE_THUMB, &c->uc), "start", why) ||
        !check_uc(uc_ctl_set_cpu_model(c->uc, UC_CPU_ARM_CORTEX_M7),
                  "be a Cortex-M7", why) ||
        !check_uc(uc_ctl_exits_enable(c->uc), "run without an end", why) ||
        !check_uc(m7_map_all(c) && add_hooks(c) ? UC_ERR_OK : UC_ERR_NOMEM,
                  "map the memory", why)) {
        m7_free(c);
        return NULL;
    }
    systick_new(c);
    soc_set_host(s, &(struct soc_host){c, running_block, want_attention,
                                       irq_changed, code_changed});
    return c;
}

void m7_free(struct m7 *c)
{
    if (!c)
        return;
    soc_set_host(c->soc, &(struct soc_host){0});
    if (c->uc)
        uc_close(c->uc);
    free(c);
}

/* --- for people ----------------------------------------------------------- */

enum { REG_PC = 15, REG_XPSR = 16, REG_S0 = 32, REG_COUNT = 64 };

static int uc_register(unsigned n)
{
    static const int named[] = {
        UC_ARM_REG_SP,      UC_ARM_REG_LR,      UC_ARM_REG_PC,
        UC_ARM_REG_XPSR,    UC_ARM_REG_MSP,     UC_ARM_REG_PSP,
        UC_ARM_REG_PRIMASK, UC_ARM_REG_BASEPRI, UC_ARM_REG_FAULTMASK,
        UC_ARM_REG_CONTROL, UC_ARM_REG_FPSCR,
    };

    if (n <= 12)
        return UC_ARM_REG_R0 + (int)n;
    if (n - 13 < sizeof named / sizeof named[0])
        return named[n - 13];
    return UC_ARM_REG_INVALID;
}

uint32_t m7_reg(struct m7 *c, unsigned n)
{
    uint64_t pair = 0;

    if (n >= REG_S0 && n < REG_COUNT) {
        uc_reg_read(c->uc, UC_ARM_REG_D0 + (int)(n - REG_S0) / 2, &pair);
        return (uint32_t)(n & 1 ? pair >> 32 : pair);
    }
    return n < REG_S0 ? m7_get(c, uc_register(n)) : 0;
}

void m7_reg_set(struct m7 *c, unsigned n, uint32_t value)
{
    if (n >= REG_S0 && n < REG_COUNT) {
        uint64_t pair = 0;
        int d = UC_ARM_REG_D0 + (int)(n - REG_S0) / 2;
        uc_reg_read(c->uc, d, &pair);
        uint64_t other = n & 1 ? (uint32_t)pair : pair & 0xFFFFFFFF00000000u;
        pair = other | (n & 1 ? (uint64_t)value << 32 : value);
        uc_reg_write(c->uc, d, &pair);
    } else if (n == REG_PC) {
        /* Elsewhere: the next time at that breakpoint is a new one. */
        if (c->passed_trap != (value & ~1u) + 1)
            c->passed_trap = 0;
        m7_jump(c, value | 1);
    } else if (n == REG_XPSR) {
        m7_set_xpsr(c, value);
    } else if (n < REG_S0) {
        m7_set(c, uc_register(n), value);
    }
}

void m7_trace(struct m7 *c, FILE *out)
{
    c->trace = out;
    if (out)
        m7_check(c, CHECK_TRACE);
    else
        atomic_fetch_and(&c->check, ~CHECK_TRACE);
}

void m7_reset(struct m7 *c, const struct m7_start *start)
{
    /* Through handler mode, where all may be written, to thread mode. */
    m7_set_xpsr(c, EXC_RESET);
    m7_set(c, UC_ARM_REG_CONTROL, 0);
    m7_set(c, UC_ARM_REG_PRIMASK, 0);
    m7_set(c, UC_ARM_REG_FAULTMASK, 0);
    m7_set(c, UC_ARM_REG_BASEPRI, 0);
    m7_set(c, UC_ARM_REG_PSP, 0);
    m7_set_xpsr(c, 0x01000000);
    m7_set(c, UC_ARM_REG_CONTROL, 0); /* SPSEL, in thread mode only */
    for (unsigned n = 0; n <= 12; n++)
        m7_reg_set(c, n, 0);
    for (unsigned n = REG_S0; n < REG_COUNT; n++)
        m7_reg_set(c, n, 0);
    m7_set(c, UC_ARM_REG_FPSCR, 0);
    m7_set(c, UC_ARM_REG_APSR_NZCV, 0);
    m7_set(c, UC_ARM_REG_LR, 0xFFFFFFFFu);
    m7_set(c, UC_ARM_REG_SP, start->sp & ~3u);
    m7_jump(c, start->pc);
    c->asleep = c->waits_for_event = c->event_register = false;
    c->locked_up = c->cut = c->exited = false;
    c->passed_trap = 0;
    scs_reset(c, start->vtor);
}
