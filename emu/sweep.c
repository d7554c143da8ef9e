/* sweep.c - see sweep.h. Start at sweep_all().
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/sweep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "emu/parse.h"
#include "emu/rig.h"
#include "emu/sweep_jobs.h"

enum { FAILED = 1, PROGRESS_MS = 200, FAILURES_SHOWN = 20 };

struct sweep {
    const struct options_sweep *o;
    struct rig *rig;
    struct sweep_shared *shared;
    struct sweep_jobs jobs;
    uint32_t ops; /* of the first run */
    bool shows_progress;
    uint64_t shown_ms;
};

static uint64_t now_ms(void)
{
    struct timespec t;

    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * 1000 + (uint64_t)t.tv_nsec / 1000000;
}

static void report(struct sweep *s, const struct sweep_case *which, bool ok)
{
    sweep_report(s->shared, which, ok, &s->rig->why);
}

/* --- the plan ------------------------------------------------------------- */

/* Runs to the end; false: rig->why. */
static bool note_operations(struct rig *r, struct sweep_plan *plan)
{
    uint64_t before = rig_flash_ops(r);
    enum rig_result result = RIG_GOES_ON;

    for (uint32_t slice = 0; result == RIG_GOES_ON; slice++) {
        result = rig_slice(r);
        uint64_t ops = rig_flash_ops(r) - before;
        if (ops > SWEEP_OPS_MAX) {
            (void)snprintf(r->why.text, sizeof r->why.text,
                           "more than %d flash operations: shorten the run",
                           SWEEP_OPS_MAX);
            return false;
        }
        while (plan->ops < ops)
            plan->slice[plan->ops++] = slice;
    }
    return result == RIG_ENDED;
}

/* In a process of its own, so that here the board stays where it is: powered
 * on at the start of the run. A case, too: the power goes when the run has
 * ended (`which`, its last cut behind the last operation). */
static void make_plan(struct sweep *s, struct sweep_plan *plan,
                      const struct sweep_case *which)
{
    struct sweep_case after = *which;

    plan->ops = 0;
    plan->made = false;
    if (sweep_jobs_fork(&s->jobs, which)) {
        board_after_fork(s->rig->board);
        bool ok = note_operations(s->rig, plan);
        after.cut[after.cuts - 1].at_op = plan->ops + 1;
        plan->made = ok;
        if (ok && which->cuts > 1)
            ok = rig_check(s->rig);
        report(s, &after, ok && rig_recover(s->rig));
        _exit(0);
    }
    sweep_jobs_wait(&s->jobs);
}

/* --- the cuts ------------------------------------------------------------- */

/* Of `total` cases at most `sample`, evenly spread; 0: all. */
static bool is_sampled(uint64_t i, uint64_t total, uint64_t sample)
{
    if (sample == 0 || sample >= total)
        return true;
    return (i + 1) * sample / total != i * sample / total;
}

/* The board runs, cut at operation `op` of `which`, `done` of them are over. */
static bool run_into_cut(struct sweep *s, const struct sweep_case *which,
                         uint64_t done)
{
    struct board_cut cut = which->cut[which->cuts - 1];

    cut.at_op -= done;
    board_cut_at(s->rig->board, &cut);
    if (rig_run(s->rig) == RIG_CUT)
        return true;
    (void)snprintf(s->rig->why.text, sizeof s->rig->why.text,
                   "the second run of the same scenario did not come to this "
                   "operation: the run is not deterministic");
    return false;
}

/* What a child does with a board that runs towards its cut. */
typedef void (*cut_fn)(struct sweep *s, const struct sweep_case *which,
                       uint64_t done);

/* Cut at each operation of `plan`, with each tear: `child` in a process each.
 * `base` has the cuts before; the board has just been powered on. */
