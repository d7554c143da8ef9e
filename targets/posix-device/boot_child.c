/* boot_child.c - from reset to the first instruction of the application.
 *
 * Start at boot_child_run(). The image is verified in the flash file, and its
 * body then copied from the same file to be executed. Nobody changes it in
 * between: the supervisor holds the file's lock, and whoever ignores the lock
 * runs as the same user and could replace this program as well.
 * Tests: test/system/test_device.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/posix-device/boot_child.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "boot/boot.h"
#include "port/posix/posix_clock.h"
#include "port/posix/posix_flash.h"
#include "port/posix/posix_log.h"
#include "targets/posix-device/device_files.h"

_Static_assert((int)POSIX_FLASH_BYTES == (int)FLASH_BYTES &&
                   (int)POSIX_FLASH_SECTOR_BYTES == (int)FLASH_SECTOR_BYTES,
               "the file stands in for this flash");

enum { COPY_BYTES = 4096 };

static _Noreturn void stop(int tell_fd)
{
    static const char NOTHING = 'n';

    if (write(tell_fd, &NOTHING, 1) != 1)
        _exit(BOARD_EXIT_JUMP); /* nobody is there to be told */
    _exit(DEVICE_EXIT_FAILED);
}

static void say(const struct port_log *log, const char *line)
{
    log->line(log->ctx, line);
}

static ota_err body_copy(int fd, const struct port_flash *f,
                         const struct boot_choice *c)
{
    uint32_t off = slot_offset(c->slot) + c->info.header_bytes;
    uint32_t left = c->info.body_bytes;
    uint8_t buf[COPY_BYTES];

    while (left > 0) {
        uint32_t n = left < sizeof buf ? left : (uint32_t)sizeof buf;
        ota_err e = f->read(f->ctx, off, buf, n);
        if (e != OTA_OK)
            return e;
        if (write(fd, buf, n) != (ssize_t)n) /* memory: all or nothing */
            return OTA_ERR_FULL;
        off += n;
        left -= n;
    }
    return OTA_OK;
}

/* Become the program in the chosen slot. Comes back only if that fails. */
static void jump(const struct device_options *o, const struct port_flash *f,
                 const struct boot_choice *c, const struct port_log *log)
{
    extern char **environ;
    char flash_path[PATH_MAX], identity_path[PATH_MAX], key_path[PATH_MAX];
    char app[] = "app", flash[] = "--flash", identity[] = "--identity",
         key[] = "--key";
    char *argv[] = {app,           flash, flash_path, identity,
                    identity_path, key,   key_path,   NULL};
    char line[160];

    memcpy(flash_path, o->flash, sizeof flash_path);
    memcpy(identity_path, o->identity, sizeof identity_path);
    memcpy(key_path, o->key, sizeof key_path);
    int fd = memfd_create("tern-app", MFD_CLOEXEC);
    if (fd < 0 || body_copy(fd, f, c) != OTA_OK) {
        say(log, "the image cannot be copied into memory");
        return;
    }
    fexecve(fd, argv, environ);
    (void)snprintf(line, sizeof line,
                   "slot %d is signed and whole, but its body is no program "
                   "for this machine: %s",
                   (int)c->slot, strerror(errno));
    say(log, line);
}

_Noreturn void boot_child_run(const struct device_options *o,
                              enum boot_reset_cause cause, int tell_fd)
{
    uint8_t points[1][P256_POINT_BYTES];
    const struct image_keys keys = {
        .points = (const uint8_t(*)[P256_POINT_BYTES])points,
        .count = 1,
    };
    char why[DEVICE_WHY_MAX];
    struct posix_clock clock;
    struct posix_flash flash;
    struct posix_log log;
    struct boot_report report = boot_words(&log.port);
    const struct boot_setup setup = {&flash.port, &keys, &report, NULL};
    struct boot_choice choice;

    posix_clock_init(&clock);
    posix_log_init(&log, &clock.port, STDOUT_FILENO);
    if (device_key_read(points[0], o->key, why) != OTA_OK ||
        posix_flash_open(&flash, o->flash, why) != OTA_OK) {
        say(&log.port, why);
        stop(tell_fd);
    }
    boot_choose(&choice, &setup, cause);
    if (choice.boot != BOOT_YES)
        stop(tell_fd);
    jump(o, &flash.port, &choice, &log.port);
    _exit(BOARD_EXIT_JUMP);
}
