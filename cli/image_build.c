/* image_build.c - make a signed image. Start at image_build().
 * Tests: test/unit/cli/test_image_build.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/image_build.h"

#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"

enum {
    TLV_HEAD_BYTES = 4, /* of a part, and of each TLV in it */
    COUNTER_BYTES = 4,
    PROTECTED_MAX =
        2 * TLV_HEAD_BYTES + COUNTER_BYTES +
        IMAGE_BUILD_DEPENDS_MAX * (TLV_HEAD_BYTES + IMAGE_DEPENDENCY_BYTES),
    TLVS_MAX = 4 * TLV_HEAD_BYTES + 2 * SHA256_BYTES + KEY_SIG_MAX,
    PADDING = 0xff, /* erased flash, as imgtool pads */
    TRAILER_MAGIC_BYTES = 16,
    TRAILER_ALIGN_MIN = 8,
};

static ota_err memory_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct file_bytes *f = ctx;

    memcpy(dst, f->bytes + off, len);
    return OTA_OK;
}

struct image_source image_memory_source(const struct file_bytes *f)
{
    return (struct image_source){
        .ctx = (void *)f,
        .size = f->len > UINT32_MAX ? UINT32_MAX : (uint32_t)f->len,
        .read = memory_read,
    };
}

static ota_err slot_read(void *ctx, uint32_t off, void *dst, uint32_t len)
{
    const struct file_bytes *f = ctx;
    size_t here = off < f->len ? f->len - off : 0;

    if (here > len)
        here = len;
    if (here > 0)
        memcpy(dst, f->bytes + off, here);
    memset((uint8_t *)dst + here, PADDING, len - here);
    return OTA_OK;
}

struct image_source image_slot_source(const struct file_bytes *f,
                                      uint32_t slot_bytes)
{
    return (struct image_source){
        .ctx = (void *)f,
        .size = slot_bytes,
        .read = slot_read,
    };
}

/* 0: there is no protected part. */
static uint32_t protected_bytes(const struct image_plan *plan)
{
    uint32_t bytes =
        (plan->counted ? TLV_HEAD_BYTES + COUNTER_BYTES : 0u) +
        plan->depends_count * (TLV_HEAD_BYTES + IMAGE_DEPENDENCY_BYTES);

    return bytes == 0 ? 0 : TLV_HEAD_BYTES + bytes;
}

static void version_write(uint8_t p[8], const struct version *v)
{
    p[0] = v->major;
    p[1] = v->minor;
    put_u16le(p + 2, v->revision);
    put_u32le(p + 4, v->build);
}

static void header_write(uint8_t *p, const struct image_plan *plan,
                         uint32_t body_bytes)
{
    memset(p, 0, IMAGE_HEADER_BYTES);
    put_u32le(p, (uint32_t)IMAGE_MAGIC);
    put_u16le(p + 8, (uint16_t)plan->header_bytes);
    put_u16le(p + 10, (uint16_t)protected_bytes(plan));
    put_u32le(p + 12, body_bytes);
    version_write(p + 20, &plan->version);
}

/* Add one TLV; returns where the next one goes. */
static uint8_t *tlv_write(uint8_t *p, uint16_t type, const void *value,
                          size_t len)
{
    put_u16le(p, type);
    put_u16le(p + 2, (uint16_t)len);
    memcpy(p + TLV_HEAD_BYTES, value, len);
    return p + TLV_HEAD_BYTES + len;
}

/* The protected part, if there is one; returns where the next part goes. */
static uint8_t *protected_write(uint8_t *p, const struct image_plan *plan)
{
    uint8_t value[IMAGE_DEPENDENCY_BYTES] = {0};

    if (protected_bytes(plan) == 0)
        return p;
    put_u16le(p, IMAGE_TLV_PROTECTED_MAGIC);
    put_u16le(p + 2, (uint16_t)protected_bytes(plan));
    p += TLV_HEAD_BYTES;
    if (plan->counted) {
        put_u32le(value, plan->security_counter);
        p = tlv_write(p, IMAGE_TLV_SEC_CNT, value, COUNTER_BYTES);
    }
    memset(value, 0, sizeof value);
    for (uint32_t i = 0; i < plan->depends_count; i++) {
        value[0] = plan->depends[i].image;
        version_write(value + 4, &plan->depends[i].version);
        p = tlv_write(p, IMAGE_TLV_DEPENDENCY, value, sizeof value);
    }
    return p;
}

/* Hash what lies before p, sign it, add the TLVs. NULL: why says. */
static uint8_t *signature_write(const uint8_t *image, uint8_t *p,
                                const struct key *key, struct why *why)
{
    struct digest d;
    uint8_t hash[DIGEST_BYTES_MAX], sig[KEY_SIG_MAX];
    uint8_t *part = p;
    size_t sig_len;

    digest_begin(&d, DIGEST_SHA256);
    digest_add(&d, image, (size_t)(p - image));
    (void)digest_end(&d, hash);
    if (!key_sign(key, hash, sig, &sig_len, why))
        return NULL;
    p = tlv_write(p + TLV_HEAD_BYTES, IMAGE_TLV_SHA256, hash, SHA256_BYTES);
    p = tlv_write(p, IMAGE_TLV_KEYHASH, key->hash, SHA256_BYTES);
    p = tlv_write(p,
                  key->kind == KEY_RSA2048 ? IMAGE_TLV_RSA2048_PSS
                                           : IMAGE_TLV_ECDSA_SIG,
                  sig, sig_len);
    put_u16le(part, IMAGE_TLV_MAGIC);
    put_u16le(part + 2, (uint16_t)(p - part));
    return p;
}

