/* supervisor.h - the board around the program: power, reset button, watchdog.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SUPERVISOR_H
#define TERN_SUPERVISOR_H

#include "targets/posix-device/device_options.h"

/* Switch the board on and keep it running until it is switched off (SIGTERM,
 * SIGINT) or nothing can run. SIGUSR1 is its reset button. Blocks these
 * signals and SIGCHLD for the rest of the process.
 *
 * Returns an exit code: DEVICE_EXIT_OK switched off, DEVICE_EXIT_FAILED nothing
 *         can run, or a file is unusable (a sentence says which and why). */
int supervisor_run(const struct device_options *o);

#endif
