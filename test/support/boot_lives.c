/* boot_lives.c - devices that update themselves while power comes and goes.
 *
 * A life is a device with a bootloader (the real one), an application that
 * updates itself (agent_run(): release, write, arm, confirm, report; what it
 * does depends on flash alone), and a server that wants a version. After each
 * reset boot_check() holds the bootloader to the rule: some image runs; it is
 * the confirmed one or one on trial; an unconfirmed one never stays; a
 * confirmed one is never lost; an update that was armed is not lost either;
 * nothing is written outside the record, the inactive slot and what the ground
 * names.
 *
 * Start at boot_once().
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/boot_lives.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot_limits.h"
#include "boot/boot_record.h"
#include "boot/downgrade.h"
#include "test/support/boot_board.h"

enum { SILENT_BOOTS = 4, VERSIONS = BOOT_LIVES_VERSIONS };

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
    bool level;             /* images have no counter, only a version */
    bool upwards;           /* for a bootloader that refuses a downgrade */
};

/* Images by version; [0] is version 1. The counter is the version, so each
 * confirmation raises the floor above the image it replaces. */
static struct board_image images[VERSIONS], foreign[VERSIONS], level[VERSIONS];

static const struct boot_ground *ground;

/* 1 in slot 1, from the factory. */
static void factory(struct fake_flash *f)
{
    board_load(f, SLOT_1, &images[0]);
}

/* 1 and 2 are both confirmed, 2 is active. */
static void updated(struct fake_flash *f)
{
    factory(f);
    board_load(f, SLOT_2, &images[1]);
    assert_int_equal(boot_trial_request(fake_flash_port(f)), OTA_OK);
    assert_int_equal(board_reset(f, RESET_SOFTWARE).trial, true);
    assert_int_equal(boot_confirm(fake_flash_port(f)), OTA_OK);
    assert_int_equal(boot_outcome_reported(fake_flash_port(f)), OTA_OK);
}

static void active_corrupt(struct fake_flash *f)
{
    struct boot_status s;

    updated(f);
    assert_int_equal(boot_status_load(fake_flash_port(f), &s), OTA_OK);
    board_spoil(f, s.running);
}

/* The only image is one that nobody ever confirmed. */
static void only_unproven(struct fake_flash *f)
{
    board_load(f, SLOT_2, &images[1]);
}

/* 2 in slot 1, from the factory, and no floor. */
static void factory_of_two(struct fake_flash *f)
{
    board_load(f, SLOT_1, &level[1]);
}

static const struct life LIVES[] = {
    {"first_boot", factory, 1, 1, 1, OUTCOME_NONE, 0, 0, 0, 0, 0},
    {"update", factory, 1, 2, 2, OUTCOME_CONFIRMED, 0, 0, 0, 0, 0},
    {"update_back", updated, 2, 3, 3, OUTCOME_CONFIRMED, 0, 0, 0, 0, 0},
    {"rejection", factory, 1, 2, 1, OUTCOME_REJECTED, 1, 0, 0, 0, 0},
    {"rejection_back", updated, 2, 3, 2, OUTCOME_REJECTED, 1, 0, 0, 0, 0},
    {"rollback", factory, 1, 2, 1, OUTCOME_ROLLED_BACK, 0, 1, 0, 0, 0},
    {"rollback_back", updated, 2, 3, 2, OUTCOME_ROLLED_BACK, 0, 1, 0, 0, 0},
    {"active_corrupt", active_corrupt, 1, 3, 3, OUTCOME_CONFIRMED, 0, 0, 0, 0,
     0},
    {"last_resort", only_unproven, 0, 2, 2, OUTCOME_ACTIVE_CORRUPT, 0, 0, 1, 0,
     0},
    {"last_resort_silent", only_unproven, 0, 2, 0, OUTCOME_NONE, 0, 1, 1, 0, 0},
    {"downgrade", factory_of_two, 2, 1, 1, OUTCOME_CONFIRMED, 0, 0, 0, 1, 0},
    {"downgrade_refused", factory_of_two, 2, 1, 2, OUTCOME_REJECTED, 0, 0, 0, 1,
     1},
};

