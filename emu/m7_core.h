/* m7_core.h - inside the core: its state, shared by m7.c (translation and run
 * loop), exception.c, scs.c (System Control Space), systick.c and trap.c.
 *
 * Nothing else includes this.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_M7_CORE_H
#define TERN_EMU_M7_CORE_H

#include <stdatomic.h>
#include <unicorn/unicorn.h>

#include "emu/m7.h"
#include "emu/nvic.h"
#include "emu/thumb.h"

/* Why to look closer before the next block. */
enum {
    CHECK_EVENT = 1,   /* something was asked for: leave the run loop's block */
    CHECK_PENDING = 2, /* an exception pends, perhaps masked */
    CHECK_BUSY = 4,    /* the flash is busy: code in it is an error */
    CHECK_TRACE = 8,
};

/* What ended a stretch of translated code. */
enum event {
    EVENT_NONE, /* WFI, or a stop before a block */
    EVENT_STOPPED,
    EVENT_INTERRUPT, /* `number` says which */
    EVENT_UNDEFINED, /* or WFE, YIELD */
    EVENT_BAD_READ,  /* from `fault_address` */
    EVENT_BAD_FETCH, /* from `fault_address` */
    EVENT_TRAP,      /* before an instruction that is to be trapped */
};

/* CFSR's bits. */
enum {
    CFSR_IACCVIOL = 1 << 0,
    CFSR_IBUSERR = 1 << 8,
    CFSR_PRECISERR = 1 << 9,
    CFSR_IMPRECISERR = 1 << 10,
    CFSR_UNSTKERR = 1 << 11,
    CFSR_STKERR = 1 << 12,
    CFSR_BFARVALID = 1 << 15,
    CFSR_UNDEFINSTR = 1 << 16,
    CFSR_INVSTATE = 1 << 17,
    CFSR_INVPC = 1 << 18,
    CFSR_NOCP = 1 << 19,
    CFSR_UNALIGNED = 1 << 24,
    CFSR_DIVBYZERO = 1 << 25,
};
enum { SCR_SLEEPONEXIT = 1 << 1, SCR_SEVONPEND = 1 << 4 };
enum { HFSR_VECTTBL = 1 << 1, HFSR_FORCED = 1 << 30 };
#define HFSR_DEBUGEVT 0x80000000u

/* Registers of the System Control Space that hold a value. */
struct scs {
    uint32_t vtor, scr, ccr, cfsr, hfsr, dfsr, mmfar, bfar, cpacr, csselr;
    uint32_t fpccr, fpcar, fpdscr, demcr, dwt_ctrl, aircr_vectreset;
    uint64_t cyccnt_base; /* CYCCNT is the time since, while it counts */
    uint32_t cyccnt;      /* while it does not */
    uint32_t mpu_ctrl, mpu_rnr, mpu_rbar[16], mpu_rasr[16];
};

struct systick {
    uint32_t ctrl, reload;
    bool count_flag;
    uint64_t zero_at; /* when it counts to zero next, while enabled */
    uint32_t frozen;  /* its value while disabled */
    struct soc_timer *timer;
};

struct trap {
    uint32_t address;
    uc_hook hook;
    bool is_break, is_code;  /* is_code: found by trap_scan() */
    uint64_t skip_countdown; /* 0: no skip */
};
enum { TRAPS_MAX = 256 };

enum { RAM_BLOCKS = 512 /* power of two */, RAM_BLOCK_BYTES = 240 };

/* What is known of a block in flash, whose code changes only with notice. */
struct known_block {
    uint32_t address, bytes, generation;
    unsigned count; /* instructions */
};
enum { KNOWN_BLOCKS = 4096 }; /* power of two */

/* The same of a block in RAM, which holds while its code is still this. */
struct ram_block {
    struct known_block known;
    uint8_t code[RAM_BLOCK_BYTES];
};

struct m7 {
    uc_engine *uc;
    struct soc *soc;
    struct soc_clock *clock;
    struct memory *memory;
    struct nvic nvic;
    struct scs scs;
    struct systick systick;

