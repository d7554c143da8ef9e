/* boot_cut.c - power is lost in every flash operation of a device's life, torn
 * in every way, and once more in every operation of the recovery.
 *
 * A life is a device with a bootloader (the real one), an application that
 * updates itself (agent_run(): release, write, arm, confirm, report; what it
 * does depends on flash alone), and a server that wants a version. After each
 * reset boot_check() holds the bootloader to the rule: some image runs; it is
 * the confirmed one or one on trial; an unconfirmed one never stays; a
 * confirmed one is never lost; nothing is written outside the record and the
 * inactive slot.
 *
 * Start at sweep(). A failure prints what replays it alone, as in
 *     LIFE=update CUT=5 TEAR=4 CUT2=3 TEAR2=1 build/dev/tests/boot_cut
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot/boot_limits.h"
#include "boot/boot_record.h"
#include "test/support/boot_board.h"

enum { BOOTS_MAX = 40, SILENT_BOOTS = 4, SECTORS = 4, VERSIONS = 4 };

/* ---- lives ---- */

struct life {
    const char *name;
    void (*prepare)(struct fake_flash *f);
    uint8_t has;            /* the version that is confirmed at first */
    uint8_t wants;          /* the version the server wants */
    uint8_t ends;           /* the version that is confirmed at last */
    enum boot_outcome told; /* the last outcome that the server hears */
    bool foreign;           /* the wanted image has a foreign signature */
    bool silent;            /* the wanted image never confirms */
    bool last_resort;       /* a trial may start as often as it must */
};

/* Images by version; [0] is version 1. The counter is the version, so each
 * confirmation raises the floor above the image it replaces. */
static struct board_image images[VERSIONS], foreign[VERSIONS];

/* 1 in slot 1, from the factory. */
static void factory(struct fake_flash *f)
{
    board_load(f, SLOT_1, &images[0]);
}

/* 1 in slot 1, 2 in slot 2, both confirmed, 2 is active. */
static void updated(struct fake_flash *f)
{
    factory(f);
    board_load(f, SLOT_2, &images[1]);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(board_reset(f, RESET_SOFTWARE).slot, SLOT_2);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    assert_int_equal(boot_outcome_reported(fake_flash_port(f)), OTA_OK);
}

static void active_corrupt(struct fake_flash *f)
{
    updated(f);
    board_spoil(f, SLOT_2);
}

/* The only image is one that nobody ever confirmed. */
static void only_unproven(struct fake_flash *f)
{
    board_load(f, SLOT_2, &images[1]);
}

static const struct life LIVES[] = {
    {"first_boot", factory, 1, 1, 1, OUTCOME_NONE, 0, 0, 0},
    {"update", factory, 1, 2, 2, OUTCOME_CONFIRMED, 0, 0, 0},
    {"update_back", updated, 2, 3, 3, OUTCOME_CONFIRMED, 0, 0, 0},
    {"rejection", factory, 1, 2, 1, OUTCOME_REJECTED, 1, 0, 0},
    {"rejection_back", updated, 2, 3, 2, OUTCOME_REJECTED, 1, 0, 0},
    {"rollback", factory, 1, 2, 1, OUTCOME_ROLLED_BACK, 0, 1, 0},
    {"rollback_back", updated, 2, 3, 2, OUTCOME_ROLLED_BACK, 0, 1, 0},
    {"active_corrupt", active_corrupt, 1, 3, 3, OUTCOME_CONFIRMED, 0, 0, 0},
    {"last_resort", only_unproven, 0, 2, 2, OUTCOME_ACTIVE_CORRUPT, 0, 0, 1},
    {"last_resort_silent", only_unproven, 0, 2, 0, OUTCOME_NONE, 0, 1, 1},
};

/* ---- one device and what the test knows about it ---- */

struct world {
    const struct life *life;
    struct fake_flash *flash;
    uint8_t kept;    /* boot_confirm() of this version has succeeded */
    uint8_t pending; /* boot_confirm() of this one was cut: either may be */
    uint8_t starts;  /* of the trial since it was armed */
    uint32_t floor;  /* highest seen; at most VERSIONS */
    enum boot_outcome told; /* to the server, the last one */
    bool over;
};

struct plan {
    uint32_t cut, tear, cut2, tear2;
};

