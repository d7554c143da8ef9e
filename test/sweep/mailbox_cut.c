/* mailbox_cut.c - firmware built with NXP's SFW above our bootloader: power is
 * lost in every flash operation of either, torn in every way, and once more in
 * the recovery; and the trailer holds garbage in every byte.
 *
 * The firmware is test/support/sfw_flags.c: it knows its position, erases and
 * writes the other slot, arms, resets, confirms where it finds its type. After
 * each reset boot_check() holds the bootloader to the rule of boot_cut.c, and
 * the trailer to what SFW must find.
 *
 * Start at boot_once(). Replay: LIFE=ten CUT=5 TEAR=4 CUT2=3 TEAR2=1
 * build/dev/tests/mailbox_cut; SWEEP=all tries every second cut.
 *
 * SPDX-License-Identifier: MIT
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot_limits.h"
#include "test/support/boot_board.h"
#include "test/support/cut_sweep.h"
#include "test/support/sfw_flags.h"

enum {
    VERSIONS = 11,
    STILL_ON_TRIAL = 0, /* how a life may end */
    TRIAL_BOOTS = 5,    /* of a trial that never ends */
    PUSHES = 2,         /* of an update that cannot succeed */
    TRAILER = FLASH_NXP_FLAGS + FLASH_SECTOR_BYTES - NXP_TRAILER_BYTES,
};

/* ---- lives ---- */

struct life {
    const char *name;
    void (*prepare)(struct fake_flash *f);
    uint8_t has;   /* the version that is confirmed at first */
    uint8_t wants; /* the server pushes one version after the other up to it */
    uint8_t ends;  /* the version that is confirmed at last */
    uint8_t type;  /* enum sfw_type; 0: SFW_ALIYUN */
    uint8_t candidate; /* the version that was armed before Tern's first boot */
    bool pauses;  /* a reset comes between a confirmation and the next push */
    bool foreign; /* version 2 has a foreign signature */
    bool silent;  /* version 2 never confirms */
    bool installs_in_trial; /* version 2, in its first start: defect W5 */
    bool api_odd; /* odd versions use boot_api.h, even ones the trailer */
    uint8_t second_every;
};

/* Images by version; [0] is version 1. */
static struct board_image images[VERSIONS], foreign;

static void factory(struct fake_flash *f)
{
    board_load(f, SLOT_1, &images[0]);
}

/* What the trailer of a device may hold before Tern's first boot. */
static void garbage(struct fake_flash *f)
{
    factory(f);
    for (uint32_t i = 0; i < NXP_TRAILER_BYTES; i++)
        fake_flash_bytes(f)[TRAILER + i] = (uint8_t)(0x35 * i + 1);
}

/* Slot 1 is damaged, slot 2 was never confirmed, nobody named a type. */
static void last_resort(struct fake_flash *f)
{
    factory(f);
    board_spoil(f, SLOT_1);
    board_load(f, SLOT_2, &images[1]);
}

/* ---- devices that NXP's SBL has run so far ---- */

static void trailer_put(struct fake_flash *f, enum slot position, uint8_t ok,
                        bool magic)
{
    uint8_t *t = fake_flash_bytes(f) + TRAILER;

    t[0] = (uint8_t)position;
    t[8] = ok;
    if (magic)
        sfw_arm(fake_flash_port(f), SFW_ALIYUN);
}

/* 1 is confirmed in this slot, 2 lies in the other one. */
static void nxp_slots(struct fake_flash *f, enum slot one)
{
    board_load(f, one, &images[0]);
    board_load(f, slot_other(one), &images[1]);
}

static void nxp_confirmed(struct fake_flash *f)
{
    nxp_slots(f, SLOT_1);
    trailer_put(f, SLOT_2, 0xff, false);
    sfw_write_image_ok(fake_flash_port(f));
}

static void nxp_armed_in_1(struct fake_flash *f)
{
    nxp_slots(f, SLOT_1);
    trailer_put(f, SLOT_1, 0xff, true);
}

static void nxp_armed_in_2(struct fake_flash *f)
{
    nxp_slots(f, SLOT_2);
    trailer_put(f, SLOT_2, 0xff, true);
}

