/* timer.c - a sorted list: a board has some twenty timers, few of them armed.
 *
 * Timers of the same cycle fire in the order in which they were armed, so runs
 * repeat exactly.
 * Tests: test/unit/emu/test_soc.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/timer.h"

#include <stddef.h>

void timer_stop(struct timer_list *l, struct soc_timer *t)
{
    if (!t->runs)
        return;
    struct soc_timer **link = &l->first;

    while (*link != t)
        link = &(*link)->next;
    *link = t->next;
    t->runs = false;
}

void timer_start(struct timer_list *l, struct soc_timer *t, uint64_t when)
{
    timer_stop(l, t);
    struct soc_timer **link = &l->first;

    while (*link && (*link)->when <= when)
        link = &(*link)->next;
    t->when = when;
    t->runs = true;
    t->next = *link;
    *link = t;
}

void timer_stop_all(struct timer_list *l)
{
    while (l->first)
        timer_stop(l, l->first);
}

uint64_t timer_next(const struct timer_list *l)
{
    return l->first ? l->first->when : UINT64_MAX;
}

struct soc_timer *timer_take_due(struct timer_list *l, uint64_t now)
{
    struct soc_timer *t = l->first;

    if (!t || t->when > now)
        return NULL;
    timer_stop(l, t);
    return t;
}
