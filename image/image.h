/* image.h - the MCUboot image format: header, body, TLVs. Layout and the
 * checks in their order: spec/image.md.
 *
 * Bytes are read through a small window, so an image may lie in flash, in a
 * file or in memory.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_IMAGE_H
#define TERN_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/version.h"
#include "image/image_why.h"

enum {
    IMAGE_MAGIC = (int)0x96f3b83d,
    IMAGE_HEADER_BYTES = 32, /* used; hdr_bytes on flash may be more */
    IMAGE_HEADER_MAX = 0x4000,
    IMAGE_FLAG_NON_BOOTABLE = 0x10,
    IMAGE_TLV_MAGIC = 0x6907,
    IMAGE_TLV_PROTECTED_MAGIC = 0x6908,
    IMAGE_TLV_KEYHASH = 0x01,
    IMAGE_TLV_SHA256 = 0x10,
    IMAGE_TLV_RSA2048_PSS = 0x20,
    IMAGE_TLV_ECDSA_SIG = 0x22,
    IMAGE_TLV_DEPENDENCY = 0x40,
    IMAGE_TLV_SEC_CNT = 0x50,
    IMAGE_DEPENDENCY_BYTES = 12,
    IMAGE_SIG_MAX = 72,     /* DER of two 256-bit integers */
    IMAGE_READ_BYTES = 256, /* stack window for hashing */
};

/* Where an image's bytes come from. read() copies len bytes at off; reads lie
 * inside [0, size). */
struct image_source {
    void *ctx;
    uint32_t size; /* bytes available: the slot, or the file */
    ota_err (*read)(void *ctx, uint32_t off, void *dst, uint32_t len);
};

struct image_info {
    uint32_t load_addr;
    uint32_t header_bytes; /* body begins here */
    uint32_t body_bytes;
    uint32_t protected_tlv_bytes; /* 0 if there are none */
    uint32_t flags;
    struct version version;
    uint32_t total_bytes;      /* header + body + all TLVs */
    uint32_t hashed_bytes;     /* header + body + protected TLVs */
    uint32_t security_counter; /* 0 if absent */
    uint8_t hash[32];          /* as the SHA-256 TLV claims */
    uint8_t key_hash[32];      /* as the KEYHASH TLV claims */
    bool key_named;            /* there is a KEYHASH TLV */
    uint16_t signature_type;   /* IMAGE_TLV_...; 0 if there is no signature */
    /* Its bytes are left where they lie: a copy would cost each holder of this
     * struct as much. */
    uint32_t signature_at;
    uint32_t signature_bytes;
    /* Of the first dependency that no device with one image can meet. */
    enum image_why unmet; /* WHY_DEPENDS_..., or WHY_NONE */
};

/* One dependency TLV: which image must be there, and at least in which
 * version. */
struct image_dependency {
    uint8_t image;
    struct version version;
};

/*@ requires \valid(out);
    requires \valid_read(value + (0 .. IMAGE_DEPENDENCY_BYTES - 1));
    requires \separated(out, value + (0 .. IMAGE_DEPENDENCY_BYTES - 1));
    assigns *out;
    ensures out->image == value[0]; */
void image_dependency_read(struct image_dependency *out,
                           const uint8_t value[IMAGE_DEPENDENCY_BYTES]);

/* Read and check header and TLVs; hashes nothing.
 *
 * Every size is checked against the source before it is used to read (MCUboot
 * #1702, #2025). Unknown TLV types are skipped; a repeated or wrongly sized
 * known one is an error.
 *
 * out  written only on OTA_OK.
 * why  may be NULL; else set to the first thing wrong, or WHY_NONE.
 *
 * Returns OTA_OK; OTA_ERR_NOT_FOUND no magic: no image here;
 *         OTA_ERR_CORRUPT malformed; OTA_ERR_FULL the header's sizes exceed the
 *         source; OTA_ERR_IO a read failed.
 * Source  spec/image.md sections 1 to 3. */
TERN_MUST_USE ota_err image_parse(struct image_info *out,
                                  const struct image_source *src,
                                  enum image_why *why);

#endif
