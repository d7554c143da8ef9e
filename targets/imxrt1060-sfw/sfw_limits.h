/* sfw_limits.h - every limit of the demonstration firmware.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SFW_LIMITS_H
#define TERN_SFW_LIMITS_H

enum {
    /* To a reset, if the loop stands still: longer than any task takes. In a
     * trial the bootloader has started the watchdog, with a longer time. */
    SFW_WATCHDOG_SECONDS = 8,
    SFW_TRIAL_MS = 20000,  /* unconfirmed for so long: go back */
    SFW_NETWORK_MS = 5000, /* the agent waits so long for an address */
    SFW_LINE_MAX = 160,
};
_Static_assert(SFW_WATCHDOG_SECONDS <= 128, "WDOG1 counts to 128 seconds");

#endif
