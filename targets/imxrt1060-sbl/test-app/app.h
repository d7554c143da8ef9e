/* app.h - a test application of the bootloader: app_main.c with one file that
 * says what the application is.
 *
 *   r  reset        h  hang        q  leave the emulator, by semihosting
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_SBL_TEST_APP_H
#define TERN_SBL_TEST_APP_H

#include "port/port_flash.h"
#include "port/port_log.h"

enum { APP_LINE_MAX = 160 };

struct app {
    struct port_flash flash;
    struct port_log log;
};

void app_say(const struct app *a, const char *line);

/* The application's own: its first line, all other letters, and what it does
 * all the time. */
void app_hello(const struct app *a);
void app_obey(const struct app *a, char command);
void app_idle(void);

#endif
