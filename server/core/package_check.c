/* package_check.c - read an image through a file, and say what was found.
 *
 * Start at package_check_file(). Each check writes one struct check; the first
 * that failed decides. Tests: test/unit/server_core/test_package_check.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/package_check.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "image/image_verify.h"
#include "server/core/checks.h"
#include "server/core/release_keys.h"

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

/* --- one look at a file ----------------------------------------------------
 */

struct look {
    const struct package *package;
    const struct product *product;
    struct image_verdict verdict; /* with the product's keys */
    struct check checks[CHECKS];
    size_t count;
    ota_err error; /* of the first check that failed */
};

static void note(struct look *l, enum check_name name, enum check_state state,
                 const char *format, ...) __attribute__((format(printf, 4, 5)));

static void note(struct look *l, enum check_name name, enum check_state state,
                 const char *format, ...)
{
    struct check *c = &l->checks[l->count++];
    va_list args;

    c->name = name;
    c->state = state;
    va_start(args, format);
    check_say(c, format, args);
    va_end(args);
}

static void fail(struct look *l, ota_err e)
{
    if (l->error == OTA_OK)
        l->error = e;
}

static void key_text(char out[9], const uint8_t hash[SHA256_BYTES])
{
    (void)snprintf(out, 9, "%02x%02x%02x%02x", hash[0], hash[1], hash[2],
                   hash[3]);
}

/* Firmware may inform a version of its own and keep another one in the header,
 * as NXP's SFW does: a warning, no refusal. Only a Tern agent goes by the
 * header. A package's version may be any text; only one that a header could
 * hold can contradict it. */
static void version_look(struct look *l)
{
    const char *asked = l->package->version;
    char own[VERSION_TEXT_MAX];
    struct version v;

    version_format(&l->verdict.info.version, own);
    if (version_parse(&v, asked, strlen(asked)) != OTA_OK)
        note(l, CHECK_VERSION, CHECK_SKIPPED,
             "The header says %s; %s is no version that a header can hold", own,
             asked);
    else if (version_compare(&v, &l->verdict.info.version) == 0)
        note(l, CHECK_VERSION, CHECK_OK, "The header says %s as well", own);
    else
        note(l, CHECK_VERSION, CHECK_WARNING,
             "The header says %s and the package %s: a Tern agent will refuse "
             "it",
             own, asked);
}

static void signature_look(struct look *l)
{
    const struct image_verdict *v = &l->verdict;
    bool has_keys = l->product->release_keys[0] != '\0';
    char key[9];

    key_text(key, v->info.key_hash);
    if (v->error == OTA_ERR_CORRUPT) {
        note(l, CHECK_SIGNATURE, CHECK_SKIPPED,
             "The content is not what was signed");
    } else if (v->boot == BOOT_YES) {
        note(l, CHECK_SIGNATURE, CHECK_OK, "Signed with release key %s", key);
    } else if (has_keys) {
        if (v->info.signature_bytes == 0)
            note(l, CHECK_SIGNATURE, CHECK_FAILED,
                 "Not signed: sign it with a release key of the product");
        else if (v->why == WHY_KEY_UNKNOWN)
            note(l, CHECK_SIGNATURE, CHECK_FAILED,
                 "Signed with the foreign key %s: sign it with a release key "
                 "of the product, or add that key to the product",
                 key);
        else
            note(l, CHECK_SIGNATURE, CHECK_FAILED,
                 "The signature does not match: build and sign it again");
        fail(l, OTA_ERR_SIGNATURE);
    } else if (v->info.signature_bytes == 0) {
        note(l, CHECK_SIGNATURE, CHECK_WARNING,
             "Not signed: devices that check signatures will refuse it");
    } else {
        note(l, CHECK_SIGNATURE, CHECK_SKIPPED,
             "Signed with key %s; the product has no release key to compare "
             "with: tern product add-key",
             key);
    }
}

static void size_look(struct look *l, uint32_t bytes, bool image)
{
    uint32_t slot = l->product->slot_bytes;

    if (bytes <= slot) {
        note(l, CHECK_SIZE, CHECK_OK, "%u of %u bytes of the slot",
             (unsigned)bytes, (unsigned)slot);
    } else if (image) {
        note(l, CHECK_SIZE, CHECK_FAILED,
             "%u bytes, and the product's devices have slots of %u",
             (unsigned)bytes, (unsigned)slot);
        fail(l, OTA_ERR_RANGE);
    } else {
        note(l, CHECK_SIZE, CHECK_WARNING,
             "%u bytes, more than the product's slot of %u", (unsigned)bytes,
             (unsigned)slot);
    }
}

static void digest_look(struct look *l)
{
    if (l->verdict.error == OTA_ERR_CORRUPT) {
        note(l, CHECK_DIGEST, CHECK_FAILED,
             "The content differs from the SHA-256 in the image: build and "
             "sign it again");
        fail(l, OTA_ERR_CORRUPT);
        return;
    }
    note(l, CHECK_DIGEST, CHECK_OK, "The content is what the SHA-256 says");
}

