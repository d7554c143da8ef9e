/* image.c - read and check an MCUboot image's header and TLVs.
 *
 * Start at image_parse(). Every size is compared with what is left of the
 * source before anything is added to an offset, so no sum can wrap.
 *
 * Spec: spec/image.md. Tests: test/unit/image/test_image.c,
 * test/fuzz/fuzz_image.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "image/image.h"

#include <stdbool.h>
#include <string.h>

#include "base/bytes.h"

enum {
    TLV_INFO_BYTES = 4,  /* magic, total */
    TLV_ENTRY_BYTES = 4, /* type, length */
    SIG_MIN = 8,         /* DER of two one-byte integers */
};

/* An image with one of these cannot run from where it lies. */
static const struct {
    uint32_t flags;
    enum image_why why;
} REFUSED[] = {
    {0x0004 | 0x0008, WHY_ENCRYPTED},
    {0x0020, WHY_RAM_LOAD},
    {0x0200 | 0x0400, WHY_COMPRESSED},
};

enum known {
    KNOWN_COUNTER,
    KNOWN_HASH,
    KNOWN_KEY_HASH,
    KNOWN_SIGNATURE,
    KNOWN_COUNT
};

struct parse {
    const struct image_source *src;
    struct image_info *info;
    enum image_why why;
    uint32_t at;               /* never beyond src->size */
    uint32_t len[KNOWN_COUNT]; /* bytes of each known TLV; 0: not seen */
};

/* What every step below keeps; sizes in info are checked before they are
 * used. Proved, with every sum and difference, by ./dev prove. */
/*@ predicate parse_ok(struct parse *p) = \valid(p) && \valid_read(p->src) &&
      \valid(p->info) && \separated(p, p->src, p->info) &&
      p->src->read == &source_read_any && p->at <= p->src->size; */

/*@ requires \valid(p);
    assigns p->why;
    ensures \result == e; */
static ota_err fail(struct parse *p, ota_err e, enum image_why why)
{
    p->why = why;
    return e;
}

/*@ requires parse_ok(p);
    assigns \nothing;
    ensures \result == p->src->size - p->at; */
static uint32_t left(const struct parse *p)
{
    return p->src->size - p->at;
}

/* The next len bytes; the caller has checked that they are there. */
/*@ requires parse_ok(p) && len <= p->src->size - p->at;
    requires \valid((uint8_t *)dst + (0 .. len - 1));
    requires \separated((uint8_t *)dst + (0 .. len - 1), p, p->src);
    assigns p->at, p->why, ((uint8_t *)dst)[0 .. len - 1];
    ensures parse_ok(p);
    ensures \result == OTA_OK ==> p->at == \old(p->at) + len;
    ensures \result != OTA_OK ==> p->at == \old(p->at); */
static ota_err take(struct parse *p, void *dst, uint32_t len)
{
    //@ calls source_read_any;
    if (p->src->read(p->src->ctx, p->at, dst, len) != OTA_OK)
        return fail(p, OTA_ERR_IO, WHY_UNREADABLE);
    p->at += len;
    return OTA_OK;
}

/* ---- header ---- */

/*@ requires parse_ok(p);
    assigns p->why;
    ensures \result == OTA_OK ==>
        IMAGE_HEADER_BYTES <= p->info->header_bytes <= IMAGE_HEADER_MAX &&
        1 <= p->info->body_bytes &&
        p->info->header_bytes + p->info->body_bytes <= p->src->size; */
static ota_err header_check(struct parse *p)
{
    const struct image_info *i = p->info;

    /*@ loop invariant 0 <= k <= sizeof(REFUSED) / sizeof(REFUSED[0]);
        loop assigns k;
        loop variant sizeof(REFUSED) / sizeof(REFUSED[0]) - k; */
    for (size_t k = 0; k < sizeof REFUSED / sizeof REFUSED[0]; k++) {
        if ((i->flags & REFUSED[k].flags) != 0)
            return fail(p, OTA_ERR_CORRUPT, REFUSED[k].why);
    }
    if (i->header_bytes < IMAGE_HEADER_BYTES)
        return fail(p, OTA_ERR_CORRUPT, WHY_HEADER_SMALL);
    if (i->header_bytes > IMAGE_HEADER_MAX)
        return fail(p, OTA_ERR_CORRUPT, WHY_HEADER_LARGE);
    if (i->body_bytes == 0)
        return fail(p, OTA_ERR_CORRUPT, WHY_BODY_EMPTY);
    if (i->header_bytes > p->src->size)
        return fail(p, OTA_ERR_FULL, WHY_HEADER_SPACE);
    if (i->body_bytes > p->src->size - i->header_bytes)
        return fail(p, OTA_ERR_FULL, WHY_BODY_SPACE);
    return OTA_OK;
}

