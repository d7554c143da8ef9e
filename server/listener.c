/* listener.c - TCP sockets that listen, before anybody serves them.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <unistd.h>

socklen_t listener_address(struct sockaddr_storage *out,
                           const struct address *a)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (inet_pton(AF_INET, a->host, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons(a->port);
        return sizeof *v4;
    }
    (void)inet_pton(AF_INET6, a->host, &v6->sin6_addr);
    v6->sin6_family = AF_INET6;
    v6->sin6_port = htons(a->port);
    return sizeof *v6;
}

static void port_learn(int fd, struct address *a)
{
    struct sockaddr_in6 s = {0}; /* its port lies where that of IPv4 does */
    socklen_t len = sizeof s;

    if (getsockname(fd, (struct sockaddr *)&s, &len) == 0)
        a->port = ntohs(s.sin6_port);
}

int listener_open(struct address *a, struct diag *why)
{
    const int on = 1;
    char text[64];
    struct sockaddr_storage s;
    socklen_t len = listener_address(&s, a);
    int fd = socket(s.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

    /* A port whose old connections are still fading away may be had again. */
    if (fd >= 0 &&
        setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (struct sockaddr *)&s, len) == 0 &&
        listen(fd, SOMAXCONN) == 0) {
        port_learn(fd, a);
        return fd;
    }
    address_format(text, a);
    diag_set(why, "cannot listen on %s: %s", text, strerror(errno));
    if (fd >= 0)
        close(fd);
    return -1;
}
