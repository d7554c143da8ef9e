/* boot_child.h - from reset to the first instruction of the application.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_BOOT_CHILD_H
#define TERN_BOOT_CHILD_H

#include "boot/boot_api.h"
#include "targets/posix-device/device_options.h"

enum {
    BOARD_EXIT_RESET = 64, /* the application asks for a software reset */
    BOARD_EXIT_JUMP = 126, /* the image is right, its body is no program here */
};

/* Run the boot core on the flash and become the program it chose. Does not
 * return.
 *
 * tell_fd  closed at exec. Gets one byte when nothing can run; so its reader
 *          can tell that from whatever exit code an application may have. */
_Noreturn void boot_child_run(const struct device_options *o,
                              enum boot_reset_cause cause, int tell_fd);

#endif