/* ---- one device and what the test knows about it ---- */

struct world {
    const struct boot_ground *ground;
    const struct life *life;
    struct fake_flash *flash;
    uint8_t kept;    /* boot_confirm() of this version has succeeded */
    uint8_t pending; /* boot_confirm() of this one was cut: either may be */
    uint8_t starts;  /* of the trial since it was armed, by a reset */
    uint8_t power_starts;   /* and by power coming back */
    uint8_t armed;          /* trials that were requested with success */
    uint32_t floor;         /* highest seen; at most VERSIONS */
    enum boot_outcome told; /* to the server, the last one */
    bool over;
};

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

/* An image that is not good for anything moves no other. */
static void allow_bootloader(struct world *w)
{
    const struct boot_region *r = w->ground->moves;

    allow_record(w);
    for (uint32_t i = 0; i < BOOT_LIVES_MOVES && !w->life->foreign; i++)
        if (r[i].bytes > 0)
            fake_flash_allow(w->flash, r[i].off, r[i].bytes);
}

/* ---- the rule ---- */

static void check_trial(struct world *w, uint8_t version,
                        enum boot_reset_cause cause)
{
    cut_require(version == w->life->wants, "a trial of what was never armed");
    if (cause == RESET_POWER_ON && w->starts > 0)
        w->power_starts++;
    else
        w->starts++;
    cut_require(w->life->last_resort || (w->starts <= BOOT_TRIES &&
                                         w->power_starts <= BOOT_POWER_TRIES),
                "an unconfirmed image was started more often than allowed");
    w->pending = 0;
}

static void check_steady(struct world *w, uint8_t version)
{
    cut_require(version == w->kept || (version != 0 && version == w->pending),
                version == w->life->wants ? "an unconfirmed image runs for good"
                                          : "the confirmed image is lost");
    w->kept = version;
    w->pending = 0;
}

static void boot_check(struct world *w, const struct boot_choice *c,
                       enum boot_reset_cause cause)
{
    struct boot_status s;

