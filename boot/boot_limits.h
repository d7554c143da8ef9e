/* boot_limits.h - every limit of the boot core.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_LIMITS_H
#define TERN_BOOT_LIMITS_H

enum {
    BOOT_TRIES = 1,        /* starts that a new image gets to confirm itself */
    BOOT_POWER_TRIES = 3,  /* and further ones, each for a loss of power */
    BOOT_TRIES_MAX = 15,   /* of each; a record with more is damaged */
    BOOT_FLASH_TRIES = 3,  /* a read or write that fails may succeed again */
    BOOT_COPY_BYTES = 256, /* boot_place_swap.c: two of them on the stack */
    BOOT_LINE_MAX = 160,   /* one log line with its NUL; on the stack */
};
_Static_assert(BOOT_TRIES >= 1 && BOOT_TRIES <= BOOT_TRIES_MAX,
               "a trial needs at least one start");
_Static_assert(BOOT_TRIES + BOOT_POWER_TRIES <= BOOT_TRIES_MAX,
               "starts that are given back must fit the record");

#endif