static void nxp_trial_in_1(struct fake_flash *f)
{
    nxp_slots(f, SLOT_2);
    trailer_put(f, SLOT_1, 4, true);
}

static void nxp_trial_in_2(struct fake_flash *f)
{
    nxp_slots(f, SLOT_1);
    trailer_put(f, SLOT_2, 4, true);
}

/* What NXP's SBL would start for good after a torn write of its flags. */
static void nxp_trial_torn(struct fake_flash *f)
{
    nxp_slots(f, SLOT_1);
    trailer_put(f, SLOT_2, 4, false);
}

static void nxp_trial_foreign(struct fake_flash *f)
{
    nxp_trial_in_2(f);
    board_load(f, SLOT_2, &foreign);
}

static const struct life LIVES[] = {
    /* clang-format off */
    {.name = "first_boot", .prepare = factory, .has = 1, .wants = 1, .ends = 1},
    {.name = "update", .prepare = factory, .has = 1, .wants = 2, .ends = 2},
    {.name = "garbage", .prepare = garbage, .has = 1, .wants = 2, .ends = 2},
    {.name = "three", .prepare = factory, .has = 1, .wants = 4, .ends = 4,
     .second_every = 4},
    {.name = "three_pauses", .prepare = factory, .has = 1, .wants = 4,
     .ends = 4, .pauses = true, .second_every = 4},
    {.name = "three_aws", .prepare = factory, .has = 1, .wants = 4, .ends = 4,
     .type = SFW_AWS, .second_every = 4},
    {.name = "ten", .prepare = factory, .has = 1, .wants = 11, .ends = 11,
     .second_every = 40},
    {.name = "ten_pauses", .prepare = factory, .has = 1, .wants = 11,
     .ends = 11, .pauses = true, .second_every = 40},
    {.name = "rejection", .prepare = factory, .has = 1, .wants = 2, .ends = 1,
     .foreign = true},
    {.name = "rollback", .prepare = factory, .has = 1, .wants = 2, .ends = 1,
     .silent = true},
    {.name = "arm_in_trial", .prepare = factory, .has = 1, .wants = 3,
     .ends = 3, .installs_in_trial = true, .second_every = 2},
    {.name = "arm_in_trial_silent", .prepare = factory, .has = 1, .wants = 3,
     .ends = STILL_ON_TRIAL, .installs_in_trial = true, .silent = true},
    {.name = "last_resort", .prepare = last_resort, .has = 0, .wants = 3,
     .ends = 3},
    {.name = "mixed", .prepare = factory, .has = 1, .wants = 4, .ends = 4,
     .api_odd = true, .second_every = 4},
    {.name = "nxp_confirmed", .prepare = nxp_confirmed, .has = 2, .wants = 3,
     .ends = 3},
    {.name = "nxp_armed_in_1", .prepare = nxp_armed_in_1, .has = 1,
     .candidate = 2, .wants = 2, .ends = 2},
    {.name = "nxp_armed_in_2", .prepare = nxp_armed_in_2, .has = 1,
     .candidate = 2, .wants = 3, .ends = 3},
    {.name = "nxp_trial_in_1", .prepare = nxp_trial_in_1, .has = 1,
     .candidate = 2, .wants = 3, .ends = 3},
    {.name = "nxp_trial_in_2", .prepare = nxp_trial_in_2, .has = 1,
     .candidate = 2, .wants = 2, .ends = 2},
    {.name = "nxp_trial_torn", .prepare = nxp_trial_torn, .has = 1,
     .candidate = 2, .wants = 2, .ends = 2},
    {.name = "nxp_trial_silent", .prepare = nxp_trial_in_2, .has = 1,
     .candidate = 2, .wants = 2, .ends = 1, .silent = true},
    {.name = "nxp_trial_foreign", .prepare = nxp_trial_foreign, .has = 1,
     .candidate = 2, .wants = 2, .ends = 1, .foreign = true},
    /* clang-format on */
};

static enum sfw_type type_of(const struct life *l)
{
    return l->type == 0 ? SFW_ALIYUN : (enum sfw_type)l->type;
}

/* ---- one device and what the test knows about it ---- */