/*@ requires parse_ok(p);
    assigns p->at, p->why, *p->info;
    ensures parse_ok(p); */
static ota_err header_parse(struct parse *p)
{
    uint8_t bytes[IMAGE_HEADER_BYTES];
    struct image_info *i = p->info;
    ota_err e;

    if (left(p) < IMAGE_HEADER_BYTES)
        return fail(p, OTA_ERR_NOT_FOUND, WHY_TOO_SHORT);
    e = take(p, bytes, sizeof bytes);
    if (e != OTA_OK)
        return e;
    if (get_u32le(bytes) != (uint32_t)IMAGE_MAGIC)
        return fail(p, OTA_ERR_NOT_FOUND, WHY_NO_MAGIC);
    i->load_addr = get_u32le(bytes + 4);
    i->header_bytes = get_u16le(bytes + 8);
    i->protected_tlv_bytes = get_u16le(bytes + 10);
    i->body_bytes = get_u32le(bytes + 12);
    i->flags = get_u32le(bytes + 16);
    i->version.major = bytes[20];
    i->version.minor = bytes[21];
    i->version.revision = get_u16le(bytes + 22);
    i->version.build = get_u32le(bytes + 24);
    e = header_check(p);
    if (e == OTA_OK)
        p->at = i->header_bytes + i->body_bytes; /* <= size: just checked */
    return e;
}

/* ---- TLVs ---- */

/* The TLVs we use. One of another type, or in the other part, is skipped: only
 * the protected part is signed, and a hash cannot lie in what it covers. */
static const struct {
    uint16_t type;
    bool is_protected;
    uint16_t min, max;           /* bytes */
    size_t offset;               /* of the value, in struct image_info */
    uint8_t why_size, why_twice; /* enum image_why */
} KNOWN[KNOWN_COUNT] = {
    [KNOWN_COUNTER] = {IMAGE_TLV_SEC_CNT, true, 4, 4,
                       offsetof(struct image_info, security_counter),
                       WHY_COUNTER_SIZE, WHY_COUNTER_TWICE},
    [KNOWN_HASH] = {IMAGE_TLV_SHA256, false, 32, 32,
                    offsetof(struct image_info, hash), WHY_HASH_SIZE,
                    WHY_HASH_TWICE},
    [KNOWN_KEY_HASH] = {IMAGE_TLV_KEYHASH, false, 32, 32,
                        offsetof(struct image_info, key_hash),
                        WHY_KEY_HASH_SIZE, WHY_KEY_HASH_TWICE},
    [KNOWN_SIGNATURE] = {IMAGE_TLV_ECDSA_SIG, false, SIG_MIN, IMAGE_SIG_MAX,
                         offsetof(struct image_info, signature),
                         WHY_SIGNATURE_SIZE, WHY_SIGNATURE_TWICE},
};

#define FIELD_BYTES(name) sizeof(((struct image_info *)NULL)->name)
_Static_assert(FIELD_BYTES(security_counter) == 4 && FIELD_BYTES(hash) == 32 &&
                   FIELD_BYTES(key_hash) == 32 &&
                   FIELD_BYTES(signature) == IMAGE_SIG_MAX,
               "a KNOWN value of its largest size must fill its field");

/*@ assigns \nothing;
    ensures -1 <= \result < KNOWN_COUNT; */
static int known_find(uint32_t type, bool is_protected)
{
    /*@ loop invariant 0 <= k <= KNOWN_COUNT;
        loop assigns k;
        loop variant KNOWN_COUNT - k; */
    for (int k = 0; k < KNOWN_COUNT; k++) {
        if (KNOWN[k].type == type && KNOWN[k].is_protected == is_protected)
            return k;
    }
    return -1;
}

/* The value of KNOWN[k]; it is there, len bytes of it. */
/*@ requires parse_ok(p) && 0 <= k < KNOWN_COUNT;
    requires len <= p->src->size - p->at;
    assigns p->at, p->why, p->len[k], *p->info;
    ensures parse_ok(p);
    ensures \old(p->at) <= p->at <= \old(p->at) + len; */
static ota_err value_take(struct parse *p, int k, uint32_t len)
{
    if (p->len[k] != 0)
        return fail(p, OTA_ERR_CORRUPT, (enum image_why)KNOWN[k].why_twice);
    if (len < KNOWN[k].min || len > KNOWN[k].max)
        return fail(p, OTA_ERR_CORRUPT, (enum image_why)KNOWN[k].why_size);
    p->len[k] = len;
    return take(p, (uint8_t *)p->info + KNOWN[k].offset, len);
}