    /* The block that runs, and what the code that ended left. */
    uint32_t block, block_bytes;
    unsigned block_count;
    const struct memory_region *block_region;
    struct known_block known[KNOWN_BLOCKS];
    struct ram_block ram_known[RAM_BLOCKS];
    uint32_t generation; /* of both; never 0 */
    enum event event;
    uint32_t number, fault_address;

    atomic_int check;
    bool scans; /* blocks are searched for instructions to trap */
    atomic_bool stop_wanted;
    uint64_t until, alarm; /* alarm: `until` or the next timer */
    bool asleep, waits_for_event, event_register;
    bool locked_up, cut, exited, steps;
    unsigned step_hooks;
    int exit_code;
    uint64_t instructions, interrupts;
    FILE *trace;

    struct trap trap[TRAPS_MAX];
    size_t traps;
    uint32_t passed_trap; /* address + 1 of the trap just dealt with */
};

/* m7.c */
typedef void (*m7_callback)(void); /* any of libunicorn's hook types */
#define M7_ANYWHERE UINT64_MAX
/* Call f for `type`, at one address or anywhere. */
bool m7_hook(struct m7 *c, uc_hook *out, int type, uint64_t address,
             m7_callback f);
uint32_t m7_get(struct m7 *c, int uc_register);
void m7_set(struct m7 *c, int uc_register, uint32_t value);
struct nvic_masks m7_masks(struct m7 *c);
void m7_check(struct m7 *c, int why);
void m7_forget_blocks(struct m7 *c);
/* Set the program counter; `thumb` is bit 0. */
void m7_jump(struct m7 *c, uint32_t address);
/* Moves past one instruction, through an IT block if need be. */
void m7_step_over(struct m7 *c, const struct thumb_insn *i);
struct thumb_insn m7_insn_at(struct m7 *c, uint32_t address);
void m7_set_xpsr(struct m7 *c, uint32_t xpsr);
uint8_t m7_it_of(uint32_t xpsr);
uint32_t m7_with_it(uint32_t xpsr, uint8_t it);

/* m7_block.c */
void m7_on_block(uc_engine *uc, uint64_t address, uint32_t bytes, void *ctx);

/* m7_bus.c */
bool m7_map_all(struct m7 *c);
bool m7_on_bad_access(uc_engine *uc, uc_mem_type type, uint64_t address,
                      int size, int64_t value, void *ctx);

/* exception.c */
/* Take a pending exception now; the core stands between two instructions. */
void exception_take(struct m7 *c, unsigned exception);
/* EXC_RETURN has been loaded into the PC. */
void exception_return(struct m7 *c, uint32_t exc_return);
/* The instruction that the PC names causes a fault: set `cfsr` and enter the
 * handler, or HardFault, or lock up. */
void exception_fault(struct m7 *c, unsigned exception, uint32_t cfsr);
void exception_supervisor_call(struct m7 *c);
void exception_breakpoint(struct m7 *c); /* BKPT without a debugger */
/* A BusFault of an access that is over: taken before the next block. */
void exception_late(struct m7 *c, uint32_t cfsr);

/* scs.c: the private peripheral bus, 0xE0000000 + off. */
void scs_reset(struct m7 *c, uint32_t vtor);
bool scs_is_open(const struct m7 *c, uint32_t off); /* to unprivileged code */
uint32_t scs_read(struct m7 *c, uint32_t off, unsigned width);
void scs_write(struct m7 *c, uint32_t off, uint32_t value, unsigned width);

/* systick.c: off from 0xE000E010. */
void systick_new(struct m7 *c);
void systick_reset(struct m7 *c);
uint32_t systick_read(struct m7 *c, uint32_t off);
void systick_write(struct m7 *c, uint32_t off, uint32_t value);

/* trap.c */
bool trap_fp_off(const struct m7 *c);
/* The settings that decide what is trapped have changed. */
void trap_settings_changed(struct m7 *c);
/* Find what is to be trapped in a block that is about to run, whose bytes are
 * at `code`; true: the block has to be translated again. */
bool trap_scan(struct m7 *c, uint32_t address, const uint8_t *code,
               uint32_t bytes);
enum trap_verdict { TRAP_NOTHING, TRAP_BREAK, TRAP_FAULTED };
/* The core stands before a trapped instruction. */
enum trap_verdict trap_handle(struct m7 *c);

#endif