static struct plan plan;
static const char *plan_life;

/* The same in words. Made ahead, because the fake flash aborts on misuse and a
 * signal handler may only write what is there. */
static char plan_text[160];
static size_t plan_text_len;

static void plan_note(void)
{
    int n = snprintf(plan_text, sizeof plan_text,
                     "replay with: LIFE=%s CUT=%u TEAR=%u CUT2=%u TEAR2=%u\n",
                     plan_life, plan.cut, plan.tear, plan.cut2, plan.tear2);

    plan_text_len = n > 0 && (size_t)n < sizeof plan_text ? (size_t)n : 0;
}

static void on_abort(int number)
{
    (void)number;
    (void)!write(STDERR_FILENO, plan_text, plan_text_len);
}

static void broken(const char *what)
{
    fail_msg("%s\n%slast boot:\n%s", what, plan_text, board_log());
}

static void require(bool ok, const char *what)
{
    if (!ok)
        broken(what);
}

/* The only bytes that may change until the next call. */
static void allow(struct world *w, uint32_t off, uint32_t len)
{
    fake_flash_allow_all(w->flash);
    fake_flash_allow(w->flash, off, len);
}

static void allow_record(struct world *w)
{
    allow(w, FLASH_BOOT_RECORD, 2 * FLASH_SECTOR_BYTES);
}

/* ---- the rule ---- */

static void check_trial(struct world *w, uint8_t version)
{
    require(version == w->life->wants, "a trial of what was never armed");
    w->starts++;
    require(w->life->last_resort || w->starts <= BOOT_TRIES,
            "an unconfirmed image was started more often than allowed");
    w->pending = 0;
}

static void check_steady(struct world *w, uint8_t version)
{
    require(version == w->kept || (version != 0 && version == w->pending),
            version == w->life->wants ? "an unconfirmed image runs for good"
                                      : "the confirmed image is lost");
    w->kept = version;
    w->pending = 0;
}

static void boot_check(struct world *w, const struct boot_choice *c)
{
    struct boot_status s;

    require(c->boot == BOOT_YES, "nothing boots");
    require(boot_status_load(fake_flash_port(w->flash), &s) == OTA_OK,
            "no status");
    require(s.running == c->slot && s.inactive == slot_other(c->slot),
            "the record does not say which slot runs");
    require(c->trial == (s.state == BOOT_TRIAL),
            "the record does not say whether this is a trial");
    require(s.security_floor >= w->floor, "the floor went down");
    w->floor = s.security_floor;
    if (c->trial)
        check_trial(w, c->info.version.major);
    else
        check_steady(w, c->info.version.major);
}

/* ---- the application; each false is the end of this run of it ---- */

static bool agent_confirm(struct world *w, uint8_t version)
{
    if (w->life->silent) {
        w->over = w->life->last_resort && w->starts >= SILENT_BOOTS;
        return false;
    }
    w->pending = version;
    if (boot_confirm(fake_flash_port(w->flash)) != OTA_OK)
        return false;
    w->kept = version;
    w->pending = 0;
    return true;
}

static bool agent_tell(struct world *w, const struct boot_status *s)
{
    if (s->outcome == OUTCOME_NONE || s->outcome_reported)
        return true;
    w->told = s->outcome;
    return boot_outcome_reported(fake_flash_port(w->flash)) == OTA_OK;
}

static bool slot_write(struct world *w, enum slot slot)
{
    const struct board_image *img = w->life->foreign
                                        ? &foreign[w->life->wants - 1]
                                        : &images[w->life->wants - 1];
    const struct port_flash *p = fake_flash_port(w->flash);
    bool ok;

    allow(w, slot_offset(slot), FLASH_SLOT_BYTES);
    ok = p->erase(p->ctx, slot_offset(slot)) == OTA_OK &&
         p->write(p->ctx, slot_offset(slot), img->bytes, img->len) == OTA_OK;
    allow_record(w);
    return ok;
}

static void agent_install(struct world *w, enum slot inactive)
{
    const struct port_flash *p = fake_flash_port(w->flash);

    if (boot_slot_release(p) != OTA_OK || !slot_write(w, inactive))
        return;
    w->starts = 0;
    if (boot_trial_request(p) != OTA_OK)
        require(fake_flash_dead(w->flash), "arming was refused");
}