/* One TLV; end is the part's end, not beyond the source. */
/*@ requires parse_ok(p) && p->at <= end <= p->src->size;
    assigns p->at, p->why, p->len[0 .. KNOWN_COUNT - 1], *p->info;
    ensures parse_ok(p) && \old(p->at) <= p->at <= end;
    ensures \result == OTA_OK ==> p->at > \old(p->at); */
static ota_err tlv_parse(struct parse *p, bool is_protected, uint32_t end)
{
    uint8_t bytes[TLV_ENTRY_BYTES];
    uint32_t len;
    ota_err e;
    int k;

    if (end - p->at < TLV_ENTRY_BYTES)
        return fail(p, OTA_ERR_CORRUPT, WHY_TLV_SHORT);
    e = take(p, bytes, sizeof bytes);
    if (e != OTA_OK)
        return e;
    len = get_u16le(bytes + 2);
    if (len > end - p->at)
        return fail(p, OTA_ERR_CORRUPT, WHY_TLV_LONG);
    k = known_find(get_u16le(bytes), is_protected);
    if (k >= 0)
        return value_take(p, k, len);
    p->at += len;
    return OTA_OK;
}

/* The four bytes before a part's TLVs: magic, and the part's size with them. */
/*@ requires parse_ok(p) && \valid(bytes) && \separated(bytes, p, p->src);
    requires \separated(bytes, p->info);
    assigns p->at, p->why, *bytes;
    ensures parse_ok(p);
    ensures \result == OTA_OK ==> *bytes >= TLV_INFO_BYTES &&
        *bytes - TLV_INFO_BYTES <= p->src->size - p->at; */
static ota_err part_open(struct parse *p, uint32_t magic, uint32_t *bytes)
{
    uint8_t info[TLV_INFO_BYTES];
    ota_err e;

    if (left(p) < TLV_INFO_BYTES)
        return fail(p, OTA_ERR_FULL, WHY_PART_BEYOND);
    e = take(p, info, sizeof info);
    if (e != OTA_OK)
        return e;
    if (get_u16le(info) != magic)
        return fail(p, OTA_ERR_CORRUPT, WHY_PART_MAGIC);
    *bytes = get_u16le(info + 2);
    if (*bytes < TLV_INFO_BYTES)
        return fail(p, OTA_ERR_CORRUPT, WHY_PART_SMALL);
    if (*bytes - TLV_INFO_BYTES > left(p))
        return fail(p, OTA_ERR_FULL, WHY_PART_SPACE);
    return OTA_OK;
}

/* The TLVs of one part. At most 64 KiB, so at most 16,383 TLVs. */
/*@ requires parse_ok(p);
    assigns p->at, p->why, p->len[0 .. KNOWN_COUNT - 1], *p->info;
    ensures parse_ok(p); */
static ota_err part_parse(struct parse *p, bool is_protected)
{
    uint32_t bytes, end;
    ota_err e = part_open(
        p, is_protected ? IMAGE_TLV_PROTECTED_MAGIC : IMAGE_TLV_MAGIC, &bytes);

    if (e != OTA_OK)
        return e;
    if (is_protected && bytes != p->info->protected_tlv_bytes)
        return fail(p, OTA_ERR_CORRUPT, WHY_PART_DIFFERS);
    end = p->at + (bytes - TLV_INFO_BYTES);
    /*@ loop invariant parse_ok(p) && p->at <= end <= p->src->size;
        loop assigns e, p->at, p->why, p->len[0 .. KNOWN_COUNT - 1], *p->info;
        loop variant end - p->at + (e == OTA_OK ? 1 : 0); */
    while (e == OTA_OK && p->at < end)
        e = tlv_parse(p, is_protected, end);
    return e;
}

static ota_err tlvs_parse(struct parse *p)
{
    struct image_info *i = p->info;
    ota_err e = OTA_OK;

    if (i->protected_tlv_bytes != 0)
        e = part_parse(p, true);
    i->hashed_bytes = p->at;
    if (e == OTA_OK)
        e = part_parse(p, false);
    if (e != OTA_OK)
        return e;
    i->total_bytes = p->at;
    i->signature_bytes = p->len[KNOWN_SIGNATURE];
    i->security_counter = get_u32le((const uint8_t *)&i->security_counter);
    if (p->len[KNOWN_HASH] == 0)
        return fail(p, OTA_ERR_CORRUPT, WHY_NO_HASH);
    return OTA_OK;
}

ota_err image_parse(struct image_info *out, const struct image_source *src,
                    enum image_why *why)
{
    struct image_info info = {0};
    struct parse p = {.src = src, .info = &info, .why = WHY_NONE};
    ota_err e = header_parse(&p);

    if (e == OTA_OK)
        e = tlvs_parse(&p);
    if (e == OTA_OK)
        *out = info; /* only a whole, checked image's facts get out */
    if (why)
        *why = p.why;
    return e;
}
