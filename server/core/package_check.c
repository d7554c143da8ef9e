/* package_check.c - read an image's header through a file.
 *
 * Tests: test/unit/server_core/test_package_check.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/package_check.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image/image.h"

static ota_err file_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    int fd = *(const int *)ctx;
    uint32_t have = 0;

    while (have < len) {
        ssize_t n =
            pread(fd, (char *)dst + have, len - have, (off_t)off + (off_t)have);

        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return OTA_ERR_IO;
        have += (uint32_t)n;
    }
    return OTA_OK;
}

static void describe(char image[MODEL_DESC_MAX], const struct image_info *i)
{
    char own[VERSION_TEXT_MAX], key[24] = "";

    version_format(&i->version, own);
    if (i->signature_type != 0)
        (void)snprintf(key, sizeof key, "%02x%02x%02x%02x", i->key_hash[0],
                       i->key_hash[1], i->key_hash[2], i->key_hash[3]);
    (void)snprintf(image, MODEL_DESC_MAX,
                   "MCUboot image %s, header 0x%x, body %u bytes, %s%s", own,
                   (unsigned)i->header_bytes, (unsigned)i->body_bytes,
                   key[0] ? "signed with key " : "not signed", key);
}

/* A remark, not a refusal: firmware may inform a version of its own and keep
 * another one in the header, as NXP's SFW does. Only a Tern agent goes by the
 * header. A package's version may be any text; only one that a header could
 * hold can contradict it. */
static void remark_version(char image[MODEL_DESC_MAX],
                           const struct image_info *i, const char *version)
{
    size_t len = strlen(image);
    struct version v;

    if (version_parse(&v, version, strlen(version)) == OTA_OK &&
        version_compare(&v, &i->version) != 0)
        (void)snprintf(image + len, MODEL_DESC_MAX - len,
                       "; the package says %s: a Tern agent will refuse it",
                       version);
}

ota_err package_check_file(int fd, uint32_t size_bytes, const char *version,
                           char image[MODEL_DESC_MAX])
{
    struct image_source src = {&fd, size_bytes, file_read};
    struct image_info info;
    enum image_why why;

    ota_err e = image_parse(&info, &src, &why);
    if (e == OTA_ERR_IO) {
        (void)snprintf(image, MODEL_DESC_MAX, "the file cannot be read");
        return e;
    }
    if (e == OTA_ERR_NOT_FOUND) {
        (void)snprintf(image, MODEL_DESC_MAX,
                       "no MCUboot image; kept as it is");
        return OTA_OK;
    }
    if (e != OTA_OK) {
        (void)snprintf(image, MODEL_DESC_MAX,
                       "the file is a damaged MCUboot image: %s",
                       image_why_text(why));
        return OTA_ERR_CORRUPT;
    }
    describe(image, &info);
    remark_version(image, &info, version);
    return OTA_OK;
}