static void image_look(struct look *l)
{
    const struct image_info *i = &l->verdict.info;

    note(l, CHECK_HEADER, CHECK_OK, "MCUboot image, header 0x%x, body %u bytes",
         (unsigned)i->header_bytes, (unsigned)i->body_bytes);
    version_look(l);
    signature_look(l);
    size_look(l, i->total_bytes, true);
    digest_look(l);
}

static void other_look(struct look *l)
{
    bool has_keys = l->product->release_keys[0] != '\0';

    note(l, CHECK_HEADER, has_keys ? CHECK_WARNING : CHECK_SKIPPED,
         "No MCUboot image");
    note(l, CHECK_VERSION, CHECK_SKIPPED, "The file does not say its version");
    if (has_keys) {
        note(l, CHECK_SIGNATURE, CHECK_FAILED,
             "The product has release keys, and this file cannot be signed: "
             "only MCUboot images are");
        fail(l, OTA_ERR_SIGNATURE);
    } else {
        note(l, CHECK_SIGNATURE, CHECK_SKIPPED, "The file has no signature");
    }
    size_look(l, l->package->size_bytes, false);
    note(l, CHECK_DIGEST, CHECK_SKIPPED, "The file has no digest of its own");
}

static void damaged_look(struct look *l)
{
    const char *why = image_why_text(l->verdict.why);

    if (l->verdict.error == OTA_ERR_DEPENDENCY)
        note(l, CHECK_HEADER, CHECK_FAILED, "No device can run it: %s", why);
    else
        note(l, CHECK_HEADER, CHECK_FAILED, "Damaged MCUboot image: %s", why);
    fail(l, OTA_ERR_CORRUPT);
}

/* --- what people read ------------------------------------------------------
 */

static void describe_image(const struct look *l, char image[MODEL_DESC_MAX])
{
    const struct image_info *i = &l->verdict.info;
    char own[VERSION_TEXT_MAX], key[9] = "";

    version_format(&i->version, own);
    if (i->signature_bytes > 0)
        key_text(key, i->key_hash);
    (void)snprintf(image, MODEL_DESC_MAX,
                   "MCUboot image %s, header 0x%x, body %u bytes, %s%s", own,
                   (unsigned)i->header_bytes, (unsigned)i->body_bytes,
                   key[0] ? "signed with key " : "not signed", key);
    if (l->checks[CHECK_VERSION].state == CHECK_WARNING) {
        size_t len = strlen(image);
        (void)snprintf(image + len, MODEL_DESC_MAX - len,
                       "; the package says %s: a Tern agent will refuse it",
                       l->package->version);
    }
}

static void describe_refusal(const struct look *l, char image[MODEL_DESC_MAX])
{
    char text[CHECK_TEXT_MAX];

    for (size_t i = 0; i < l->count; i++) {
        if (l->checks[i].state != CHECK_FAILED)
            continue;
        check_text(text, &l->checks[i]);
        (void)snprintf(image, MODEL_DESC_MAX, "%s: %.200s",
                       check_name_text(l->checks[i].name), text);
        return;
    }
}

/* The verdict on the file with the product's keys; OTA_ERR_IO if unreadable. */
static ota_err file_verdict(int fd, struct look *l)
{
    struct release_keys trusted;
    struct image_source src = {&fd, l->package->size_bytes, file_read};
    char byte;

    /* A file shorter than said is our fault, not the image's. */
    if (file_read(&fd, l->package->size_bytes - 1, &byte, 1) != OTA_OK)
        return OTA_ERR_IO;
    release_keys_read(&trusted, l->product->release_keys);
    image_verify(&l->verdict, &src, &trusted.keys);
    return l->verdict.error == OTA_ERR_IO ? OTA_ERR_IO : OTA_OK;
}

static bool is_sound(const struct image_verdict *v)
{
    return v->error == OTA_OK || v->why == WHY_HASH_WRONG ||
           (v->error == OTA_ERR_SIGNATURE && v->why != WHY_NOT_BOOTABLE);
}

ota_err package_check_file(int fd, const struct package *package,
                           const struct product *product,
                           struct package_checked *out)
{
    struct look l = {.package = package, .product = product};

    *out = (struct package_checked){.checks = ""};
    if (strcmp(package->module, "default") != 0) {
        (void)snprintf(out->image, sizeof out->image,
                       "a file for the module %s; kept as it is",
                       package->module);
        return OTA_OK;
    }
    if (file_verdict(fd, &l) != OTA_OK) {
        (void)snprintf(out->image, sizeof out->image,
                       "the file cannot be read");
        return OTA_ERR_IO;
    }
    bool image = is_sound(&l.verdict);
    if (image)
        image_look(&l);
    else if (l.verdict.error == OTA_ERR_NOT_FOUND)
        other_look(&l);
    else
        damaged_look(&l);
    checks_write(out->checks, l.checks, l.count);
    if (l.error != OTA_OK)
        describe_refusal(&l, out->image);
    else if (image)
        describe_image(&l, out->image);
    else
        (void)snprintf(out->image, sizeof out->image,
                       "no MCUboot image; kept as it is");
    return l.error;
}
