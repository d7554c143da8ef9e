/* sbl_limits.h - every limit of the bootloader's target.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_LIMITS_H
#define TERN_SBL_LIMITS_H

enum {
    /* From the start of a trial image to a reset by WDOG1, unless it services
     * it. Long enough to connect to a network, short enough for a person. */
    SBL_TRIAL_SECONDS = 30,
    SBL_WAIT_SECONDS = 120, /* nothing runs: so long between two attempts */
};
_Static_assert(SBL_TRIAL_SECONDS <= 128 && SBL_WAIT_SECONDS <= 128,
               "WDOG1 counts to 128 seconds");

#endif