    cut_require(c->boot == BOOT_YES, "nothing boots");
    cut_require(boot_status_load(fake_flash_port(w->flash), &s) == OTA_OK,
                "no status");
    cut_require(s.running == c->slot && s.inactive == slot_other(c->slot),
                "the record does not say which slot runs");
    cut_require((w->ground->runs_in & slot_bit(c->slot)) != 0,
                "an image runs in a slot that it is not linked for");
    cut_require(c->trial == (s.state == BOOT_TRIAL),
                "the record does not say whether this is a trial");
    cut_require(s.security_floor >= w->floor, "the floor went down");
    w->floor = s.security_floor;
    if (c->trial)
        check_trial(w, c->info.version.major, cause);
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

/* What the server sends. */
static const struct board_image *wanted(const struct life *life)
{
    const struct board_image *all = life->foreign ? foreign
                                    : life->level ? level
                                                  : images;

    return &all[life->wants - 1];
}

static bool slot_write(struct world *w, enum slot slot)
{
    const struct board_image *img = wanted(w->life);
    const struct port_flash *p = fake_flash_port(w->flash);
    bool ok = true;

    allow(w, slot_offset(slot), FLASH_SLOT_BYTES);
    for (uint32_t at = 0; at < img->len && ok; at += FLASH_SECTOR_BYTES)
        ok = p->erase(p->ctx, slot_offset(slot) + at) == OTA_OK;
    ok = ok &&
         p->write(p->ctx, slot_offset(slot), img->bytes, img->len) == OTA_OK;
    allow_record(w);
    return ok;
}

static void agent_install(struct world *w, enum slot inactive)
{
    const struct port_flash *p = fake_flash_port(w->flash);

    if (boot_slot_release(p) != OTA_OK || !slot_write(w, inactive))
        return;
    w->starts = w->power_starts = 0;
    if (boot_trial_request(p) == OTA_OK)
        w->armed++;
    else
        cut_require(fake_flash_dead(w->flash), "arming was refused");
    cut_require(w->armed <= 1, "a request was lost, and made again");
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

/* ---- lives ---- */

static void boot_once(void *world, enum boot_reset_cause cause)
{
    struct world *w = world;
    struct boot_choice c;

    allow_bootloader(w);
    c = board_reset(w->flash, cause);
    if (fake_flash_dead(w->flash))
        return;
    allow_record(w);
    boot_check(w, &c, cause);
    agent_run(w, &c);
}

static bool is_over(const void *world)
{
    return ((const struct world *)world)->over;
}

static void check_end(void *world)
{
    struct world *w = world;
    uint64_t ops = fake_flash_counts(w->flash).ops;
    struct boot_choice c = board_reset(w->flash, RESET_SOFTWARE);

    boot_check(w, &c, RESET_SOFTWARE);
    cut_require(fake_flash_counts(w->flash).ops == ops,
                "a plain boot writes to flash");
    cut_require(w->kept == w->life->ends, "the life ends in the wrong version");
    cut_require(w->told == w->life->told, "the server heard the wrong outcome");
}

static void boot_cut_anywhere_twice_keeps_the_rule(void **state)
{
    const struct life *life = *state;
    struct world w;
    struct cut_life all = {
        .name = life->name,
        .flash = board_new(),
        .world = &w,
        .world_bytes = sizeof w,
        .boot = boot_once,
        .is_over = is_over,
        .check_end = check_end,
    };

    memcpy(all.sectors, ground->sectors, sizeof all.sectors);
    memset(&w, 0, sizeof w);
    w.ground = ground;
    w.life = life;
    w.kept = life->has;
    w.flash = all.flash;
    fake_flash_allow_all(w.flash);
    life->prepare(all.flash);
    cut_sweep(&all, ground->second_every);
    fake_flash_free(all.flash);
}

static int setup(void **state)
{
    int failed = board_setup(state);

    for (uint32_t i = 0; i < VERSIONS; i++) {
        char version[] = "1.0.0";
        uint32_t bytes = ground->body_bytes[i];

        version[0] = (char)('1' + i);
        images[i] = board_image_of(version, i + 1, KEY_OLD, bytes);
        foreign[i] = board_image_of(version, i + 1, KEY_FOREIGN, bytes);
        level[i] = board_image_of(version, 0, KEY_OLD, bytes);
    }
    return failed;
}

/* Which file of boot/downgrade.h is linked? */
static bool policy_is_upwards(void)
{
    static const struct version LOWER = {.major = 0};
    static const struct boot_record ARMED = {
        .state = BOOT_ARMED, .active = SLOT_1, .tries_left = 1};
    struct fake_flash *f = board_new();
    struct board_image img;
    bool upwards;

    (void)board_setup(NULL);
    img = board_image("1.0.0", 0, KEY_OLD);
    board_load(f, SLOT_1, &img);
    upwards = downgrade_is_refused(&ARMED, SLOT_2, &LOWER, fake_flash_port(f));
    (void)board_teardown(NULL);
    fake_flash_free(f);
    return upwards;
}

int boot_lives_run(const struct boot_ground *on)
{
    enum { LIFE_COUNT = sizeof LIVES / sizeof LIVES[0] };
    const bool upwards = policy_is_upwards();
    struct CMUnitTest tests[LIFE_COUNT];
    size_t count = 0;

    ground = on;
    /* A bootloader of the other policy lives the lives that differ. */
    for (uint32_t i = 0; i < LIFE_COUNT; i++) {
        if (LIVES[i].upwards != upwards)
            continue;
        tests[count] = (struct CMUnitTest)cmocka_unit_test_prestate(
            boot_cut_anywhere_twice_keeps_the_rule, (void *)&LIVES[i]);
        tests[count++].name = LIVES[i].name;
    }
    return _cmocka_run_group_tests("lives", tests, count, setup,
                                   board_teardown);
}
