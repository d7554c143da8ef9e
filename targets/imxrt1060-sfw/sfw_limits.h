/* sfw_limits.h - every limit of the demonstration firmware.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SFW_LIMITS_H
#define TERN_SFW_LIMITS_H

enum {
    /* From power-on to a reset if the loop stands still. In a trial the
     * bootloader has started the watchdog before, with its own time. */
    SFW_WATCHDOG_SECONDS = 30,
    SFW_TRIAL_MS = 20000,  /* unconfirmed for so long: go back */
    SFW_NETWORK_MS = 5000, /* the agent waits so long for an address */
    SFW_LINE_MAX = 160,
};
_Static_assert(SFW_TRIAL_MS < SFW_WATCHDOG_SECONDS * 1000,
               "a trial ends by itself, not by the watchdog");

#endif
