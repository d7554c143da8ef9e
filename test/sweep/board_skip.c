/* board_skip.c - an instruction is skipped, and nothing starts that must not.
 *
 * A flash with a bootloader and an image that it refuses is run on the emulated
 * board. Then it is run again, and before each instruction of the plan
 * (skip_plan.h) the process forks: the child skips that one and runs to the
 * end. It fails if an address of --entry is reached or the image is heard.
 * test/system/test_sbl_skip.py makes the flashes and calls it.
 *
 *   board_skip FLASH --entry ADDRESS... --every FILE [--only FILE]
 *              [--sample N] [--jobs N]
 *
 * --every: lines of "BEGIN END", code of which every execution counts.
 * --only: likewise, code of which alone skips are tried.
 * Exit code: 0 nothing started, 1 something did, 2 cannot run.
 *
 * Start at skip_all(). SPDX-License-Identifier: MIT
 */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "test/sweep/skip_plan.h"

enum {
    ENTRIES_MAX = 8,
    RANGES_MAX = 256,
    JOBS_MAX = 64,
    CONSOLE_MAX = 4096,
    CONSOLE_SHOWN = 400,
    /* Beyond the run without a skip: a loop that was left late, a second boot
     * after a fault. Sleep costs nothing. */
    GRACE_CYCLES = 24 << 20,
    /* The run without a skip ends asleep, well within this. */
    RUN_CYCLES = 400 << 20,
    STARTED = 10, /* exit codes of a child */
};
#define SLOTS_BEGIN 0x60100000u
#define SLOTS_END   0x60300000u
static const char HEARD[] = "app "; /* how each test application begins */

struct options {
    const char *flash;
    uint32_t entry[ENTRIES_MAX];
    size_t entries;
    struct ranges {
        struct skip_range range[RANGES_MAX];
        size_t count;
    } every, only; /* only: none is all */
    uint64_t sample;
    unsigned jobs;
};

struct rig {
    const struct options *o;
    struct board *board;
    char said[CONSOLE_MAX];
    size_t len;
};

struct job {
    pid_t pid;
    struct skip_target target;
};

struct sweep {
    struct rig rig;
    struct skip_plan plan;
    struct job job[JOBS_MAX];
    unsigned running;
    size_t tried, failed;
};

/* --- the board ------------------------------------------------------------ */

static void on_byte(void *ctx, uint8_t byte)
{
    struct rig *r = ctx;

    if (r->len + 1 < sizeof r->said)
        r->said[r->len++] = (char)byte;
}

/* Powered on, about to execute its first instruction. */
static void rig_open(struct rig *r, const struct options *o, const char *trace)
{
    const struct board_config config = {
        .trace = trace, .uart_out = on_byte, .uart_ctx = r};
    struct board_why why;

    memset(r, 0, sizeof *r);
    r->o = o;
    r->board = board_new(&config, &why);
    if (!r->board || !board_flash_load(r->board, o->flash, &why)) {
        (void)fprintf(stderr, "board_skip: %s\n", why.text);
        exit(2);
    }
    board_power_on(r->board);
    for (size_t i = 0; i < o->entries; i++)
        board_breakpoint(r->board, o->entry[i], true);
}

static struct board_stats stats_of(const struct rig *r)
{
    struct board_stats s;

    board_stats(r->board, &s);
    return s;
}

static enum board_stop rig_run(struct rig *r, uint64_t until)
{
    uint64_t now = stats_of(r).cycles;

    return now < until ? board_run(r->board, until - now) : BOARD_STOP_TIME;
}

/* Did anything of a slot run? */
static bool has_started(struct rig *r, enum board_stop stop)
{
    uint32_t pc = stats_of(r).pc;

    r->said[r->len] = '\0';
    return stop == BOARD_STOP_BREAK || stop == BOARD_STOP_EXIT ||
           (pc >= SLOTS_BEGIN && pc < SLOTS_END) ||
           strstr(r->said, HEARD) != NULL;
}

/* --- the plan ------------------------------------------------------------- */

static void make_plan(struct sweep *s, const struct options *o)
{
    char trace[] = "/tmp/board_skip.XXXXXX";
    int fd = mkstemp(trace);

    if (fd < 0) {
        perror(trace);
        exit(2);
    }
    (void)close(fd);
    rig_open(&s->rig, o, trace);
    enum board_stop stop = rig_run(&s->rig, RUN_CYCLES);
    bool refused = stop == BOARD_STOP_TIME && !has_started(&s->rig, stop);

    (void)fflush(NULL); /* the trace is all in its file */
    if (refused)
        skip_plan_make(&s->plan, s->rig.board, trace, o->every.range,
                       o->every.count);
    (void)unlink(trace);
    board_free(s->rig.board);
    if (refused && s->plan.targets > 0)
        return;
    (void)fprintf(stderr,
                  "board_skip: the image runs, or the board does not:\n%s\n",
                  s->rig.said);
    exit(2);
}

/* --- one instruction less ------------------------------------------------- */

__attribute__((noreturn)) static void skip_one(struct sweep *s,
                                               const struct skip_target *t)
{
    struct rig *r = &s->rig;

    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    board_after_fork(r->board);
    board_skip_instruction(r->board, t->address, 1);
    enum board_stop stop = rig_run(r, s->plan.end + GRACE_CYCLES);

    if (!has_started(r, stop))
        _exit(0);
    size_t from = r->len > CONSOLE_SHOWN ? r->len - CONSOLE_SHOWN : 0;

    (void)fprintf(stderr, "pc 0x%08" PRIx32 ", the console ended with:\n%s\n",
                  stats_of(r).pc, r->said + from);
    _exit(STARTED);
}

