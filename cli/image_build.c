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
    TLV_HEAD_BYTES = 4,      /* of a part, and of each TLV in it */
    COUNTER_PART_BYTES = 12, /* a part with the security counter alone */
    TLVS_MAX =
        3 * TLV_HEAD_BYTES + TLV_HEAD_BYTES + 2 * SHA256_BYTES + IMAGE_SIG_MAX,
    PADDING = 0xff, /* erased flash, as imgtool pads a header */
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

static void header_write(uint8_t *p, const struct image_plan *plan,
                         uint32_t body_bytes)
{
    memset(p, PADDING, plan->header_bytes);
    memset(p, 0, IMAGE_HEADER_BYTES);
    put_u32le(p, (uint32_t)IMAGE_MAGIC);
    put_u16le(p + 8, (uint16_t)plan->header_bytes);
    put_u16le(p + 10, plan->counted ? COUNTER_PART_BYTES : 0);
    put_u32le(p + 12, body_bytes);
    p[20] = plan->version.major;
    p[21] = plan->version.minor;
    put_u16le(p + 22, plan->version.revision);
    put_u32le(p + 24, plan->version.build);
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
static uint8_t *counter_write(uint8_t *p, const struct image_plan *plan)
{
    uint8_t counter[4];

    if (!plan->counted)
        return p;
    put_u32le(counter, plan->security_counter);
    put_u16le(p, IMAGE_TLV_PROTECTED_MAGIC);
    put_u16le(p + 2, COUNTER_PART_BYTES);
    return tlv_write(p + TLV_HEAD_BYTES, IMAGE_TLV_SEC_CNT, counter,
                     sizeof counter);
}

/* Hash what lies before p, sign it, add the TLVs. NULL: why says. */
static uint8_t *signature_write(const uint8_t *image, uint8_t *p,
                                const struct key *key, struct why *why)
{
    struct digest d;
    uint8_t hash[DIGEST_BYTES_MAX], sig[IMAGE_SIG_MAX];
    uint8_t *part = p;
    size_t sig_len;

    digest_begin(&d, DIGEST_SHA256);
    digest_add(&d, image, (size_t)(p - image));
    (void)digest_end(&d, hash);
    if (!key_sign(key, hash, sig, &sig_len, why))
        return NULL;
    p = tlv_write(p + TLV_HEAD_BYTES, IMAGE_TLV_SHA256, hash, SHA256_BYTES);
    p = tlv_write(p, IMAGE_TLV_KEYHASH, key->hash, SHA256_BYTES);
    p = tlv_write(p, IMAGE_TLV_ECDSA_SIG, sig, sig_len);
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
    const struct image_keys keys = key_trusted(key);
    struct image_verdict v;

    image_verify(&v, &source, &keys);
    if (v.boot == BOOT_YES)
        return true;
    why_set(why,
            "the image that was made does not verify (%s); nothing was "
            "written, and this is a fault in tern",
            image_why_text(v.why));
    return false;
}

static bool fits(const struct file_bytes *image, const struct image_plan *plan,
                 struct why *why)
{
    if (plan->slot_bytes == 0 || image->len <= plan->slot_bytes)
        return true;
    why_set(why,
            "the image would be %zu bytes and the slot has %u; make the "
            "program smaller, or give --allow-oversize for an image that is "
            "meant to be refused",
            image->len, plan->slot_bytes);
    return false;
}

bool image_build(struct file_bytes *out, const struct file_bytes *body,
                 const struct image_plan *plan, const struct key *key,
                 struct why *why)
{
    struct file_bytes image = {
        .bytes = malloc(plan->header_bytes + body->len + COUNTER_PART_BYTES +
                        TLVS_MAX),
    };

    if (!image.bytes) {
        why_set(why, "out of memory");
        return false;
    }
    header_write(image.bytes, plan, (uint32_t)body->len);
    memcpy(image.bytes + plan->header_bytes, body->bytes, body->len);
    uint8_t *end = image.bytes + plan->header_bytes + body->len;
    end = counter_write(end, plan);
    end = signature_write(image.bytes, end, key, why);
    image.len = end ? (size_t)(end - image.bytes) : 0;
    if (!end || !fits(&image, plan, why) || !verifies(&image, key, why)) {
        free(image.bytes);
        return false;
    }
    *out = image;
    return true;
}