static void cut_everywhere(struct sweep *s, const struct sweep_plan *plan,
                           const struct sweep_case *base, uint64_t sample,
                           cut_fn child)
{
    uint64_t total = (uint64_t)plan->ops * s->o->tears;
    uint64_t before = rig_flash_ops(s->rig);
    uint32_t slice = 0;

    for (uint64_t i = 0; i < total; i++) {
        uint32_t op = (uint32_t)(i / s->o->tears);
        struct sweep_case which = *base;
        if (!is_sampled(i, total, sample))
            continue;
        for (; slice < plan->slice[op]; slice++)
            (void)rig_slice(s->rig);
        which.cut[which.cuts] = s->o->tear[i % s->o->tears];
        which.cut[which.cuts++].at_op = op + 1;
        if (sweep_jobs_fork(&s->jobs, &which)) {
            board_after_fork(s->rig->board);
            child(s, &which, rig_flash_ops(s->rig) - before);
            _exit(0);
        }
    }
    sweep_jobs_wait(&s->jobs);
}

static void cut_and_recover(struct sweep *s, const struct sweep_case *which,
                            uint64_t done)
{
    report(s, which, run_into_cut(s, which, done) && rig_recover(s->rig));
}

/* The recovery is swept like the run: a plan, then a process per case. */
static void cut_and_cut_again(struct sweep *s, const struct sweep_case *which,
                              uint64_t done)
{
    struct sweep_case second = *which;
    struct sweep_shared *plan = sweep_shared_new();

    s->jobs.max = 1;
    bool ok = plan && run_into_cut(s, which, done);

    report(s, which, ok); /* how it recovers uncut: in make_plan() */
    if (!ok)
        return;
    rig_power_on(s->rig, false);
    second.cut[second.cuts++] = (struct board_cut){0};
    make_plan(s, &plan->plan, &second);
    if (plan->plan.made)
        cut_everywhere(s, &plan->plan, which, s->o->second_sample,
                       cut_and_recover);
}

/* --- the outcome ---------------------------------------------------------- */

static void show_progress(void *ctx)
{
    struct sweep *s = ctx;
    uint64_t now = now_ms();

    if (!s->shows_progress || now - s->shown_ms < PROGRESS_MS)
        return;
    s->shown_ms = now;
    (void)fprintf(stderr, "\r%u cuts, %u second cuts, %u failed ",
                  s->shared->tried, s->shared->second_tried, s->shared->failed);
}

static void print_failure(const struct sweep *s, const struct sweep_failure *f)
{
    char cut[2][PARSE_CUT_TEXT_MAX] = {"", ""};

    for (unsigned i = 0; i < f->which.cuts; i++)
        parse_cut_text(&f->which.cut[i], cut[i]);
    (void)printf("  %s%s%s: %s\n    tern-board sweep %s --replay %s%s%s\n",
                 cut[0], cut[1][0] ? " then " : "", cut[1], f->why.text,
                 s->o->scenario, cut[0], cut[1][0] ? "," : "", cut[1]);
}

static int print_outcome(const struct sweep *s, uint64_t ms)
{
    const struct sweep_shared *m = s->shared;
    unsigned tried = m->tried + m->second_tried;

    if (s->shows_progress)
        (void)fputs("\r\033[K", stderr);
    (void)printf("%" PRIu32 " flash operations, %zu tears: %u cuts, "
                 "%u second cuts; %u failed\n",
                 s->ops, s->o->tears, m->tried, m->second_tried, m->failed);
    (void)printf("%.2f s, %.0f cuts per second, %u at once\n",
                 (double)ms / 1000, ms ? (double)tried * 1000 / (double)ms : 0,
                 s->jobs.max);
    for (unsigned i = 0; i < m->failed && i < FAILURES_SHOWN; i++)
        print_failure(s, &m->failure[i]);
    if (m->failed > FAILURES_SHOWN)
        (void)printf("  and %u more\n", m->failed - FAILURES_SHOWN);
    return m->failed ? FAILED : 0;
}

