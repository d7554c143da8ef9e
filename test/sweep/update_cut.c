/* update_cut.c - power cuts in one whole update, 1.3.0 to 1.4.0.
 *
 * The real boot core and the real agent run an update on a fake flash. Power is
 * cut in every flash operation of it, torn in every way the fake flash knows;
 * then power returns and the device goes on. In a second pass a second cut
 * falls into the recovery from the first.
 *
 * After each cut: something always boots; it is the old confirmed or the new
 * image, and once the server heard the new version it is the new one; the
 * update ends with 1.4.0 confirmed and reported; the journal never promised
 * bytes that are not there, and a cut costs no more than the bytes since its
 * last mark. That nothing else in the flash was touched is watched by the fake
 * flash, which aborts.
 *
 * The task never fails: a cut costs time and bytes, not the update. All of it
 * holds on parts that remap and, with boot_place_swap.c in the program, on
 * those that do not: the agent is the same.
 *
 * CUT=17 TEAR=2 [SECOND=5] replays one; RIG_LOG=1 shows the device's console.
 * SWEEP=all cuts each operation of an exchange too.
 *
 * SPDX-License-Identifier: MIT
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "boot/boot_place.h"
#include "test/support/agent_rig.h"

enum {
    BODY_BYTES = 70000, /* two journal marks and a piece that is not whole */
    LIMIT_MS = 3600 * 1000,
    /* Since the last mark, and what was on its way. */
    COST_BYTES =
        AGENT_MARK_SECTORS * FLASH_SECTOR_BYTES + 2 * AGENT_PIECE_BYTES,
};

static struct rig_image *old_image, *new_image;
static uint32_t failures;
static uint64_t refetched_bytes;

struct cut {
    uint64_t at;
    enum fake_tear tear;
    uint64_t second; /* operations after the first cut; 0: none */
};

static bool fail(const struct cut *c, const char *what)
{
    printf("CUT=%" PRIu64 " TEAR=%d SECOND=%" PRIu64 ": %s\n", c->at, c->tear,
           c->second, what);
    failures++;
    return false;
}

static bool is_over(const struct rig *r)
{
    return r->server.succeeded || r->server.failures > 0;
}

/* Where 1.4.0 runs; 1.3.0 does in slot 1. */
static enum slot new_slot(void)
{
    return BOOT_PLACES == slot_bit(SLOT_1) ? SLOT_1 : SLOT_2;
}

/* The bytes that would run are those of a version that may. */
static bool check_boot(const struct rig *r, const struct cut *c)
{
    const struct version *v = &r->choice.info.version;
    bool is_new = v->major == 1 && v->minor == 4;

    if (r->choice.boot != BOOT_YES)
        return fail(c, "nothing boots");
    if (!is_new && !(v->major == 1 && v->minor == 3))
        return fail(c, "an unknown version boots");
    if (r->choice.slot != (is_new ? new_slot() : SLOT_1))
        return fail(c, "a version boots from the other one's slot");
    if (r->server.succeeded && (!is_new || r->choice.trial))
        return fail(c, "the confirmed 1.4.0 was lost");
    return true;
}

/* One power-on until the next reset, cut or the end. */
static bool one_life(struct rig *r, const struct cut *c,
                     enum boot_reset_cause cause)
{
    bool begun = rig_boot(r, cause);

    if (fake_flash_dead(r->flash))
        return true;
    if (!check_boot(r, c))
        return false;
    if (!begun)
        return fail(c, "the agent does not begin");
    rig_run_until(r, is_over, LIMIT_MS / 10);
    if (r->server.failures > 0)
        return fail(c, r->server.failure);
    return true;
}

/* Life after life until 1.4.0 is confirmed and known. */
static bool live_on(struct rig *r, const struct cut *c)
{
    uint64_t second = c->second;

    for (int lives = 0; lives < 20; lives++) {
        enum boot_reset_cause cause = RESET_SOFTWARE;

        if (fake_flash_dead(r->flash)) {
            fake_flash_power_on(r->flash);
            fake_flash_cut(r->flash, second, c->tear, (uint32_t)c->at);
            second = 0;
            cause = RESET_POWER_ON;
        }
        if (!one_life(r, c, cause))
            return false;
        if (r->server.succeeded && !fake_flash_dead(r->flash))
            return true;
    }
    return fail(c, "the update does not end");
}

