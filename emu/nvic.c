/* nvic.c - the rules of exception priority.
 *
 * Source: ARMv7-M Architecture Reference Manual, B1.5.4 "Exception priorities
 * and preemption" and B3.4 "Nested Vectored Interrupt Controller, NVIC".
 * Tests: test/unit/emu/test_nvic.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/nvic.h"

#include <string.h>

void nvic_reset(struct nvic *n)
{
    memset(n, 0, sizeof *n);
}

void nvic_pend(struct nvic *n, unsigned exception)
{
    if (!n->pending[exception])
        n->pending_count++;
    n->pending[exception] = true;
}

static void clear_pending(struct nvic *n, unsigned exception)
{
    if (n->pending[exception])
        n->pending_count--;
    n->pending[exception] = false;
}

void nvic_unpend(struct nvic *n, unsigned exception)
{
    clear_pending(n, exception);
    if (n->line[exception] && !n->active[exception])
        nvic_pend(n, exception);
}

void nvic_set_line(struct nvic *n, unsigned exception, bool level)
{
    bool rises = level && !n->line[exception];

    n->line[exception] = level;
    if (rises)
        nvic_pend(n, exception);
}

void nvic_activate(struct nvic *n, unsigned exception)
{
    clear_pending(n, exception);
    if (!n->active[exception])
        n->active_count++;
    n->active[exception] = true;
}

void nvic_deactivate(struct nvic *n, unsigned exception)
{
    if (n->active[exception])
        n->active_count--;
    n->active[exception] = false;
    if (n->line[exception])
        nvic_pend(n, exception);
}

/* Bits of a priority that decide whether it preempts. */
static int group_of(const struct nvic *n, uint8_t priority)
{
    return priority & (int)(0xFFu << (n->prigroup + 1)) & 0xFF;
}

int nvic_priority(const struct nvic *n, unsigned exception)
{
    switch (exception) {
    case EXC_RESET:
        return -3;
    case EXC_NMI:
        return -2;
    case EXC_HARDFAULT:
        return NVIC_PRIORITY_HARDFAULT;
    default:
        return group_of(n, n->priority[exception]);
    }
}

int nvic_active_priority(const struct nvic *n, unsigned without)
{
    int highest = NVIC_PRIORITY_THREAD;

    if (n->active_count == 0)
        return highest;
    for (unsigned i = EXC_NMI; i < NVIC_EXCEPTIONS; i++)
        if (n->active[i] && i != without && nvic_priority(n, i) < highest)
            highest = nvic_priority(n, i);
    return highest;
}

int nvic_running(const struct nvic *n, struct nvic_masks m)
{
    int priority = nvic_active_priority(n, EXC_NONE);

    if (m.basepri != 0 && group_of(n, m.basepri) < priority)
        priority = group_of(n, m.basepri);
    if (m.primask && priority > 0)
        priority = 0;
    if (m.faultmask && priority > NVIC_PRIORITY_HARDFAULT)
        priority = NVIC_PRIORITY_HARDFAULT;
    return priority;
}

static bool is_enabled(const struct nvic *n, unsigned exception)
{
    switch (exception) {
    case EXC_NMI:
    case EXC_HARDFAULT:
    case EXC_SVCALL:
    case EXC_PENDSV:
    case EXC_SYSTICK:
        return true;
    default:
        return n->enabled[exception];
    }
}

unsigned nvic_first(const struct nvic *n)
{
    unsigned first = EXC_NONE;
    int best = NVIC_PRIORITY_THREAD;

    if (n->pending_count == 0)
        return EXC_NONE;
    for (unsigned i = EXC_NMI; i < NVIC_EXCEPTIONS; i++) {
        if (!n->pending[i] || !is_enabled(n, i))
            continue;
        /* Order among pending ones: the whole priority, then the number. */
        int order = i < EXC_MEMMANAGE ? nvic_priority(n, i) : n->priority[i];
        if (order < best) {
            first = i;
            best = order;
        }
    }
    return first;
}

unsigned nvic_take(const struct nvic *n, struct nvic_masks m)
{
    unsigned first = nvic_first(n);

    if (first == EXC_NONE || nvic_priority(n, first) >= nvic_running(n, m))
        return EXC_NONE;
    return first;
}

bool nvic_wakes(const struct nvic *n, struct nvic_masks m)
{
    m.primask = false;
    return nvic_take(n, m) != EXC_NONE;
}