/* The device decides with this same code; if it says no, nobody should get the
 * file. */
static bool verifies(const struct file_bytes *image, const struct key *key,
                     struct why *why)
{
    const struct image_source source = image_memory_source(image);
    struct key_trust trust;
    struct image_verdict v;

    image_verify(&v, &source, key_trusted(&trust, key));
    if (v.boot == BOOT_YES || v.error == OTA_ERR_DEPENDENCY)
        return true;
    why_set(why,
            "the image that was made does not verify (%s); nothing was "
            "written, and this is a fault in tern",
            image_why_text(v.why));
    return false;
}

/* ---- the slot ---- */

static uint32_t trailer_align(const struct image_plan *plan)
{
    return plan->align > TRAILER_ALIGN_MIN ? plan->align : TRAILER_ALIGN_MIN;
}

/* The trailer's magic, with what fills it up to the alignment. */
static uint32_t magic_bytes(const struct image_plan *plan)
{
    uint32_t align = trailer_align(plan);

    return (TRAILER_MAGIC_BYTES + align - 1) / align * align;
}

/* Three marks for each sector, four fields, the magic. */
static uint32_t trailer_bytes(const struct image_plan *plan)
{
    if (plan->align == 0)
        return 0;
    return 3 * plan->max_sectors * plan->align + 4 * trailer_align(plan) +
           magic_bytes(plan);
}

static bool fits(const struct file_bytes *image, const struct image_plan *plan,
                 struct why *why)
{
    uint32_t trailer = trailer_bytes(plan);

    if (plan->slot_bytes == 0 || image->len + trailer <= plan->slot_bytes)
        return true;
    if (trailer == 0)
        why_set(why,
                "the image would be %zu bytes and the slot has %u; make the "
                "program smaller, or give --allow-oversize for an image that "
                "is meant to be refused",
                image->len, plan->slot_bytes);
    else
        why_set(why,
                "the image would be %zu bytes, its trailer %u, and the slot "
                "has %u; make the program smaller, or --max-sectors or --align "
                "if the flash allows it",
                image->len, trailer, plan->slot_bytes);
    return false;
}

/* MCUboot's magic; where the alignment is larger than 8, it is told there. */
static void magic_write(uint8_t p[TRAILER_MAGIC_BYTES], uint32_t align)
{
    static const uint8_t OF_8[TRAILER_MAGIC_BYTES] = {
        0x77, 0xc2, 0x95, 0xf3, 0x60, 0xd2, 0xef, 0x7f,
        0x35, 0x52, 0x50, 0x0f, 0x2c, 0xb6, 0x79, 0x80};
    static const uint8_t OF_MORE[TRAILER_MAGIC_BYTES] = {
        0,    0,    0x2d, 0xe1, 0x5d, 0x29, 0x41, 0x0b,
        0x8d, 0x77, 0x67, 0x9c, 0x11, 0x0f, 0x1f, 0x8a};

    memcpy(p, align == TRAILER_ALIGN_MIN ? OF_8 : OF_MORE, TRAILER_MAGIC_BYTES);
    if (align != TRAILER_ALIGN_MIN)
        put_u16le(p, (uint16_t)align);
}

/* Fill the slot. The image fits it, with the trailer. */
static void pad(struct file_bytes *image, const struct image_plan *plan)
{
    uint8_t *end = image->bytes + plan->slot_bytes;

    memset(image->bytes + image->len, PADDING, plan->slot_bytes - image->len);
    magic_write(end - TRAILER_MAGIC_BYTES, trailer_align(plan));
    if (plan->confirm)
        *(end - magic_bytes(plan) - trailer_align(plan)) = 0x01;
    image->len = plan->slot_bytes;
}

/* Has the linker left zeros where the header goes, as imgtool wants them when
 * it is not told to pad? No program begins with a stack pointer of 0. */
static bool has_room(const struct file_bytes *body, uint32_t header_bytes)
{
    if (body->len <= header_bytes)
        return false;
    for (uint32_t i = 0; i < header_bytes; i++)
        if (body->bytes[i] != 0)
            return false;
    return true;
}

/* Header and body; returns where the TLVs go. */
static uint8_t *body_write(uint8_t *p, const struct file_bytes *body,
                           const struct image_plan *plan)
{
    uint32_t h = plan->header_bytes;
    bool in_place = !plan->pad_header && has_room(body, h);
    size_t len = in_place ? body->len - h : body->len;

    memset(p, in_place ? 0 : PADDING, h);
    header_write(p, plan, (uint32_t)len);
    memcpy(p + h, in_place ? body->bytes + h : body->bytes, len);
    return p + h + len;
}

bool image_build(struct file_bytes *out, const struct file_bytes *body,
                 const struct image_plan *plan, const struct key *key,
                 struct why *why)
{
    size_t room = plan->header_bytes + body->len + PROTECTED_MAX + TLVS_MAX;
    struct file_bytes image = {
        .bytes = malloc(plan->pad && plan->slot_bytes > room ? plan->slot_bytes
                                                             : room),
    };

    if (!image.bytes) {
        why_set(why, "out of memory");
        return false;
    }
    uint8_t *end = body_write(image.bytes, body, plan);
    end = protected_write(end, plan);
    end = signature_write(image.bytes, end, key, why);
    image.len = end ? (size_t)(end - image.bytes) : 0;
    if (!end || !fits(&image, plan, why) || !verifies(&image, key, why)) {
        free(image.bytes);
        return false;
    }
    if (plan->pad)
        pad(&image, plan);
    *out = image;
    return true;
}
