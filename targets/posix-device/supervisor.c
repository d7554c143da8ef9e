/* supervisor.c - the board around the program: power, reset button, watchdog.
 *
 * Start at supervisor_run(): one turn of its loop is one boot. All signals are
 * blocked and taken one at a time where the board waits, so none is lost and
 * none interrupts.
 * Tests: test/system/test_device.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/posix-device/supervisor.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "port/posix/posix_clock.h"
#include "port/posix/posix_flash.h"
#include "targets/posix-device/boot_child.h"
#include "targets/posix-device/crash_limit.h"
#include "targets/posix-device/device_files.h"

enum ending {
    END_POWER_OFF,
    END_NOTHING_RUNS,
    END_SOFTWARE_RESET,
    END_BUTTON,
    END_CRASH,
};

struct board {
    const struct device_options *options;
    struct posix_flash flash; /* open only for its lock */
    struct crash_limit crashes;
    sigset_t signals; /* taken by wait_signal() */
    sigset_t before;  /* the mask the children get back */
    pid_t child;
    int told; /* the child's word that nothing can run; -1 between boots */
};

/* Everything a person can get wrong is said before the power comes on. */
static bool files_ok(struct board *b)
{
    const struct device_options *o = b->options;
    char why[DEVICE_WHY_MAX];
    struct device_identity identity;
    uint8_t point[P256_POINT_BYTES];

    b->flash.fd = -1;
    if (device_identity_read(&identity, o->identity, why) != OTA_OK ||
        device_key_read(point, o->key, why) != OTA_OK ||
        posix_flash_open(&b->flash, o->flash, why) != OTA_OK) {
        (void)fprintf(stderr, "tern-device: %s\n", why);
        return false;
    }
    if (posix_flash_lock(&b->flash) != OTA_OK) {
        (void)fprintf(stderr,
                      "tern-device: %s is in use by another device; stop that "
                      "one, or give this one a flash file of its own\n",
                      o->flash);
        return false;
    }
    if (identity.exposed)
        (void)fprintf(stderr,
                      "tern-device: warning: other users can read the device "
                      "secret in %s; `chmod 600` it\n",
                      o->identity);
    return true;
}

static void signals_begin(struct board *b)
{
    (void)sigemptyset(&b->signals);
    (void)sigaddset(&b->signals, SIGCHLD);
    (void)sigaddset(&b->signals, SIGINT);
    (void)sigaddset(&b->signals, SIGTERM);
    (void)sigaddset(&b->signals, SIGUSR1);
    /* If our parent ignored it, the kernel would reap children unseen. */
    (void)signal(SIGCHLD, SIG_DFL);
    (void)sigprocmask(SIG_BLOCK, &b->signals, &b->before);
}

enum { FOREVER_MS = -1 };

/* Wait for one of the board's signals.
 *
 * Returns its number; 0 if none came within wait_ms, or a stopped process was
 * continued: the caller waits in a loop. */
static int wait_signal(const struct board *b, int64_t wait_ms)
{
    const struct timespec t = {.tv_sec = wait_ms / 1000,
                               .tv_nsec = wait_ms % 1000 * 1000000};
    int s = sigtimedwait(&b->signals, NULL, wait_ms == FOREVER_MS ? NULL : &t);

    return s > 0 ? s : 0;
}

static _Noreturn void child_main(const struct board *b, pid_t parent,
                                 enum boot_reset_cause cause, int tell_fd)
{
    /* No power for the program when the board is gone. The parent may have
     * died before the wish was known: look again. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(DEVICE_EXIT_FAILED);
    /* Ctrl-C in a terminal is for the board; it cuts the program's power. */
    (void)setpgid(0, 0);
    close(b->flash.fd);
    (void)sigprocmask(SIG_SETMASK, &b->before, NULL);
    boot_child_run(b->options, cause, tell_fd);
}

static bool child_start(struct board *b, enum boot_reset_cause cause)
{
    pid_t parent = getpid();
    int ends[2];

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    b->child = fork();
    if (b->child == 0)
        child_main(b, parent, cause, ends[1]);
    close(ends[1]);
    b->told = ends[0];
    return b->child > 0;
}