/* The server gives a version up once it heard that it failed. */
static bool server_is_content(const struct world *w, uint8_t version)
{
    bool gave_up = w->told == OUTCOME_REJECTED ||
                   (w->told == OUTCOME_ROLLED_BACK && w->life->silent);

    return version == w->life->wants || gave_up;
}

static void agent_run(struct world *w, const struct boot_choice *c)
{
    const struct port_flash *p = fake_flash_port(w->flash);
    uint8_t version = c->info.version.major;
    struct boot_status s;

    if (c->trial && !agent_confirm(w, version))
        return;
    if (boot_status_load(p, &s) != OTA_OK || !agent_tell(w, &s))
        return;
    if (server_is_content(w, version))
        w->over = true;
    else
        agent_install(w, s.inactive);
}

/* Sectors that a life changes. Everything else is protected by allow(). */
static const uint32_t SECTOR_AT[SECTORS] = {
    FLASH_BOOT_RECORD, FLASH_BOOT_RECORD + FLASH_SECTOR_BYTES, FLASH_SLOT_1,
    FLASH_SLOT_2};

/* ---- states that were seen ----
 *
 * What a device does after power-on depends on its flash, and what the test
 * expects on struct world. Two cuts that leave the same in both have the same
 * future, so it is walked once: the sweep tries them all, and repeats none. */

enum { SEEN_SLOTS = 1 << 16 };

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

static uint64_t state_hash(const struct world *w)
{
    const uint8_t known[] = {w->kept,           w->pending,       w->starts,
                             (uint8_t)w->floor, (uint8_t)w->told, w->over};
    uint64_t h = mix(0xcbf29ce484222325u, known, sizeof known);

    for (uint32_t i = 0; i < SECTORS; i++)
        h = mix(h, fake_flash_bytes(w->flash) + SECTOR_AT[i],
                FLASH_SECTOR_BYTES);
    return h == 0 ? 1 : h;
}

