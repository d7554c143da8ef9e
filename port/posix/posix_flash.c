/* posix_flash.c - a file that behaves as a NOR flash.
 *
 * Start at posix_flash_open(). Tests: test/unit/port_posix/test_posix_flash.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/posix/posix_flash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PAGE_BYTES = 256 }; /* written at once, as a NOR page is */

static bool inside(uint32_t off, uint32_t len)
{
    return off <= POSIX_FLASH_BYTES && len <= POSIX_FLASH_BYTES - off;
}

static bool read_all(int fd, uint32_t off, uint8_t *dst, size_t len)
{
    while (len > 0) {
        ssize_t n = pread(fd, dst, len, (off_t)off);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        dst += n;
        off += (uint32_t)n;
        len -= (size_t)n;
    }
    return true;
}

static bool write_all(int fd, uint32_t off, const uint8_t *src, size_t len)
{
    while (len > 0) {
        ssize_t n = pwrite(fd, src, len, (off_t)off);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return false;
        src += n;
        off += (uint32_t)n;
        len -= (size_t)n;
    }
    return true;
}

static ota_err flash_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct posix_flash *f = ctx;

    if (!inside(off, len))
        return OTA_ERR_RANGE;
    return read_all(f->fd, off, dst, len) ? OTA_OK : OTA_ERR_IO;
}

/* Page by page, so that a kill in the middle leaves whole pages behind, as a
 * reset does. */
static ota_err flash_write(void *ctx, uint32_t off, const void *src,
                           uint32_t len)
{
    const struct posix_flash *f = ctx;
    const uint8_t *from = src;

    if (!inside(off, len) || off % POSIX_FLASH_WRITE_BYTES != 0 ||
        len % POSIX_FLASH_WRITE_BYTES != 0)
        return OTA_ERR_RANGE;
    while (len > 0) {
        uint8_t page[PAGE_BYTES];
        uint32_t n = PAGE_BYTES - off % PAGE_BYTES;
        if (n > len)
            n = len;
        if (!read_all(f->fd, off, page, n))
            return OTA_ERR_IO;
        for (uint32_t i = 0; i < n; i++)
            page[i] &= from[i]; /* programming clears bits, never sets them */
        if (!write_all(f->fd, off, page, n))
            return OTA_ERR_IO;
        off += n;
        from += n;
        len -= n;
    }
    return OTA_OK;
}

static ota_err flash_erase(void *ctx, uint32_t off)
{
    const struct posix_flash *f = ctx;
    uint8_t blank[POSIX_FLASH_SECTOR_BYTES];

    if (!inside(off, POSIX_FLASH_SECTOR_BYTES) ||
        off % POSIX_FLASH_SECTOR_BYTES != 0)
        return OTA_ERR_RANGE;
    memset(blank, 0xff, sizeof blank);
    return write_all(f->fd, off, blank, sizeof blank) ? OTA_OK : OTA_ERR_IO;
}

static ota_err refuse_open(const char *path, char why[POSIX_FLASH_WHY_MAX])
{
    int cause = errno;

    (void)snprintf(
        why, POSIX_FLASH_WHY_MAX, "flash file %s cannot be opened: %s%s", path,
        strerror(cause),
        cause == ENOENT ? "; make one with `tern flash create`" : "");
    if (cause == ENOENT)
        return OTA_ERR_NOT_FOUND;
    return cause == EACCES || cause == EROFS ? OTA_ERR_DENIED : OTA_ERR_IO;
}

static ota_err check_size(int fd, const char *path,
                          char why[POSIX_FLASH_WHY_MAX])
{
    struct stat st;

    if (fstat(fd, &st) != 0) {
        (void)snprintf(why, POSIX_FLASH_WHY_MAX,
                       "flash file %s cannot be examined: %s", path,
                       strerror(errno));
        return OTA_ERR_IO;
    }
    if (S_ISREG(st.st_mode) && st.st_size == POSIX_FLASH_BYTES)
        return OTA_OK;
    (void)snprintf(why, POSIX_FLASH_WHY_MAX,
                   "%s is not a flash file: it must be a regular file of "
                   "%d bytes, and has %lld; make one with `tern flash create`",
                   path, POSIX_FLASH_BYTES, (long long)st.st_size);
    return OTA_ERR_CORRUPT;
}

ota_err posix_flash_open(struct posix_flash *f, const char *path,
                         char why[POSIX_FLASH_WHY_MAX])
{
    f->fd = -1;
    /* O_NONBLOCK: a FIFO of this name must not make us wait for a writer. */
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
    if (fd < 0)
        return refuse_open(path, why);
    ota_err e = check_size(fd, path, why);
    if (e != OTA_OK) {
        close(fd);
        return e;
    }
    f->fd = fd;
    f->port = (struct port_flash){
        .ctx = f,
        .size_bytes = POSIX_FLASH_BYTES,
        .erase_bytes = POSIX_FLASH_SECTOR_BYTES,
        .write_bytes = POSIX_FLASH_WRITE_BYTES,
        .read = flash_read,
        .write = flash_write,
        .erase = flash_erase,
    };
    return OTA_OK;
}

void posix_flash_close(struct posix_flash *f)
{
    if (f->fd >= 0)
        close(f->fd);
    f->fd = -1;
}

ota_err posix_flash_lock(const struct posix_flash *f)
{
    if (flock(f->fd, LOCK_EX | LOCK_NB) == 0)
        return OTA_OK;
    return errno == EWOULDBLOCK ? OTA_ERR_EXISTS : OTA_ERR_IO;
}
