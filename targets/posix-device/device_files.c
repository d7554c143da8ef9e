/* device_files.c - read what makes a device itself: identity and trusted key.
 *
 * Start at device_identity_read(); the fields are in base/provision.c.
 * Tests: test/unit/targets_posix-device/test_device_files.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "targets/posix-device/device_files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static ota_err refuse(char why[DEVICE_WHY_MAX], ota_err e, const char *path,
                      const char *what)
{
    (void)snprintf(why, DEVICE_WHY_MAX, "%s: %s", path, what);
    return e;
}

/* Read a whole small file. *len is at most cap; a longer one is OTA_ERR_FULL.
 */
static ota_err file_read(const char *path, void *out, size_t cap, size_t *len,
                         mode_t *mode)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    ota_err e = OTA_ERR_IO;
    struct stat st;
    char beyond;

    if (fd < 0)
        return OTA_ERR_IO;
    if (fstat(fd, &st) != 0)
        goto out;
    *mode = st.st_mode;
    for (*len = 0; *len < cap;) {
        ssize_t n = read(fd, (char *)out + *len, cap - *len);
        if (n < 0 && errno != EINTR)
            goto out;
        if (n == 0)
            break;
        if (n > 0)
            *len += (size_t)n;
    }
    e = *len == cap && read(fd, &beyond, 1) > 0 ? OTA_ERR_FULL : OTA_OK;
out:
    close(fd); /* keeps errno when it succeeds, and it was only read from */
    return e;
}

ota_err device_identity_read(struct device_identity *out, const char *path,
                             char why[DEVICE_WHY_MAX])
{
    char text[DEVICE_IDENTITY_FILE_MAX];
    struct provision_why wrong;
    mode_t mode = 0;
    size_t len = 0;

    memset(out, 0, sizeof *out);
    ota_err e = file_read(path, text, sizeof text, &len, &mode);
    if (e == OTA_ERR_FULL)
        return refuse(why, e, path, "too large for an identity file");
    if (e != OTA_OK)
        return refuse(why, e, path, strerror(errno));
    out->exposed = (mode & S_IROTH) != 0;
    e = provision_from_json(&out->identity, text, len, &wrong);
    if (e != OTA_OK && !wrong.field)
        (void)snprintf(why, DEVICE_WHY_MAX,
                       "%s: not an identity file: it must be %s", path,
                       wrong.rule);
    else if (e != OTA_OK)
        (void)snprintf(why, DEVICE_WHY_MAX,
                       "%s: \"%s\" is %s: it must be %s; `tern device create "
                       "... --identity FILE` writes such a file",
                       path, wrong.field, wrong.missing ? "missing" : "wrong",
                       wrong.rule);
    return e;
}

ota_err device_key_read(uint8_t point[P256_POINT_BYTES], const char *path,
                        char why[DEVICE_WHY_MAX])
{
    mode_t mode = 0;
    size_t len = 0;

    ota_err e = file_read(path, point, P256_POINT_BYTES, &len, &mode);
    if (e == OTA_ERR_IO)
        return refuse(why, e, path, strerror(errno));
    if (e != OTA_OK || len != P256_POINT_BYTES || point[0] != 4)
        return refuse(why, OTA_ERR_SYNTAX, path,
                      "not a public key: it must be the 65 bytes that `tern "
                      "key show KEY --point FILE` writes");
    return OTA_OK;
}