static int sweep_all(struct sweep *s)
{
    static const struct sweep_case NONE;
    struct sweep_plan *plan = &s->shared->plan;
    struct sweep_case uncut = {.cuts = 1};
    uint64_t begin = now_ms();

    rig_power_on(s->rig, true);
    make_plan(s, plan, &uncut);
    if (!plan->made) {
        (void)fprintf(stderr, "tern-board: the run fails before any cut: %s\n",
                      s->shared->failure[0].why.text);
        return FAILED;
    }
    if (plan->ops == 0) {
        (void)fputs("tern-board: the run has no flash operation to cut\n",
                    stderr);
        return FAILED;
    }
    s->ops = plan->ops;
    cut_everywhere(s, plan, &NONE, s->o->sample,
                   s->o->second ? cut_and_cut_again : cut_and_recover);
    return print_outcome(s, now_ms() - begin);
}

/* --- one case, seen ------------------------------------------------------- */

static void announce(const struct board_cut *cut)
{
    char text[PARSE_CUT_TEXT_MAX];

    parse_cut_text(cut, text);
    (void)fflush(stdout);
    (void)fprintf(stderr, "\ntern-board: power cut %s\n", text);
}

/* Powers on and runs into the cut, or to the end. False: neither. */
static bool replay_cut(struct rig *r, const struct board_cut *cut, bool first)
{
    board_cut_at(r->board, cut);
    rig_power_on(r, first);
    enum rig_result result = rig_run(r);

    if (result == RIG_FAILED ||
        (result == RIG_ENDED && !first && !rig_check(r)))
        return false;
    announce(cut);
    return true;
}

static int replay(struct sweep *s)
{
    const struct options_sweep *o = s->o;
    struct rig *r = s->rig;
    bool ok = true;

    r->echo = true;
    for (size_t i = 0; i < o->replays && ok; i++) {
        if (i > 0)
            board_power_off(r->board);
        ok = replay_cut(r, &o->replay[i], i == 0);
    }
    board_cut_at(r->board, &(struct board_cut){0});
    ok = ok && rig_recover(r);
    (void)fflush(stdout);
    if (ok)
        (void)fputs("\ntern-board: recovered\n", stderr);
    else
        (void)fprintf(stderr, "\ntern-board: %s\n", r->why.text);
    if (o->save && !board_flash_save(r->board, o->save, &r->why)) {
        (void)fprintf(stderr, "tern-board: %s\n", r->why.text);
        ok = false;
    }
    return ok ? 0 : FAILED;
}

/* --- life ----------------------------------------------------------------- */

static unsigned processors(void)
{
    long n = sysconf(_SC_NPROCESSORS_ONLN);

    if (n < 1)
        return 1;
    return n < OPTIONS_JOBS_MAX ? (unsigned)n : OPTIONS_JOBS_MAX;
}

int sweep_run(const struct options_sweep *o)
{
    struct scenario scenario;
    struct board_why why = {""};
    struct sweep s = {.o = o, .shows_progress = isatty(STDERR_FILENO)};
    int code = FAILED;

    if (!scenario_read(&scenario, o->scenario, &why)) {
        (void)fprintf(stderr, "tern-board: %s\n", why.text);
        return FAILED;
    }
    s.rig = malloc(sizeof *s.rig);
    s.shared = sweep_shared_new();
    s.jobs = (struct sweep_jobs){.shared = s.shared,
                                 .max = o->jobs ? o->jobs : processors(),
                                 .waited = show_progress,
                                 .ctx = &s};
    if (!s.rig || !s.shared)
        (void)fputs("tern-board: no memory\n", stderr);
    else if (!rig_open(s.rig, &scenario, &why))
        (void)fprintf(stderr, "tern-board: %s\n", why.text);
    else
        code = o->replays ? replay(&s) : sweep_all(&s);
    if (s.rig)
        rig_close(s.rig);
    free(s.rig);
    if (s.shared)
        sweep_shared_free(s.shared);
    scenario_free(&scenario);
    return code;
}
