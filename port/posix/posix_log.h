/* posix_log.h - lines on a file descriptor, stamped with the time since boot.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_POSIX_LOG_H
#define TERN_POSIX_LOG_H

#include "port/port_clock.h"
#include "port/port_log.h"

enum { POSIX_LOG_LINE_MAX = 2048 }; /* bytes with stamp and line feed */

struct posix_log {
    struct port_log port;
    const struct port_clock *clock; /* borrowed */
    int fd;                         /* borrowed */
};

/* Lines look like `[21.888] text`. Each leaves in one write(), so lines of
 * several processes on one pipe do not mix; longer ones than
 * POSIX_LOG_LINE_MAX are cut and end in "...". Control characters become '?':
 * part of a line may come from the network, and a terminal obeys them. */
void posix_log_init(struct posix_log *l, const struct port_clock *clock,
                    int fd);

#endif
