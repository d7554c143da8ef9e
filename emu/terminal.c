/* terminal.c - see terminal.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/terminal.h"

#include <signal.h>
#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum { CTRL_A = 0x01 };

/* Exit handlers and signal handlers can learn only from globals what the
 * terminal was like. */
static struct termios before;
static volatile sig_atomic_t raw_fd = -1;

void terminal_restore(void)
{
    int fd = (int)raw_fd;

    raw_fd = -1;
    if (fd >= 0)
        (void)tcsetattr(fd, TCSANOW, &before);
}

static void restore_and_die(int number)
{
    terminal_restore();
    (void)signal(number, SIG_DFL);
    (void)raise(number);
}

static void restore_on_deadly_signals(void)
{
    static const int DEADLY[] = {SIGABRT, SIGBUS,  SIGFPE,
                                 SIGILL,  SIGSEGV, SIGQUIT};
    struct sigaction action = {.sa_handler = restore_and_die};

    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof DEADLY / sizeof DEADLY[0]; i++)
        (void)sigaction(DEADLY[i], &action, NULL);
}

bool terminal_raw(int fd)
{
    struct termios raw;

    if (!isatty(fd) || tcgetattr(fd, &before) != 0)
        return false;
    raw = before;
    raw.c_iflag &= ~(tcflag_t)(BRKINT | ICRNL | INLCR | IGNCR | ISTRIP | IXON);
    raw.c_lflag &= ~(tcflag_t)(ECHO | ICANON | IEXTEN | ISIG);
    raw.c_cc[VMIN] = 1;
    raw.c_cc[VTIME] = 0;
    /* Output processing stays on, so that a bare LF starts a new line. */
    (void)atexit(terminal_restore);
    restore_on_deadly_signals();
    raw_fd = fd;
    (void)tcsetattr(fd, TCSANOW, &raw);
    return true;
}

enum terminal_key terminal_key(struct terminal_keys *k, uint8_t byte)
{
    if (!k->escaped) {
        k->escaped = byte == CTRL_A;
        return k->escaped ? TERMINAL_NOTHING : TERMINAL_BYTE;
    }
    k->escaped = false;
    switch (byte) {
    case CTRL_A:
        return TERMINAL_BYTE;
    case 'x':
        return TERMINAL_LEAVE;
    case 'r':
        return TERMINAL_RESET;
    case 'p':
        return TERMINAL_CUT;
    case 'h':
    case '?':
        return TERMINAL_HELP;
    default:
        return TERMINAL_NOTHING;
    }
}
