/* uart_sink.c - see uart_sink.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/uart_sink.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "emu/listener.h"

enum { KEPT_BYTES = 65536 };

struct uart_sink {
    int in, out;  /* -1: none (any more) */
    int listener; /* -1: not a socket */
    uint16_t port;
    bool is_terminal, is_live;
    const char *unix_path; /* to remove at the end; borrowed */
    uint8_t last;
    size_t first, used; /* of the ring */
    uint8_t kept[KEPT_BYTES];
};

static bool open_here(struct uart_sink *u)
{
    u->in = STDIN_FILENO;
    u->out = STDOUT_FILENO;
    u->is_terminal = isatty(STDIN_FILENO);
    u->is_live = isatty(STDIN_FILENO) || isatty(STDOUT_FILENO);
    return true;
}

static bool open_file(struct uart_sink *u, const char *file,
                      struct board_why *why)
{
    u->out = open(file, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (u->out < 0)
        (void)snprintf(why->text, sizeof why->text,
                       "cannot write the console to %s: %s", file,
                       strerror(errno));
    return u->out >= 0;
}

static bool open_unix(struct uart_sink *u, const char *path,
                      struct board_why *why)
{
    u->listener = listener_unix(path, why);
    u->is_live = true;
    if (u->listener >= 0)
        u->unix_path = path;
    return u->listener >= 0;
}

static bool open_tcp(struct uart_sink *u, const char *port,
                     struct board_why *why)
{
    char *end;
    unsigned long number = strtoul(port, &end, 10);

    u->is_live = true;
    if (*port < '0' || *port > '9' || *end || number > UINT16_MAX) {
        (void)snprintf(why->text, sizeof why->text,
                       "--uart tcp:%.40s: that is no port", port);
        return false;
    }
    u->port = (uint16_t)number;
    u->listener = listener_tcp(&u->port, why);
    return u->listener >= 0;
}

struct uart_sink *uart_sink_open(const char *where, struct board_why *why)
{
    struct uart_sink *u = calloc(1, sizeof *u);
    bool ok;

    if (!u) {
        (void)snprintf(why->text, sizeof why->text, "no memory");
        return NULL;
    }
    u->in = u->out = u->listener = -1;
    u->last = '\n';
    if (strcmp(where, "-") == 0)
        ok = open_here(u);
    else if (strncmp(where, "unix:", 5) == 0)
        ok = open_unix(u, where + 5, why);
    else if (strncmp(where, "tcp:", 4) == 0)
        ok = open_tcp(u, where + 4, why);
    else
        ok = open_file(u, where, why);
    if (!ok) {
        uart_sink_close(u);
        return NULL;
    }
    return u;
}

static void hang_up(struct uart_sink *u)
{
    if (u->listener < 0)
        return;
    if (u->out >= 0)
        close(u->out);
    u->in = u->out = -1;
}

void uart_sink_close(struct uart_sink *u)
{
    if (!u)
        return;
    uart_sink_flush(u);
    hang_up(u);
    if (u->out > STDERR_FILENO)
        close(u->out);
    if (u->listener >= 0)
        close(u->listener);
    if (u->unix_path)
        (void)unlink(u->unix_path);
    free(u);
}

static void meet_peer(struct uart_sink *u)
{
    if (u->listener >= 0 && u->out < 0)
        u->in = u->out = listener_accept(u->listener);
}

void uart_sink_put(struct uart_sink *u, uint8_t byte)
{
    if (u->used == KEPT_BYTES)
        uart_sink_flush(u);
    if (u->used == KEPT_BYTES) { /* nobody takes it: the oldest goes */
        u->first = (u->first + 1) % KEPT_BYTES;
        u->used--;
    }
    u->kept[(u->first + u->used++) % KEPT_BYTES] = byte;
    u->last = byte;
}

static ssize_t send_some(const struct uart_sink *u, const void *at, size_t len)
{
    if (u->listener >= 0)
        return send(u->out, at, len, MSG_NOSIGNAL);
    return write(u->out, at, len);
}

void uart_sink_flush(struct uart_sink *u)
{
    meet_peer(u);
    while (u->used > 0 && u->out >= 0) {
        size_t len = KEPT_BYTES - u->first;
        ssize_t done =
            send_some(u, u->kept + u->first, len < u->used ? len : u->used);
        if (done < 0 && errno == EINTR)
            continue;
        if (done < 0 && errno == EAGAIN)
            return;
        if (done <= 0) {
            hang_up(u);
            if (u->listener < 0)
                u->out = -1; /* the pipe's reader has gone */
            return;
        }
        u->first = (u->first + (size_t)done) % KEPT_BYTES;
        u->used -= (size_t)done;
    }
}

size_t uart_sink_get(struct uart_sink *u, uint8_t *bytes, size_t cap)
{
    struct pollfd p;

    meet_peer(u);
    p = (struct pollfd){.fd = u->in, .events = POLLIN};
    if (u->in < 0 || poll(&p, 1, 0) <= 0)
        return 0;
    ssize_t got = read(u->in, bytes, cap);

    if (got > 0)
        return (size_t)got;
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return 0;
    if (u->listener >= 0)
        hang_up(u);
    u->in = -1;
    return 0;
}

struct pollfd uart_sink_poll(const struct uart_sink *u)
{
    int fd = u->listener >= 0 && u->in < 0 ? u->listener : u->in;

    return (struct pollfd){.fd = fd, .events = POLLIN};
}

bool uart_sink_is_terminal(const struct uart_sink *u)
{
    return u->is_terminal;
}

bool uart_sink_is_live(const struct uart_sink *u)
{
    return u->is_live;
}

bool uart_sink_in_line(const struct uart_sink *u)
{
    return u->last != '\n';
}

uint16_t uart_sink_port(const struct uart_sink *u)
{
    return u->port;
}
