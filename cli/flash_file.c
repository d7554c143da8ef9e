/* flash_file.c - see flash_file.h.
 *
 * Tests: test/system/test_cli.py
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/flash_file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "cli/image_build.h"

_Static_assert((int)POSIX_FLASH_BYTES == (int)FLASH_BYTES,
               "another flash than the map");
_Static_assert((int)POSIX_FLASH_SECTOR_BYTES == (int)FLASH_SECTOR_BYTES,
               "other sectors than the map");

static bool fill_blank(int fd)
{
    uint8_t sector[FLASH_SECTOR_BYTES];

    memset(sector, 0xff, sizeof sector);
    for (uint32_t at = 0; at < FLASH_BYTES; at += FLASH_SECTOR_BYTES) {
        ssize_t n = write(fd, sector, sizeof sector);
        if (n != (ssize_t)sizeof sector) {
            errno = n < 0 ? errno : ENOSPC;
            return false;
        }
    }
    return true;
}

bool flash_file_create(const char *path, struct why *why)
{
    /* 0600: a device's secret comes to lie in its flash. */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

    if (fd < 0 && errno == EEXIST) {
        why_set(why,
                "%s exists already and is not overwritten; remove it or "
                "choose another name",
                path);
        return false;
    }
    if (fd < 0) {
        why_set(why, "cannot create %s: %s", path, strerror(errno));
        return false;
    }
    bool ok = fill_blank(fd);
    int cause = errno;
    ok = close(fd) == 0 && ok;
    if (!ok) {
        flash_file_remove(path);
        why_set(why, "cannot write %s: %s", path, strerror(cause));
    }
    return ok;
}

void flash_file_remove(const char *path)
{
    (void)unlink(path);
}

bool flash_file_open(struct posix_flash *f, const char *path, struct why *why)
{
    char sentence[POSIX_FLASH_WHY_MAX];
    ota_err e = posix_flash_open(f, path, sentence);

    if (e != OTA_OK) {
        f->fd = -1;
        why_set(why, "%s", sentence);
        return false;
    }
    e = posix_flash_lock(f);
    if (e == OTA_ERR_EXISTS)
        why_set(why, "%s is in use by a running device; stop that first", path);
    else if (e != OTA_OK)
        why_set(why, "cannot lock %s: %s", path, ota_err_text(e));
    return e == OTA_OK;
}

static ota_err sector_write(const struct port_flash *f, uint32_t off,
                            const uint8_t *bytes, size_t len)
{
    uint8_t sector[FLASH_SECTOR_BYTES], back[FLASH_SECTOR_BYTES];

    memset(sector, 0xff, sizeof sector);
    memcpy(sector, bytes, len);
    ota_err e = f->erase(f->ctx, off);
    if (e == OTA_OK)
        e = f->write(f->ctx, off, sector, sizeof sector);
    if (e == OTA_OK)
        e = f->read(f->ctx, off, back, sizeof back);
    if (e == OTA_OK && memcmp(sector, back, sizeof sector) != 0)
        e = OTA_ERR_IO;
    explicit_bzero(sector, sizeof sector);
    explicit_bzero(back, sizeof back);
    return e;
}

bool flash_file_write(const struct port_flash *f, const char *path,
                      uint32_t off, const void *bytes, size_t len,
                      struct why *why)
{
    ota_err e = OTA_OK;

    for (size_t at = 0; e == OTA_OK && at < len; at += FLASH_SECTOR_BYTES) {
        size_t left = len - at;
        e = sector_write(f, off + (uint32_t)at, (const uint8_t *)bytes + at,
                         left < FLASH_SECTOR_BYTES ? left : FLASH_SECTOR_BYTES);
    }
    if (e != OTA_OK)
        why_set(why, "cannot write at 0x%x of %s: %s", (unsigned)off, path,
                ota_err_text(e));
    return e == OTA_OK;
}

bool flash_image_read(struct flash_image *out, const char *path,
                      struct why *why)
{
    enum image_why clause;

    if (!file_read(&out->file, path, IMAGE_BUILD_BODY_MAX, why))
        return false;
    const struct image_source source = image_memory_source(&out->file);
    if (image_parse(&out->info, &source, &clause) != OTA_OK)
        why_set(why,
                "%s is no image that a device could run: %s; "
                "`tern image sign` makes one",
                path, image_why_text(clause));
    else if (out->file.len > FLASH_SLOT_BYTES)
        why_set(why, "%s is %zu bytes and a slot has %d", path, out->file.len,
                FLASH_SLOT_BYTES);
    else
        return true;
    file_free(&out->file);
    return false;
}

bool flash_file_install(const struct port_flash *f, const char *path,
                        enum slot slot, const struct flash_image *image,
                        struct why *why)
{
    ota_err e = OTA_OK;

    for (uint32_t at = 0; e == OTA_OK && at < FLASH_SLOT_BYTES;
         at += FLASH_SECTOR_BYTES)
        e = f->erase(f->ctx, slot_offset(slot) + at);
    if (e != OTA_OK) {
        why_set(why, "cannot erase slot %d of %s: %s", (int)slot, path,
                ota_err_text(e));
        return false;
    }
    return flash_file_write(f, path, slot_offset(slot), image->file.bytes,
                            image->file.len, why);
}