struct world {
    const struct life *life;
    struct fake_flash *flash;
    uint8_t kept;         /* write_image_ok() of this version has ended */
    uint8_t pending;      /* that of this one was cut: either may be */
    uint8_t candidate;    /* the version that was being armed last */
    uint8_t starts;       /* of the candidate, by a reset */
    uint8_t power_starts; /* and by power coming back */
    uint8_t armed;        /* how often the candidate was, with success */
    bool orphan;          /* the firmware may have erased what was confirmed */
    bool type_is_garbage; /* SFW will not recognise its own update */
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
    allow(w, FLASH_BOOT_RECORD, 3 * FLASH_SECTOR_BYTES);
}

/* ---- the rule ---- */

/* No confirmed image is left, through no fault of the bootloader. */
static bool is_orphan(const struct world *w)
{
    return w->orphan || w->kept == 0;
}

static void check_trial(struct world *w, uint8_t version,
                        enum boot_reset_cause cause)
{
    cut_require(version == w->candidate || is_orphan(w),
                "a trial of what was never armed");
    if (cause == RESET_POWER_ON && w->starts > 0)
        w->power_starts++;
    else
        w->starts++;
    cut_require(is_orphan(w) || (w->starts <= BOOT_TRIES &&
                                 w->power_starts <= BOOT_POWER_TRIES),
                "an unconfirmed image was started more often than allowed");
    w->pending = 0;
}

static void check_steady(struct world *w, uint8_t version)
{
    cut_require(version == w->kept || (version != 0 && version == w->pending),
                version == w->candidate ? "an unconfirmed image runs for good"
                                        : "the confirmed image is lost");
    w->kept = version;
    w->pending = 0;
    w->orphan = false;
}

static void check_trailer(const struct world *w, const struct boot_choice *c)
{
    const struct port_flash *p = fake_flash_port(w->flash);

    cut_require(sfw_position(p) == c->slot,
                "the firmware is told another slot");
    cut_require(sfw_ota_status(p) == (c->trial ? 1 : 0),
                "the firmware is not told whether it is on trial");
    cut_require(w->type_is_garbage ||
                    sfw_confirms(p, type_of(w->life)) == c->trial,
                "the firmware confirms where it must not, or does not");
}

static void boot_check(struct world *w, const struct boot_choice *c,
                       enum boot_reset_cause cause)
{
    struct boot_status s;

    cut_require(c->boot == BOOT_YES, "nothing boots");
    cut_require(boot_status_load(fake_flash_port(w->flash), &s) == OTA_OK,
                "no status");
    cut_require(s.running == c->slot && c->trial == (s.state == BOOT_TRIAL),
                "the record does not say what runs");
    check_trailer(w, c);
    if (c->trial)
        check_trial(w, c->info.version.major, cause);
    else
        check_steady(w, c->info.version.major);
}

/* ---- the firmware; each false is the end of this run of it ---- */

static bool uses_api(const struct world *w, uint8_t version)
{
    return w->life->api_odd && version % 2 == 1;
}

static bool app_confirm(struct world *w, uint8_t version)
{
    const struct port_flash *p = fake_flash_port(w->flash);

    w->pending = version;
    if (uses_api(w, version))
        cut_require(boot_confirm(p) == OTA_OK || fake_flash_dead(w->flash),
                    "the API does not confirm");
    else
        sfw_write_image_ok(p);
    if (fake_flash_dead(w->flash))
        return false;
    w->kept = version;
    w->pending = 0;
    w->orphan = false;
    return true;
}

static void slot_write(struct world *w, enum slot slot, uint8_t version)
{
    const struct board_image *img =
        w->life->foreign && version == 2 ? &foreign : &images[version - 1];
    const struct port_flash *p = fake_flash_port(w->flash);

    allow(w, slot_offset(slot), FLASH_SLOT_BYTES);
    (void)!p->erase(p->ctx, slot_offset(slot));
    (void)!p->write(p->ctx, slot_offset(slot), img->bytes, img->len);
    allow_record(w);
}