static void print_failure(const struct job *j, int status)
{
    const char *what = "the emulator died";

    if (WIFEXITED(status) && WEXITSTATUS(status) == STARTED)
        what = "the image started";
    (void)printf("  %s: tern-board --skip 0x%08" PRIx32 ":%" PRIu32
                 " (cycle %" PRIu64 ")\n",
                 what, j->target.address, j->target.nth, j->target.cycle);
}

static void wait_for_one(struct sweep *s)
{
    int status;
    pid_t pid = waitpid(-1, &status, 0);

    if (pid < 0 && errno == EINTR)
        return;
    for (unsigned i = 0; i < s->running; i++) {
        if (s->job[i].pid != pid)
            continue;
        if (status != 0) {
            s->failed++;
            print_failure(&s->job[i], status);
        }
        s->job[i] = s->job[--s->running];
        return;
    }
}

static void fork_one(struct sweep *s, const struct skip_target *t)
{
    while (s->running >= s->rig.o->jobs)
        wait_for_one(s);
    (void)fflush(NULL);
    pid_t pid = fork();

    if (pid == 0)
        skip_one(s, t);
    if (pid < 0) {
        perror("board_skip: fork");
        exit(2);
    }
    s->job[s->running++] = (struct job){pid, *t};
    s->tried++;
}

/* --- all of them ---------------------------------------------------------- */

/* Of `total` at most `sample`, evenly spread; 0: all. */
static bool is_sampled(uint64_t i, uint64_t total, uint64_t sample)
{
    if (sample == 0 || sample >= total)
        return true;
    return (i + 1) * sample / total != i * sample / total;
}

static bool is_asked_for(const struct ranges *only, uint32_t address)
{
    for (size_t i = 0; i < only->count; i++)
        if (address >= only->range[i].begin && address < only->range[i].end)
            return true;
    return only->count == 0;
}

static int skip_all(struct sweep *s, const struct options *o)
{
    make_plan(s, o);
    rig_open(&s->rig, o, NULL);
    for (size_t i = 0; i < s->plan.targets; i++) {
        const struct skip_target *t = &s->plan.target[i];
        if (!is_sampled(i, s->plan.targets, o->sample) ||
            !is_asked_for(&o->only, t->address))
            continue;
        if (rig_run(&s->rig, t->cycle) != BOARD_STOP_TIME ||
            stats_of(&s->rig).cycles != t->cycle) {
            (void)fprintf(stderr,
                          "board_skip: cycle %" PRIu64 " was not reached as in "
                          "the first run, but %" PRIu64 "\n",
                          t->cycle, stats_of(&s->rig).cycles);
            return 2;
        }
        fork_one(s, t);
    }
    while (s->running > 0)
        wait_for_one(s);
    (void)printf("%zu of %zu skips tried: %" PRIu64 " instructions executed at "
                 "%zu addresses; %zu started the image\n",
                 s->tried, s->plan.targets, s->plan.instructions,
                 s->plan.addresses, s->failed);
    board_free(s->rig.board);
    skip_plan_free(&s->plan);
    return s->failed > 0 ? 1 : 0;
}

/* --- options -------------------------------------------------------------- */

static uint64_t number(const char *text)
{
    char *end;
    uint64_t n = strtoull(text, &end, 0);

    if (end == text || *end != '\0') {
        (void)fprintf(stderr, "board_skip: '%s' is no number\n", text);
        exit(2);
    }
    return n;
}

static void read_ranges(struct ranges *out, const char *file)
{
    FILE *f = fopen(file, "r");
    struct skip_range r = {0};

    if (!f) {
        perror(file);
        exit(2);
    }
    while (fscanf(f, "%" SCNi32 " %" SCNi32, (int32_t *)&r.begin,
                  (int32_t *)&r.end) == 2) {
        if (out->count == RANGES_MAX) {
            (void)fprintf(stderr, "%s: more than %d ranges\n", file,
                          RANGES_MAX);
            exit(2);
        }
        out->range[out->count++] = r;
    }
    (void)fclose(f);
}

static void read_option(struct options *o, const char *name, const char *value)
{
    if (strcmp(name, "--entry") == 0 && o->entries < ENTRIES_MAX)
        o->entry[o->entries++] = (uint32_t)number(value);
    else if (strcmp(name, "--every") == 0)
        read_ranges(&o->every, value);
    else if (strcmp(name, "--only") == 0)
        read_ranges(&o->only, value);
    else if (strcmp(name, "--sample") == 0)
        o->sample = number(value);
    else if (strcmp(name, "--jobs") == 0)
        o->jobs = (unsigned)number(value);
    else {
        (void)fprintf(stderr, "board_skip: no option '%s'\n", name);
        exit(2);
    }
}

int main(int argc, char **argv)
{
    static struct options o;
    static struct sweep s;

    o.jobs = (unsigned)sysconf(_SC_NPROCESSORS_ONLN);
    if (argc < 2 || argc % 2 != 0) {
        (void)fputs("usage: board_skip FLASH OPTION VALUE...\n", stderr);
        return 2;
    }
    o.flash = argv[1];
    for (int i = 2; i < argc; i += 2)
        read_option(&o, argv[i], argv[i + 1]);
    if (o.jobs < 1 || o.jobs > JOBS_MAX)
        o.jobs = 1;
    return skip_all(&s, &o);
}
