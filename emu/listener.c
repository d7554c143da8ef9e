/* listener.c - see listener.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

enum { FLAGS = SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK };

int listener_tcp(uint16_t *port, struct board_why *why)
{
    int fd = socket(AF_INET, FLAGS, 0), on = 1;
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(*port)};
    socklen_t len = sizeof at;

    at.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    (void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(fd, 1) != 0 || getsockname(fd, (struct sockaddr *)&at, &len)) {
        (void)snprintf(why->text, sizeof why->text,
                       "cannot listen on 127.0.0.1:%u: %s", *port,
                       strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    *port = ntohs(at.sin_port);
    return fd;
}

static void remove_stale(const struct sockaddr_un *at)
{
    struct stat s;
    int probe = socket(AF_UNIX, FLAGS, 0);

    if (probe >= 0 && lstat(at->sun_path, &s) == 0 && S_ISSOCK(s.st_mode) &&
        connect(probe, (const struct sockaddr *)at, sizeof *at) != 0 &&
        errno == ECONNREFUSED)
        (void)unlink(at->sun_path);
    if (probe >= 0)
        close(probe);
}

int listener_unix(const char *path, struct board_why *why)
{
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    int fd;

    if (strlen(path) >= sizeof at.sun_path) {
        (void)snprintf(why->text, sizeof why->text,
                       "a socket's path has at most %zu bytes: '%.100s'",
                       sizeof at.sun_path - 1, path);
        return -1;
    }
    memcpy(at.sun_path, path, strlen(path));
    remove_stale(&at);
    fd = socket(AF_UNIX, FLAGS, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&at, sizeof at) != 0 ||
        listen(fd, 1) != 0) {
        (void)snprintf(why->text, sizeof why->text, "cannot listen at %s: %s",
                       path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return -1;
    }
    return fd;
}

int listener_accept(int listener)
{
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    int on = 1;

    if (fd >= 0) /* fails on a unix socket, which has no delay */
        (void)setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    return fd;
}
