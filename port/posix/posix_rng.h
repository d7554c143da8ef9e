/* posix_rng.h - random numbers from the kernel.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_RNG_H
#define TERN_POSIX_RNG_H

#include "port/port_rng.h"

/* Needs no state and no closing. Ends the process if the kernel has no random
 * numbers: a device must not go on with predictable ones. */
struct port_rng posix_rng(void);

#endif
