/* patience.c - interrupts, and a server that goes away for a while.
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/patience.h"

enum { PAUSE_MS = 200, LOST_MAX_S = 30 };

static volatile sig_atomic_t interrupted;

static void on_interrupt(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* No SA_RESTART: a pause must end at once. */
void patience_begin(struct patience *p, struct api *a)
{
    struct sigaction sa = {.sa_handler = on_interrupt};

    p->a = a;
    p->lost = 0;
    (void)sigemptyset(&sa.sa_mask);
    interrupted = 0;
    (void)sigaction(SIGINT, &sa, &p->before);
}

void patience_end(struct patience *p)
{
    (void)sigaction(SIGINT, &p->before, NULL);
}

bool patience_interrupted(void)
{
    return interrupted != 0;
}

void patience_regained(struct patience *p)
{
    p->lost = 0;
}

static time_t seconds_now(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec + 1; /* never 0 */
}

bool patience_lost(struct patience *p, const char *sentence)
{
    struct connect to;
    struct why why;

    if (!p->lost) {
        p->lost = seconds_now();
        cli_warn(p->a->cli, "%s Waiting for it", sentence);
    }
    if (seconds_now() - p->lost > LOST_MAX_S)
        return false;
    if (connect_find(p->a->cli, &to, &why) == CLI_OK)
        p->a->to = to;
    return true;
}

void patience_pause(void)
{
    const struct timespec t = {.tv_nsec = PAUSE_MS * 1000000L};

    (void)nanosleep(&t, NULL);
}
