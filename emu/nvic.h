/* nvic.h - which exception comes next: pending, active, enabled, priority.
 *
 * Pure: no core, no registers, no time. ARMv7-M Architecture Reference Manual,
 * B1.5 "ARMv7-M exception model".
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_NVIC_H
#define TERN_EMU_NVIC_H

#include <stdbool.h>
#include <stdint.h>

enum {
    NVIC_IRQS = 160,
    NVIC_EXCEPTIONS = 16 + NVIC_IRQS,
    NVIC_PRIORITY_MASK = 0xF0, /* four bits are implemented */
    NVIC_PRIORITY_THREAD = 256,
    NVIC_PRIORITY_HARDFAULT = -1,
};

enum exception {
    EXC_NONE = 0,
    EXC_RESET = 1,
    EXC_NMI = 2,
    EXC_HARDFAULT = 3,
    EXC_MEMMANAGE = 4,
    EXC_BUSFAULT = 5,
    EXC_USAGEFAULT = 6,
    EXC_SVCALL = 11,
    EXC_DEBUGMON = 12,
    EXC_PENDSV = 14,
    EXC_SYSTICK = 15,
    EXC_IRQ0 = 16,
};

struct nvic {
    bool pending[NVIC_EXCEPTIONS];
    bool active[NVIC_EXCEPTIONS];
    bool enabled[NVIC_EXCEPTIONS]; /* [0..15]: the three faults and DebugMon */
    bool line[NVIC_EXCEPTIONS];    /* level of the interrupt line */
    uint8_t priority[NVIC_EXCEPTIONS];
    unsigned prigroup;
    unsigned pending_count, active_count;
};

/* The mask registers of the core, as read by MRS. */
struct nvic_masks {
    bool primask, faultmask;
    uint8_t basepri;
};

void nvic_reset(struct nvic *n);
void nvic_pend(struct nvic *n, unsigned exception);
/* A line that is still high pends again at once. */
void nvic_unpend(struct nvic *n, unsigned exception);
void nvic_set_line(struct nvic *n, unsigned exception, bool level);
void nvic_activate(struct nvic *n, unsigned exception);   /* and unpends */
void nvic_deactivate(struct nvic *n, unsigned exception); /* may pend again */

/* Group priority: -3 reset, -2 NMI, -1 HardFault, then 0..255. */
int nvic_priority(const struct nvic *n, unsigned exception);
/* What runs now, with its masks: NVIC_PRIORITY_THREAD if nothing. */
int nvic_running(const struct nvic *n, struct nvic_masks m);
/* Same without the masks, and without the exception `without`. */
int nvic_active_priority(const struct nvic *n, unsigned without);
/* The pending and enabled exception that comes first; EXC_NONE. */
unsigned nvic_first(const struct nvic *n);
/* The one to take now; EXC_NONE. */
unsigned nvic_take(const struct nvic *n, struct nvic_masks m);
/* Would one end WFI, which PRIMASK does not prevent? */
bool nvic_wakes(const struct nvic *n, struct nvic_masks m);

#endif