/* Did the child say that nothing can run? Asked after its end. */
static bool child_told(struct board *b)
{
    char word;
    bool yes = read(b->told, &word, 1) == 1;

    close(b->told);
    b->told = -1;
    return yes;
}

static void child_cut_power(struct board *b)
{
    (void)kill(b->child, SIGKILL);
    while (waitpid(b->child, NULL, 0) < 0 && errno == EINTR)
        ; /* it is ours and was killed: its end is sure */
    (void)child_told(b);
}

static enum ending ending_of(struct board *b, int status)
{
    if (child_told(b)) {
        (void)printf(
            "board: nothing can run; the lines above say why. Put a signed "
            "image "
            "into a slot with `tern flash install %s --slot 1 IMAGE`\n",
            b->options->flash);
        return END_NOTHING_RUNS;
    }
    if (WIFEXITED(status) && WEXITSTATUS(status) == BOARD_EXIT_RESET) {
        (void)printf("board: software reset\n");
        return END_SOFTWARE_RESET;
    }
    if (WIFEXITED(status))
        (void)printf(
            "board: watchdog reset: the program ended with exit code %d\n",
            WEXITSTATUS(status));
    else
        (void)printf(
            "board: watchdog reset: the program died of signal %d (%s)\n",
            WTERMSIG(status), strsignal(WTERMSIG(status)));
    return END_CRASH;
}

/* Let the program run until it ends, or somebody touches the board. */
static enum ending run_until_end(struct board *b)
{
    for (;;) {
        int status, s = wait_signal(b, FOREVER_MS);
        if (s == SIGCHLD) {
            /* May be of an earlier child: then this one still runs. */
            if (waitpid(b->child, &status, WNOHANG) == b->child)
                return ending_of(b, status);
        } else if (s == SIGUSR1) {
            child_cut_power(b);
            (void)printf("board: reset button\n");
            return END_BUTTON;
        } else if (s != 0) { /* SIGTERM or SIGINT */
            child_cut_power(b);
            return END_POWER_OFF;
        }
    }
}

/* After a crash the board may have to wait, and can be touched meanwhile. */
static enum ending wait_after_crash(struct board *b)
{
    uint32_t wait_ms = crash_limit_note(&b->crashes, posix_monotonic_ms());
    const uint64_t end = posix_monotonic_ms() + wait_ms;

    if (wait_ms > 0)
        (void)printf("board: it crashes too often: waiting %u ms\n", wait_ms);
    for (uint64_t now; (now = posix_monotonic_ms()) < end;) {
        int s = wait_signal(b, (int64_t)(end - now));
        if (s == SIGUSR1) {
            (void)printf("board: reset button\n");
            return END_BUTTON;
        }
        if (s == SIGTERM || s == SIGINT)
            return END_POWER_OFF;
    }
    return END_CRASH;
}

static enum boot_reset_cause cause_of(enum ending e)
{
    switch (e) {
    case END_SOFTWARE_RESET:
        return RESET_SOFTWARE;
    case END_BUTTON:
        return RESET_PIN;
    case END_CRASH:
        return RESET_WATCHDOG;
    case END_POWER_OFF:
    case END_NOTHING_RUNS:
        break; /* no boot follows */
    }
    return RESET_POWER_ON;
}

int supervisor_run(const struct device_options *o)
{
    struct board b = {.options = o, .told = -1};
    enum boot_reset_cause cause = RESET_POWER_ON;

    if (!files_ok(&b)) {
        posix_flash_close(&b.flash);
        return DEVICE_EXIT_FAILED;
    }
    signals_begin(&b);
    /* Each line of the board leaves whole, and none waits in a buffer that a
     * child would inherit. */
    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    (void)printf("board: power on, flash %s\n", o->flash);
    for (;;) {
        if (!child_start(&b, cause)) {
            (void)printf("board: no process for the program: %s\n",
                         strerror(errno));
            return DEVICE_EXIT_FAILED;
        }
        enum ending e = run_until_end(&b);
        if (e == END_CRASH)
            e = wait_after_crash(&b);
        if (e == END_POWER_OFF) {
            (void)printf("board: power off\n");
            return DEVICE_EXIT_OK;
        }
        if (e == END_NOTHING_RUNS)
            return DEVICE_EXIT_FAILED;
        cause = cause_of(e);
    }
}
