/* flash_file.c - see flash_file.h.
 *
 * SPDX-License-Identifier: MIT
 */
#include "emu/flash_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "emu/why.h"

enum { TRIES = 10 }; /* to catch up with a file that is being replaced */

/* Opened and locked, and still the file that has this name? */
static bool still_named(int fd, const char *path)
{
    struct stat ours, named;

    return fstat(fd, &ours) == 0 && stat(path, &named) == 0 &&
           ours.st_dev == named.st_dev && ours.st_ino == named.st_ino;
}

static bool open_locked(struct flash_file *f, int flags, bool change,
                        struct board_why *why)
{
    for (int i = 0; i < TRIES; i++) {
        f->fd = open(f->path, flags | O_CLOEXEC, 0666);
        if (f->fd < 0)
            return why_not(why, "cannot open %s: %s", f->path, strerror(errno));
        if (change && flock(f->fd, LOCK_EX | LOCK_NB) != 0) {
            flash_file_close(f);
            return why_not(why,
                           "another board is using %s: end it first, or give "
                           "--no-save",
                           f->path);
        }
        if (!change || still_named(f->fd, f->path))
            return true;
        flash_file_close(f);
    }
    return why_not(why, "%s is being replaced all the time", f->path);
}

static bool read_all(int fd, uint8_t *dst, size_t len)
{
    while (len > 0) {
        ssize_t got = read(fd, dst, len);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return false;
        dst += got;
        len -= (size_t)got;
    }
    return true;
}

static bool write_all(int fd, const uint8_t *src, size_t len)
{
    while (len > 0) {
        ssize_t done = write(fd, src, len);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        src += done;
        len -= (size_t)done;
    }
    return true;
}

bool flash_file_open(struct flash_file *f, const char *file, bool change,
                     struct board *b, struct board_why *why)
{
    char real[PATH_MAX];
    struct stat s;

    f->fd = -1;
    /* A symbolic link stays one: what it points to is replaced. */
    if (!realpath(file, real)) {
        if (errno == ENOENT)
            return why_not(why,
                           "there is no flash file %s: `tern flash create %s` "
                           "makes a blank one",
                           file, file);
        return why_not(why, "cannot open %s: %s", file, strerror(errno));
    }
    (void)snprintf(f->path, sizeof f->path, "%s", real);
    if (!open_locked(f, change ? O_RDWR : O_RDONLY, change, why))
        return false;
    if (fstat(f->fd, &s) == 0 && s.st_size == BOARD_FLASH_BYTES &&
        read_all(f->fd, board_flash(b), BOARD_FLASH_BYTES))
        return true;
    flash_file_close(f);
    return why_not(why, "%s has %lld bytes; the flash of this board has %d",
                   file, (long long)s.st_size, BOARD_FLASH_BYTES);
}

bool flash_file_create(struct flash_file *f, const char *file,
                       struct board_why *why)
{
    char real[PATH_MAX];

    (void)snprintf(f->path, sizeof f->path, "%s",
                   realpath(file, real) ? real : file);
    return open_locked(f, O_RDWR | O_CREAT, true, why);
}

/* No fsync: this is about boards that are killed, not hosts that lose power. */
bool flash_file_save(struct flash_file *f, struct board *b,
                     struct board_why *why)
{
    char draft[sizeof f->path + 8];
    struct stat s;

    (void)snprintf(draft, sizeof draft, "%s.XXXXXX", f->path);
    int fd = mkostemp(draft, O_CLOEXEC);

    if (fd < 0)
        return why_not(why, "cannot save the flash beside %s: %s", f->path,
                       strerror(errno));
    if (fstat(f->fd, &s) == 0)
        (void)fchmod(fd, s.st_mode & 0777);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0 ||
        !write_all(fd, board_flash(b), BOARD_FLASH_BYTES) ||
        rename(draft, f->path) != 0) {
        int error = errno;
        close(fd);
        (void)unlink(draft);
        return why_not(why, "cannot save the flash to %s: %s", f->path,
                       strerror(error));
    }
    close(f->fd);
    f->fd = fd;
    return true;
}

void flash_file_close(struct flash_file *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}