/* What is left when all is done. */
static bool check_end(struct rig *r, const struct cut *c)
{
    struct boot_status s;

    fake_flash_power_on(r->flash);
    if (!rig_boot(r, RESET_POWER_ON) || !check_boot(r, c))
        return fail(c, "does not boot after the update");
    if (boot_status_load(fake_flash_port(r->flash), &s) != OTA_OK ||
        s.state != BOOT_STEADY || s.running != new_slot())
        return fail(c, "1.4.0 is not confirmed");
    if (memcmp(fake_flash_bytes(r->flash) + slot_offset(s.running),
               new_image->bytes, new_image->len) != 0)
        return fail(c, "the slot differs from the image");
    return true;
}

static void check_cost(const struct rig *r, const struct cut *c, uint32_t cuts)
{
    uint64_t again = r->net.body_bytes - new_image->len;

    refetched_bytes += again;
    if (rig_has_logged(r, "start over"))
        fail(c, "the journal promised bytes that are not there");
    if (again > (uint64_t)cuts * COST_BYTES)
        fail(c, "more was fetched again than since the last mark");
}

/* Version 1.3.0 runs in slot 1; slot 2 is full of an older firmware. */
static struct rig *device_new(void)
{
    struct rig *r = rig_new(old_image);

    memset(fake_flash_bytes(r->flash) + FLASH_SLOT_2, 0x5a, FLASH_SLOT_BYTES);
    rig_task(r, new_image, "1.4.0");
    return r;
}

/* Returns false when the cut lies behind the update's last operation. */
static bool try_cut(const struct cut *c)
{
    struct rig *r = device_new();
    bool was_cut;

    fake_flash_cut(r->flash, c->at, c->tear, (uint32_t)c->at);
    if (live_on(r, c))
        check_end(r, c);
    check_cost(r, c, c->second > 0 ? 2 : 1);
    was_cut = fake_flash_counts(r->flash).ops >= c->at;
    rig_free(r);
    return was_cut;
}

/* Operations of an update without a cut. */
static uint64_t count_operations(void)
{
    struct rig *r = device_new();
    struct cut none = {0};
    uint64_t ops;

    if (live_on(r, &none))
        check_end(r, &none);
    ops = fake_flash_counts(r->flash).ops;
    rig_free(r);
    return ops;
}

static uint64_t sweep(uint64_t ops, uint64_t every, uint64_t second_of)
{
    uint64_t cuts = 0;

    for (uint64_t at = 1; at <= ops; at += every)
        for (int tear = 0; tear < TEAR_COUNT; tear++) {
            struct cut c = {at, (enum fake_tear)tear, 0};
            if (second_of) /* spread over the recovery, the same every run */
                c.second =
                    1 + (at * 7919 + (uint64_t)tear * 104729) % second_of;
            if (!try_cut(&c))
                fail(&c, "the cut did not happen");
            cuts++;
        }
    return cuts;
}

static uint64_t env(const char *name)
{
    const char *v = getenv(name);
    return v ? strtoull(v, NULL, 10) : 0;
}

static void sweep_all(void)
{
    uint64_t ops = count_operations();
    const char *all = getenv("SWEEP");
    /* An exchange has four times the operations of all the rest, and
     * swap_cut.c for its own: here one in 13 will do. */
    bool few = new_slot() == SLOT_1 && (!all || strcmp(all, "all") != 0);
    uint64_t every = few ? 13 : 1;
    uint64_t once = sweep(ops, every, 0);
    uint64_t twice = sweep(ops, every, 16) + sweep(ops, 2 * every, ops);

    printf("%s: %" PRIu64 " cuts (%s of %" PRIu64 " operations), %" PRIu64
           " of them with a second one in the recovery; %" PRIu64
           " bytes fetched again for all\n",
           new_slot() == SLOT_1 ? "swap" : "remap", once + twice,
           few ? "one in 13" : "each", ops, twice, refetched_bytes);
}

int main(void)
{
    rig_keys_new();
    old_image = rig_image_new("1.3.0", 2000, false);
    new_image = rig_image_new("1.4.0", BODY_BYTES, false);

    if (env("CUT")) {
        struct cut c = {env("CUT"), (enum fake_tear)env("TEAR"), env("SECOND")};
        try_cut(&c);
    } else {
        sweep_all();
    }
    free(old_image);
    free(new_image);
    rig_keys_free();
    printf("%" PRIu32 " failures\n", failures);
    return failures == 0 ? 0 : 1;
}
