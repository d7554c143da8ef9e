/* device_probe.c - a program for a slot. Says where it runs, then does what
 * the first letter of the file named by PROBE_TODO wants, and takes the letter
 * away:
 *
 *   r  ask for a software reset     c  crash
 *   1  end with exit code 1         k  confirm, then stay
 *   (none)  stay until the power is cut
 *
 * SPDX-License-Identifier: MIT
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "boot/boot_api.h"
#include "port/posix/posix_flash.h"
#include "targets/posix-device/device_options.h"

static char letter_take(void)
{
    char letters[64] = "";
    FILE *f = fopen(getenv("PROBE_TODO"), "r+");

    if (f == NULL)
        return '\0';
    size_t n = fread(letters, 1, sizeof letters - 1, f);
    rewind(f);
    if (n == 0 || ftruncate(fileno(f), 0) != 0 ||
        fwrite(letters + 1, 1, n - 1, f) != n - 1)
        letters[0] = '\0';
    (void)fclose(f);
    return letters[0];
}

static int act(char letter, const struct port_flash *flash)
{
    switch (letter) {
    case 'r':
        return 64;
    case '1':
        return 1;
    case 'c':
        raise(SIGKILL); /* as a fault, but without a core file */
        return 0;
    case 'k':
        if (boot_confirm(flash) == OTA_OK)
            puts("probe: confirmed");
        break;
    default:
        break;
    }
    for (;;)
        pause();
}

int main(int argc, char **argv)
{
    static struct device_options options;
    static char why[POSIX_FLASH_WHY_MAX];
    static struct posix_flash flash;
    struct boot_status status;

    (void)setvbuf(stdout, NULL, _IOLBF, BUFSIZ);
    device_options_parse(&options, argc, argv, "");
    printf("probe: %s %s %s %s\n", argv[0], options.flash, options.identity,
           options.key);
    if (posix_flash_open(&flash, options.flash, why) != OTA_OK ||
        boot_status_load(&flash.port, &status) != OTA_OK)
        return 2;
    printf("probe: runs in slot %d, pid %ld\n", (int)status.running,
           (long)getpid());
    return act(letter_take(), &flash.port);
}
