/* sweep_jobs.c - see sweep_jobs.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/sweep_jobs.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

struct sweep_shared *sweep_shared_new(void)
{
    void *p = mmap(NULL, sizeof(struct sweep_shared), PROT_READ | PROT_WRITE,
                   MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    return p == MAP_FAILED ? NULL : p;
}

void sweep_shared_free(struct sweep_shared *s)
{
    (void)munmap(s, sizeof *s);
}

void sweep_report(struct sweep_shared *s, const struct sweep_case *which,
                  bool ok, const struct board_why *why)
{
    atomic_fetch_add(which->cuts > 1 ? &s->second_tried : &s->tried, 1);
    if (ok)
        return;
    unsigned at = atomic_fetch_add(&s->failed, 1);

    if (at < SWEEP_FAILURES_KEPT)
        s->failure[at] = (struct sweep_failure){*which, *why};
}

static void died(struct sweep_jobs *j, const struct sweep_job *job, int status)
{
    struct board_why why;

    if (WIFSIGNALED(status))
        (void)snprintf(why.text, sizeof why.text, "the emulator died: %s",
                       strsignal(WTERMSIG(status)));
    else
        (void)snprintf(why.text, sizeof why.text,
                       "the emulator ended with code %d", WEXITSTATUS(status));
    sweep_report(j->shared, &job->which, false, &why);
}

static void wait_for_one(struct sweep_jobs *j)
{
    int status;
    pid_t pid = waitpid(-1, &status, 0);

    if (pid < 0 && errno == EINTR)
        return;
    for (unsigned i = 0; i < j->running; i++) {
        if (j->job[i].pid != pid)
            continue;
        if (status != 0)
            died(j, &j->job[i], status);
        j->job[i] = j->job[--j->running];
        break;
    }
    if (j->waited)
        j->waited(j->ctx);
}

bool sweep_jobs_fork(struct sweep_jobs *j, const struct sweep_case *which)
{
    static const struct board_why NO_FORK = {"the system gave no process"};

    while (j->running >= j->max)
        wait_for_one(j);
    pid_t pid = fork();

    if (pid == 0) {
        (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
        j->running = 0;
        j->waited = NULL;
        return true;
    }
    if (pid < 0)
        sweep_report(j->shared, which, false, &NO_FORK);
    else
        j->job[j->running++] = (struct sweep_job){pid, *which};
    return false;
}

void sweep_jobs_wait(struct sweep_jobs *j)
{
    while (j->running > 0)
        wait_for_one(j);
}