static void app_install(struct world *w, uint8_t running, uint8_t version)
{
    const struct port_flash *p = fake_flash_port(w->flash);
    uint8_t position = sfw_position(p);
    bool api = uses_api(w, running);

    cut_require(position == 1 || position == 2, "no position to install by");
    if (api && boot_slot_release(p) != OTA_OK)
        return;
    slot_write(w, position == 1 ? SLOT_2 : SLOT_1, version);
    if (fake_flash_dead(w->flash))
        return;
    if (version != w->candidate)
        w->armed = 0;
    if (!w->orphan)
        w->starts = w->power_starts = 0;
    w->candidate = version;
    if (!api)
        sfw_arm(p, type_of(w->life));
    else if (boot_trial_request(p) != OTA_OK)
        return;
    if (!fake_flash_dead(w->flash))
        w->armed++;
}

/* An update that can succeed does, at the first try, whatever the power does;
 * but for the one that firmware asks for in its own trial. */
static void check_pushes(const struct world *w, uint8_t version)
{
    bool hopeless = w->life->silent || w->life->foreign;

    cut_require(hopeless || w->life->installs_in_trial || w->armed == 0 ||
                    version != w->candidate,
                "an update that was armed has been lost");
}

/* false: the trial goes on, or ends, with the next reset. */
static bool app_on_trial(struct world *w, uint8_t version)
{
    const struct life *l = w->life;

    if (l->installs_in_trial && version == 2 && w->starts == 1 &&
        w->power_starts == 0 && !w->orphan) {
        w->orphan = true;
        app_install(w, version, 3);
        return false;
    }
    if (l->silent) {
        w->over = w->starts >= TRIAL_BOOTS;
        return false;
    }
    return app_confirm(w, version) && !l->pauses;
}

static void app_run(struct world *w, const struct boot_choice *c)
{
    uint8_t version = c->info.version.major;

    if (c->trial && !app_on_trial(w, version))
        return;
    if (version == w->life->wants ||
        (version + 1 == w->candidate && w->armed >= PUSHES)) {
        w->over = !c->trial; /* its confirmation is taken at the next reset */
        return;
    }
    check_pushes(w, (uint8_t)(version + 1));
    app_install(w, version, (uint8_t)(version + 1));
}

/* ---- lives, cut and not ---- */

static void boot_once(void *world, enum boot_reset_cause cause)
{
    struct world *w = world;
    struct boot_choice c;

    allow_record(w);
    c = board_reset(w->flash, cause);
    if (fake_flash_dead(w->flash))
        return;
    boot_check(w, &c, cause);
    app_run(w, &c);
}

static bool is_over(const void *world)
{
    return ((const struct world *)world)->over;
}

static void check_end(void *world)
{
    struct world *w = world;
    uint64_t ops = fake_flash_counts(w->flash).ops;
    struct boot_choice c;

    c = board_reset(w->flash, RESET_SOFTWARE);
    boot_check(w, &c, RESET_SOFTWARE);
    cut_require(fake_flash_counts(w->flash).ops == ops,
                "a plain boot writes to flash");
    cut_require(w->life->ends == STILL_ON_TRIAL || w->kept == w->life->ends,
                "the life ends in the wrong version");
}

static struct world world_new(const struct life *life)
{
    struct world w;

    memset(&w, 0, sizeof w);
    w.life = life;
    w.kept = life->has;
    w.candidate = life->candidate;
    w.armed = life->candidate != 0;
    w.flash = board_new();
    board_mailbox(w.flash);
    life->prepare(w.flash);
    return w;
}

static void mailbox_cut_anywhere_twice_keeps_the_rule(void **state)
{
    const struct life *life = *state;
    struct world w = world_new(life);
    struct cut_life all = {
        .name = life->name,
        .flash = w.flash,
        .sectors = {FLASH_BOOT_RECORD, FLASH_BOOT_RECORD + FLASH_SECTOR_BYTES,
                    FLASH_NXP_FLAGS, FLASH_SLOT_1, FLASH_SLOT_2},
        .world = &w,
        .world_bytes = sizeof w,
        .boot = boot_once,
        .is_over = is_over,
        .check_end = check_end,
    };

    cut_sweep(&all, life->second_every == 0 ? 1 : life->second_every);
    fake_flash_free(w.flash);
}

/* ---- garbage ---- */

