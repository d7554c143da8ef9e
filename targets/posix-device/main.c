/* main.c - tern-device: a board with NOR flash in one Linux process.
 *
 * What happens between power-on and power-off: supervisor.c. What happens at
 * each reset: boot_child.c. What runs in a slot: app_hello.c.
 *
 * SPDX-License-Identifier: MIT
 */
#include <signal.h>

#include "targets/posix-device/supervisor.h"

int main(int argc, char **argv)
{
    static struct device_options options; /* three paths: not for the stack */

    (void)signal(SIGPIPE, SIG_IGN); /* a board survives a closed console */
    device_options_parse(
        &options, argc, argv,
        "A device: the boot core verifies the images in the flash file and\n"
        "starts the program of one, until SIGTERM or SIGINT cut its power.\n"
        "SIGUSR1 is its reset button. Exit code 0: switched off; 1: nothing\n"
        "can run, or a file cannot be used; 2: wrong usage.\n");
    return supervisor_run(&options);
}
