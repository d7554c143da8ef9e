/* cut_sweep.h - power is lost in every flash operation of a device's life, torn
 * in every way, and once more in every operation of the recovery.
 *
 * A test says what one boot does and what must hold; this loops. A failure
 * prints what replays it alone, as in
 *     LIFE=update CUT=5 TEAR=4 CUT2=3 TEAR2=1 build/dev/tests/boot_cut
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_CUT_SWEEP_H
#define TERN_TEST_CUT_SWEEP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "boot/boot_api.h"
#include "port/fake/fake_flash.h"

enum { CUT_SECTORS = 10, CUT_BOOTS_MAX = 100 };

/* A life, and the device that leads it. What happens next must depend on flash
 * and `world` alone, and `world` be plain bytes, cleared before it was filled:
 * two cuts that leave the same in both have the same future, which is walked
 * once. */
struct cut_life {
    const char *name;
    struct fake_flash *flash;
    uint32_t sectors[CUT_SECTORS]; /* that may change; 0 ends the list */
    void *world;
    size_t world_bytes;

    /* From one reset to the next, or to the cut. */
    void (*boot)(void *world, enum boot_reset_cause cause);
    bool (*is_over)(const void *world);
    void (*check_end)(void *world); /* power is on, no cut is planned */
};

/* Try all cuts of a life that begins now, or the one that the environment
 * names; prints how many. With SWEEP=all each second cut is tried; without,
 * one in second_every, spread evenly. Fails the test. */
void cut_sweep(const struct cut_life *life, uint32_t second_every);

/* Fail the test unless ok: what, and how to see it again. */
void cut_require(bool ok, const char *what);

#endif
