/* broker_run.c - a real mosquitto for one test, on a port the OS picked.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/unit/port_posix/broker_run.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

enum { START_MS = 20000, STEP_MS = 5, STARTS = 5 };

static struct sockaddr_in loopback(uint16_t port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static uint16_t free_port(void)
{
    struct sockaddr_in a = loopback(0);
    socklen_t len = sizeof a;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_int_equal(bind(fd, (const struct sockaddr *)&a, sizeof a), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&a, &len), 0);
    close(fd);
    return ntohs(a.sin_port);
}

static bool listens(uint16_t port)
{
    struct sockaddr_in a = loopback(port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool yes = connect(fd, (const struct sockaddr *)&a, sizeof a) == 0;

    close(fd);
    return yes;
}

static void config_write(const struct broker *b, const char *path,
                         bool anonymous)
{
    FILE *f = fopen(path, "w");

    assert_non_null(f);
    /* user root: run as whoever runs the test; mosquitto changes its user
     * only when started by root. */
    fprintf(f,
            "listener %u 127.0.0.1\nallow_anonymous %s\nuser root\n"
            "log_dest file %s/log\n",
            b->port, anonymous ? "true" : "false", b->dir);
    assert_int_equal(fclose(f), 0);
}

static void run(const char *config)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl("/usr/sbin/mosquitto", "mosquitto", "-c", config, (char *)NULL);
    _exit(127);
}

/* False if it ended, as it does when its port was taken in between. */
static bool comes_up(const struct broker *b)
{
    for (int ms = 0; ms < START_MS; ms += STEP_MS) {
        if (waitpid(b->pid, NULL, WNOHANG) == b->pid)
            return false;
        if (listens(b->port))
            return true;
        poll(NULL, 0, STEP_MS);
    }
    kill(b->pid, SIGKILL);
    waitpid(b->pid, NULL, 0);
    return false;
}

void broker_start(struct broker *b, bool anonymous)
{
    char config[96];

    (void)snprintf(b->dir, sizeof b->dir, "/tmp/tern-broker-XXXXXX");
    assert_non_null(mkdtemp(b->dir));
    (void)snprintf(config, sizeof config, "%s/conf", b->dir);
    for (int i = 0; i < STARTS; i++) {
        b->port = free_port();
        config_write(b, config, anonymous);
        b->pid = fork();
        if (b->pid == 0)
            run(config);
        assert_true(b->pid > 0);
        if (comes_up(b))
            return;
    }
    fail_msg("mosquitto does not start; see %s/log", b->dir);
}

void broker_stop(struct broker *b)
{
    static const char *const FILES[] = {"conf", "log"};
    char path[96];

    if (b->pid == 0)
        return;
    kill(b->pid, SIGKILL);
    waitpid(b->pid, NULL, 0);
    b->pid = 0;
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", b->dir, FILES[i]);
        unlink(path);
    }
    rmdir(b->dir);
}
