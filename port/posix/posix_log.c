/* posix_log.c - lines on a file descriptor, stamped with the time since boot.
 *
 * Start at line(). Tests: test/unit/port_posix/test_posix_log.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_log.h"

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* What cannot be written is lost: a board goes on when nobody reads its
 * serial line. */
static void write_all(int fd, const char *bytes, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fd, bytes, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        bytes += n;
        len -= (size_t)n;
    }
}

static void make_printable(char *s)
{
    for (; *s != '\0'; s++)
        if ((unsigned char)*s < 0x20 || *s == 0x7f)
            *s = '?';
}

static void line(void *ctx, const char *text)
{
    static const char CUT[] = "...";
    const struct posix_log *l = ctx;
    uint32_t now = l->clock->now_ms(l->clock->ctx);
    char buf[POSIX_LOG_LINE_MAX];
    const size_t room =
        sizeof buf - 1; /* the line feed takes the NUL's place */

    int n = snprintf(buf, room, "[%u.%03u] %s", now / 1000u, now % 1000u, text);
    if (n < 0)
        return;
    size_t len = (size_t)n;
    if (len >= room) {
        len = room - 1;
        memcpy(buf + len - (sizeof CUT - 1), CUT, sizeof CUT);
    }
    make_printable(buf);
    buf[len] = '\n';
    write_all(l->fd, buf, len + 1);
}

void posix_log_init(struct posix_log *l, const struct port_clock *clock, int fd)
{
    l->clock = clock;
    l->fd = fd;
    l->port = (struct port_log){.ctx = l, .line = line};
}
