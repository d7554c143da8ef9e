/* boot_lives.h - the lives of devices that the sweeps of the boot core cut:
 * first boot, updates, rejections, rollbacks, damaged slots. The same for every
 * way in which an image gets to where it runs.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_TEST_BOOT_LIVES_H
#define TERN_TEST_BOOT_LIVES_H

#include "test/support/cut_sweep.h"

enum { BOOT_LIVES_VERSIONS = 4, BOOT_LIVES_MOVES = 3 };

struct boot_region {
    uint32_t off, bytes;
};

/* What the lives are led on. */
struct boot_ground {
    uint32_t body_bytes[BOOT_LIVES_VERSIONS]; /* of the images, by version */
    uint32_t sectors[CUT_SECTORS]; /* all that may change; 0 ends the list */
    struct boot_region moves[BOOT_LIVES_MOVES]; /* that the bootloader may
                                                   change besides the record */
    uint8_t runs_in;                            /* slots, as slot_bit()s */
    uint32_t second_every;                      /* as for cut_sweep() */
};

/* A test program's main(): all lives, each a test of its own. */
int boot_lives_run(const struct boot_ground *on);

#endif
