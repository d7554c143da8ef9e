/* scheduler.c - see scheduler.h.
 *
 * An interrupt that comes between the last task and the sleep is not lost for
 * longer than to the next tick of the core (m7_tick_on(), a millisecond).
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/imxrt1060-sfw/scheduler.h"

#include "port/imxrt1060/core.h"

void scheduler_run(const struct task *tasks, size_t count)
{
    for (;;) {
        bool more = false;

        for (size_t i = 0; i < count; i++)
            more |= tasks[i].run(tasks[i].ctx);
        if (!more)
            core_sleep();
    }
}
