/* port_log.h - where lines for a person go.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_PORT_LOG_H
#define TERN_PORT_LOG_H

struct port_log {
    void *ctx;
    /* One whole line without its line feed, NUL-terminated, borrowed. The port
     * adds the time since boot in front: [21.888]. */
    void (*line)(void *ctx, const char *line);
};

#endif
