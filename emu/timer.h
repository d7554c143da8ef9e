/* timer.h - soc_timer's ordered list in virtual time.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_EMU_TIMER_H
#define TERN_EMU_TIMER_H

#include <stdbool.h>
#include <stdint.h>

struct soc;

struct soc_timer {
    struct soc *owner;
    void (*fire)(void *ctx);
    void *ctx;
    uint64_t when;
    bool runs;
    struct soc_timer *next; /* later, or armed later for the same cycle */
};

struct timer_list {
    struct soc_timer *first;
};

void timer_start(struct timer_list *l, struct soc_timer *t, uint64_t when);
void timer_stop(struct timer_list *l, struct soc_timer *t);
void timer_stop_all(struct timer_list *l);
uint64_t timer_next(const struct timer_list *l); /* UINT64_MAX: none */
/* Takes the first timer off the list if its time has come; NULL: none. */
struct soc_timer *timer_take_due(struct timer_list *l, uint64_t now);

#endif