/* What the trailer may be in the middle of. */
enum stage { STEADY, ARMED, TRIAL, CONFIRMED, CONFIRMED_ARMED, STAGES };

/* An update from version 1 to 2, up to this stage; the next is the reset. */
static void reach(struct world *w, enum stage stage)
{
    const struct port_flash *p = fake_flash_port(w->flash);

    boot_once(w, RESET_POWER_ON); /* installs version 2 and arms it */
    if (stage == STEADY)
        (void)board_reset(w->flash, RESET_POWER_ON);
    if (stage > ARMED)
        cut_require(board_reset(w->flash, RESET_SOFTWARE).trial, "no trial");
    if (stage >= CONFIRMED)
        sfw_write_image_ok(p);
    if (stage == CONFIRMED_ARMED)
        sfw_arm(p, SFW_ALIYUN);
    if (stage == STEADY) { /* the trial ends, version 1 runs */
        (void)board_reset(w->flash, RESET_WATCHDOG);
        (void)board_reset(w->flash, RESET_SOFTWARE);
    }
    w->pending = stage >= CONFIRMED ? 2 : 0;
    w->candidate = stage == CONFIRMED_ARMED ? 1 : 2;
}

/* A reset with this trailer; version 1 stays confirmed, or 2 is if it said so
 * before the byte changed. */
static void garbage_check(const struct world *reached, uint32_t at,
                          uint8_t value)
{
    struct world w = *reached;
    struct boot_choice c;
    uint64_t ops;

    w.type_is_garbage = at == 4;
    fake_flash_bytes(w.flash)[TRAILER + at] = value;
    for (uint32_t boot = 0; boot < 3; boot++) {
        c = board_reset(w.flash, RESET_SOFTWARE);
        boot_check(&w, &c, RESET_SOFTWARE);
    }
    cut_require(!c.trial, "a trial does not end");
    ops = fake_flash_counts(w.flash).ops;
    (void)board_reset(w.flash, RESET_SOFTWARE);
    cut_require(fake_flash_counts(w.flash).ops == ops,
                "a plain boot writes to flash");
}

static void mailbox_garbage_in_any_byte_changes_nothing_that_counts(
    void **state)
{
    enum { BYTES = 3 * FLASH_SECTOR_BYTES };
    static uint8_t before[BYTES];

    (void)state;
    for (int stage = STEADY; stage < STAGES; stage++) {
        struct world w = world_new(&LIVES[1]);
        uint8_t *record = fake_flash_bytes(w.flash) + FLASH_BOOT_RECORD;

        reach(&w, (enum stage)stage);
        memcpy(before, record, BYTES);
        for (uint32_t at = 0; at < NXP_TRAILER_BYTES; at++)
            for (uint32_t value = 0; value < 256; value++) {
                memcpy(record, before, BYTES);
                garbage_check(&w, at, (uint8_t)value);
            }
        fake_flash_free(w.flash);
    }
    printf("garbage: %d trailers\n", STAGES * NXP_TRAILER_BYTES * 256);
}

static int setup(void **state)
{
    int failed = board_setup(state);

    for (uint32_t i = 0; i < VERSIONS; i++) {
        char version[] = "10.0.0";

        version[1] = (char)('0' + (i + 1) % 10);
        images[i] =
            board_image(i + 1 < 10 ? version + 1 : version, i + 1, KEY_OLD);
    }
    foreign = board_image("2.0.0", 2, KEY_FOREIGN);
    return failed;
}

int main(void)
{
    enum { LIFE_COUNT = sizeof LIVES / sizeof LIVES[0] };
    struct CMUnitTest tests[LIFE_COUNT + 1];

    for (uint32_t i = 0; i < LIFE_COUNT; i++) {
        tests[i] = (struct CMUnitTest)cmocka_unit_test_prestate(
            mailbox_cut_anywhere_twice_keeps_the_rule, (void *)&LIVES[i]);
        tests[i].name = LIVES[i].name;
    }
    tests[LIFE_COUNT] = (struct CMUnitTest)cmocka_unit_test(
        mailbox_garbage_in_any_byte_changes_nothing_that_counts);
    return cmocka_run_group_tests(tests, setup, board_teardown);
}
