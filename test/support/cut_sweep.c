/* cut_sweep.c - the loop of all power cuts. Start at cut_sweep().
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/cut_sweep.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "test/support/boot_board.h"

enum { WORLD_BYTES_MAX = 256, SEEN_SLOTS = 1 << 18 };

static const struct cut_life *life;

static struct {
    uint32_t cut, tear, cut2, tear2;
} plan;

/* The same in words. Made ahead, because the fake flash aborts on misuse and a
 * signal handler may only write what is there. */
static char plan_text[160];
static size_t plan_text_len;

static void plan_note(void)
{
    int n = snprintf(plan_text, sizeof plan_text,
                     "replay with: LIFE=%s CUT=%u TEAR=%u CUT2=%u TEAR2=%u\n",
                     life->name, plan.cut, plan.tear, plan.cut2, plan.tear2);

    plan_text_len = n > 0 && (size_t)n < sizeof plan_text ? (size_t)n : 0;
}

static void on_abort(int number)
{
    (void)number;
    (void)!write(STDERR_FILENO, plan_text, plan_text_len);
}

void cut_require(bool ok, const char *what)
{
    if (!ok)
        fail_msg("%s\n%slast boot:\n%s", what, plan_text, board_log());
}

/* ---- states that were seen ---- */

static struct {
    uint64_t hash; /* 0: free */
    uint32_t run;
} seen[SEEN_SLOTS];
static uint32_t seen_count, run_id;

static uint64_t mix(uint64_t h, const void *bytes, size_t len)
{
    const uint8_t *at = bytes;

    for (size_t i = 0; i < len; i++)
        h = (h ^ at[i]) * 0x100000001b3u; /* FNV-1a */
    return h;
}

static uint32_t sector_count(void)
{
    uint32_t n = 0;

    while (n < CUT_SECTORS && life->sectors[n] != 0)
        n++;
    return n;
}

static uint8_t *sector(uint32_t i)
{
    return fake_flash_bytes(life->flash) + life->sectors[i];
}

static uint64_t state_hash(void)
{
    uint64_t h = mix(0xcbf29ce484222325u, life->world, life->world_bytes);

    for (uint32_t i = 0; i < sector_count(); i++)
        h = mix(h, sector(i), FLASH_SECTOR_BYTES);
    return h == 0 ? 1 : h;
}

/* Enter this state; true if it has been entered. */
static bool seen_before(uint64_t h, bool other_run_only)
{
    uint32_t i = (uint32_t)h % SEEN_SLOTS;

    while (seen[i].hash != 0 && seen[i].hash != h)
        i = (i + 1) % SEEN_SLOTS;
    if (seen[i].hash == h) {
        cut_require(!other_run_only || seen[i].run != run_id,
                    "the life goes in circles");
        return true;
    }
    cut_require(++seen_count < SEEN_SLOTS, "SEEN_SLOTS is too small");
    seen[i].hash = h;
    seen[i].run = run_id;
    return false;
}

static void seen_forget(void)
{
    memset(seen, 0, sizeof seen);
    seen_count = 0;
}

/* ---- lives, cut and not ---- */

/* Reset until the life is over, power is lost, or (on a run without further
 * cuts, `last` being true) what follows has been seen before.
 * true: it is over. */
static bool live(bool last)
{
    run_id++;
    for (uint32_t boots = 0; !life->is_over(life->world); boots++) {
        if (last && seen_before(state_hash(), true))
            return false;
        life->boot(life->world, boots == 0 ? RESET_POWER_ON : RESET_SOFTWARE);
        if (fake_flash_dead(life->flash))
            return false;
        cut_require(boots < CUT_BOOTS_MAX, "the life never ends");
    }
    return true;
}

struct snapshot {
    uint8_t world[WORLD_BYTES_MAX];
    uint8_t sectors[CUT_SECTORS][FLASH_SECTOR_BYTES];
};

static void snapshot_take(struct snapshot *s)
{
    memcpy(s->world, life->world, life->world_bytes);
    for (uint32_t i = 0; i < sector_count(); i++)
        memcpy(s->sectors[i], sector(i), FLASH_SECTOR_BYTES);
}

/* Back to that instant, with power on and no cut planned. */
static void snapshot_restore(const struct snapshot *s)
{
    memcpy(life->world, s->world, life->world_bytes);
    for (uint32_t i = 0; i < sector_count(); i++)
        memcpy(sector(i), s->sectors[i], FLASH_SECTOR_BYTES);
    fake_flash_power_on(life->flash);
}

/* From `start`, cut in operation `cut`. true: power was lost there; false: the
 * life was over before, and well. */
static bool live_cut(const struct snapshot *start, uint32_t cut, uint32_t tear)
{
    plan_note();
    snapshot_restore(start);
    fake_flash_cut(life->flash, cut, (enum fake_tear)tear, cut * 7 + plan.cut);
    if (live(false)) {
        fake_flash_power_on(life->flash); /* the cut is planned no more */
        life->check_end(life->world);
        return false;
    }
    fake_flash_power_on(life->flash);
    return true;
}

static void live_on(void)
{
    if (live(true))
        life->check_end(life->world);
}

/* All second cuts after the one that led to `start`, or one in `every`; how
 * many. */
static uint32_t sweep_again(const struct snapshot *start, uint32_t every)
{
    uint32_t cuts = 0;
    bool cut = true;

    for (plan.cut2 = 1 + plan.cut % every; cut; plan.cut2 += every)
        for (plan.tear2 = 0; plan.tear2 < TEAR_COUNT && cut; plan.tear2++) {
            cut = live_cut(start, plan.cut2, plan.tear2);
            if (!cut)
                break;
            cuts++;
            live_on();
        }
    return cuts;
}

static uint32_t env(const char *name)
{
    const char *text = getenv(name);

    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

static void replay(const struct snapshot *birth)
{
    struct snapshot first;

    plan.cut = env("CUT");
    plan.tear = env("TEAR");
    if (!live_cut(birth, plan.cut, plan.tear))
        return;
    snapshot_take(&first);
    plan.cut2 = env("CUT2");
    plan.tear2 = env("TEAR2");
    if (live_cut(&first, plan.cut2, plan.tear2))
        live_on();
}

static void sweep(const struct snapshot *birth, uint32_t every)
{
    uint32_t firsts = 0, seconds = 0;
    bool cut = true;

    for (plan.cut = 1; cut; plan.cut++)
        for (plan.tear = 0; plan.tear < TEAR_COUNT; plan.tear++) {
            struct snapshot first;

            plan.cut2 = plan.tear2 = 0;
            cut = live_cut(birth, plan.cut, plan.tear);
            if (!cut)
                break;
            firsts++;
            snapshot_take(&first);
            live_on();
            seconds += sweep_again(&first, every);
        }
    printf("%s: %u cuts, %u second cuts (%s), %u states\n", life->name, firsts,
           seconds, every == 1 ? "all" : "a sample", seen_count);
}

void cut_sweep(const struct cut_life *l, uint32_t second_every)
{
    const char *only = getenv("LIFE"), *all = getenv("SWEEP");
    struct snapshot birth;

    life = l;
    if (only && strcmp(only, life->name) != 0)
        return;
    assert_true(life->world_bytes <= WORLD_BYTES_MAX);
    signal(SIGABRT, on_abort);
    memset(&plan, 0, sizeof plan);
    plan_note();
    seen_forget();
    snapshot_take(&birth);
    if (getenv("CUT"))
        replay(&birth);
    else
        sweep(&birth, all && strcmp(all, "all") == 0 ? 1 : second_every);
}
