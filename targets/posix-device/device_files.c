/* device_files.c - read what makes a device itself: identity and trusted key.
 *
 * Start at device_identity_read(); the fields are its table.
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

#include "base/json.h"

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

/* Which characters a text may have. */
static bool is_alnum(char c)
{
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
           (c >= '0' && c <= '9');
}

static bool is_name_char(char c)
{
    return is_alnum(c) || (c != '\0' && strchr("._:@-", c) != NULL);
}

struct text_field {
    const char *name;
    size_t offset; /* in struct device_identity */
    size_t cap;    /* bytes there, with NUL */
    size_t least;  /* characters */
    bool (*may_have)(char c);
    const char *rule;
};

static const struct text_field TEXTS[] = {
    {"productKey", offsetof(struct device_identity, product_key),
     DEVICE_NAME_MAX, 1, is_alnum, "1 to 32 letters and digits"},
    {"deviceName", offsetof(struct device_identity, device_name),
     DEVICE_NAME_MAX, 1, is_name_char, "1 to 32 of A-Z a-z 0-9 . _ : @ -"},
    {"deviceSecret", offsetof(struct device_identity, device_secret),
     DEVICE_SECRET_MAX, 8, is_alnum, "8 to 64 letters and digits"},
    {"mqttHost", offsetof(struct device_identity, mqtt_host), DEVICE_HOST_MAX,
     1, is_name_char, "a host name or an address"},
};

struct port_field {
    const char *name;
    size_t offset;
};

static const struct port_field PORTS[] = {
    {"mqttPort", offsetof(struct device_identity, mqtt_port)},
    {"httpPort", offsetof(struct device_identity, http_port)},
};

static ota_err refuse_field(char why[DEVICE_WHY_MAX], const char *path,
                            const char *name, struct json v, const char *rule)
{
    (void)snprintf(why, DEVICE_WHY_MAX,
                   "%s: \"%s\" is %s: it must be %s; `tern device create ... "
                   "--identity FILE` writes such a file",
                   path, name, v.type == JSON_NONE ? "missing" : "wrong", rule);
    return OTA_ERR_SYNTAX;
}

static bool text_fits(const struct text_field *f, struct json v, char *out)
{
    if (v.type != JSON_STRING || json_text(v, out, f->cap) != OTA_OK)
        return false;
    for (const char *c = out; *c != '\0'; c++)
        if (!f->may_have(*c))
            return false;
    return strlen(out) >= f->least;
}

static ota_err fields_take(struct device_identity *out, struct json root,
                           const char *path, char why[DEVICE_WHY_MAX])
{
    char *base = (char *)out;

    for (size_t i = 0; i < sizeof TEXTS / sizeof TEXTS[0]; i++) {
        const struct text_field *f = &TEXTS[i];
        struct json v = json_get(root, f->name);
        if (!text_fits(f, v, base + f->offset))
            return refuse_field(why, path, f->name, v, f->rule);
    }
    for (size_t i = 0; i < sizeof PORTS / sizeof PORTS[0]; i++) {
        struct json v = json_get(root, PORTS[i].name);
        uint32_t n = 0;
        if (v.type != JSON_NUMBER || !json_u32(v, &n) || n == 0 ||
            n > UINT16_MAX)
            return refuse_field(why, path, PORTS[i].name, v,
                                "a number from 1 to 65535");
        const uint16_t port = (uint16_t)n;
        memcpy(base + PORTS[i].offset, &port, sizeof port);
    }
    return OTA_OK;
}

ota_err device_identity_read(struct device_identity *out, const char *path,
                             char why[DEVICE_WHY_MAX])
{
    char text[DEVICE_IDENTITY_FILE_MAX];
    struct json root;
    mode_t mode = 0;
    size_t len = 0;

    memset(out, 0, sizeof *out);
    ota_err e = file_read(path, text, sizeof text, &len, &mode);
    if (e == OTA_ERR_FULL)
        return refuse(why, e, path, "too large for an identity file");
    if (e != OTA_OK)
        return refuse(why, e, path, strerror(errno));
    e = json_check(&root, text, len);
    if (e != OTA_OK || root.type != JSON_OBJECT)
        return refuse(why, OTA_ERR_SYNTAX, path,
                      "not an identity file: it must be one JSON object, no "
                      "name in it twice");
    out->exposed = (mode & S_IROTH) != 0;
    return fields_take(out, root, path, why);
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