/* Enter this state; true if another run has entered it. */
static bool seen_before(const struct world *w)
{
    uint64_t h = state_hash(w);
    uint32_t i = (uint32_t)h % SEEN_SLOTS;

    while (seen[i].hash != 0 && seen[i].hash != h)
        i = (i + 1) % SEEN_SLOTS;
    if (seen[i].hash == h) {
        require(seen[i].run != run_id, "the life goes in circles");
        return true;
    }
    require(++seen_count < SEEN_SLOTS, "SEEN_SLOTS is too small");
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
static bool live(struct world *w, bool last)
{
    run_id++;
    allow_record(w);
    for (uint32_t boots = 0; !w->over; boots++) {
        enum boot_reset_cause cause =
            boots == 0 ? RESET_POWER_ON : RESET_SOFTWARE;
        struct boot_choice c;

        if (last && seen_before(w))
            return false;
        c = board_reset(w->flash, cause);
        if (fake_flash_dead(w->flash))
            return false;
        boot_check(w, &c);
        agent_run(w, &c);
        if (fake_flash_dead(w->flash))
            return false;
        require(boots < BOOTS_MAX, "the life never ends");
    }
    return true;
}

static void check_end(struct world *w)
{
    uint64_t ops = fake_flash_counts(w->flash).ops;
    struct boot_choice c = board_reset(w->flash, RESET_POWER_ON);

    boot_check(w, &c);
    require(fake_flash_counts(w->flash).ops == ops,
            "a plain boot writes to flash");
    require(w->kept == w->life->ends, "the life ends in the wrong version");
    require(w->told == w->life->told, "the server heard the wrong outcome");
}

struct snapshot {
    struct world world;
    uint8_t sectors[SECTORS][FLASH_SECTOR_BYTES];
};

static void snapshot_take(struct snapshot *s, const struct world *w)
{
    s->world = *w;
    for (uint32_t i = 0; i < SECTORS; i++)
        memcpy(s->sectors[i], fake_flash_bytes(w->flash) + SECTOR_AT[i],
               FLASH_SECTOR_BYTES);
}

/* Back to that instant, with power on and no cut planned. */
static void snapshot_restore(const struct snapshot *s, struct world *w)
{
    *w = s->world;
    for (uint32_t i = 0; i < SECTORS; i++)
        memcpy(fake_flash_bytes(w->flash) + SECTOR_AT[i], s->sectors[i],
               FLASH_SECTOR_BYTES);
    fake_flash_power_on(w->flash);
}

/* From `start`, cut in operation `cut`. true: power was lost there; false: the
 * life was over before, and well. */
static bool live_cut(const struct snapshot *start, struct world *w,
                     uint32_t cut, uint32_t tear)
{
    plan_note();
    snapshot_restore(start, w);
    fake_flash_cut(w->flash, cut, (enum fake_tear)tear, cut * 7 + plan.cut);
    if (live(w, false)) {
        check_end(w);
        return false;
    }
    fake_flash_power_on(w->flash);
    return true;
}

static void live_on(struct world *w)
{
    if (live(w, true))
        check_end(w);
}

/* All second cuts after the one that led to `start`; how many. */
static uint32_t sweep_again(const struct snapshot *start, struct world *w)
{
    uint32_t cuts = 0;
    bool cut = true;

    for (plan.cut2 = 1; cut; plan.cut2++)
        for (plan.tear2 = 0; plan.tear2 < TEAR_COUNT && cut; plan.tear2++) {
            cut = live_cut(start, w, plan.cut2, plan.tear2);
            if (!cut)
                break;
            cuts++;
            live_on(w);
        }
    return cuts;
}

static uint32_t env(const char *name)
{
    const char *text = getenv(name);

    return text ? (uint32_t)strtoul(text, NULL, 10) : 0;
}

static void replay(const struct snapshot *birth, struct world *w)
{
    struct snapshot first;

    plan = (struct plan){env("CUT"), env("TEAR"), 0, 0};
    if (!live_cut(birth, w, plan.cut, plan.tear))
        return;
    snapshot_take(&first, w);
    plan.cut2 = env("CUT2");
    plan.tear2 = env("TEAR2");
    if (live_cut(&first, w, plan.cut2, plan.tear2))
        live_on(w);
}

static void sweep(const struct snapshot *birth, struct world *w)
{
    uint32_t firsts = 0, seconds = 0;
    bool cut = true;

    for (plan.cut = 1; cut; plan.cut++)
        for (plan.tear = 0; plan.tear < TEAR_COUNT; plan.tear++) {
            struct snapshot first;

            plan.cut2 = plan.tear2 = 0;
            cut = live_cut(birth, w, plan.cut, plan.tear);
            if (!cut)
                break;
            firsts++;
            snapshot_take(&first, w);
            live_on(w);
            seconds += sweep_again(&first, w);
        }
    printf("%s: %u cuts, %u second cuts, %u states\n", plan_life, firsts,
           seconds, seen_count);
}

static void boot_cut_anywhere_twice_keeps_the_rule(void **state)
{
    const struct life *life = *state;
    const char *only = getenv("LIFE");
    struct world w = {.life = life, .kept = life->has, .flash = board_new()};
    struct snapshot birth;

    if (!only || strcmp(only, life->name) == 0) {
        plan_life = life->name;
        plan = (struct plan){0, 0, 0, 0};
        plan_note();
        seen_forget();
        life->prepare(w.flash);
        snapshot_take(&birth, &w);
        if (getenv("CUT"))
            replay(&birth, &w);
        else
            sweep(&birth, &w);
    }
    fake_flash_free(w.flash);
}

static int setup(void **state)
{
    int failed = board_setup(state);

    signal(SIGABRT, on_abort);
    for (uint32_t i = 0; i < VERSIONS; i++) {
        char version[] = "1.0.0";

        version[0] = (char)('1' + i);
        images[i] = board_image(version, i + 1, KEY_OLD);
        foreign[i] = board_image(version, i + 1, KEY_FOREIGN);
    }
    return failed;
}

int main(void)
{
    enum { LIFE_COUNT = sizeof LIVES / sizeof LIVES[0] };
    struct CMUnitTest tests[LIFE_COUNT];

    for (uint32_t i = 0; i < LIFE_COUNT; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(
            boot_cut_anywhere_twice_keeps_the_rule, (void *)&LIVES[i]);
        tests[i].name = LIVES[i].name;
    }
    return cmocka_run_group_tests(tests, setup, board_teardown);
}
