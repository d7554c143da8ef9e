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
    RSA_SIG_BYTES = 256, /* as crypto.h's RSA2048_BYTES */
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

struct parse {
    const struct image_source *src;
    struct image_info *info;
    enum image_why why;
    uint32_t at;   /* never beyond src->size */
    uint32_t seen; /* struct known's `once` of those that were there */
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

/* As the header and each dependency hold it: 8 bytes. */
/*@ requires \valid(out) && \valid_read(b + (0 .. 7));
    requires \separated(out, b + (0 .. 7));
    assigns *out; */
static void version_read(struct version *out, const uint8_t b[8])
{
    out->major = b[0];
    out->minor = b[1];
    out->revision = get_u16le(b + 2);
    out->build = get_u32le(b + 4);
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
    version_read(&i->version, bytes + 20);
    e = header_check(p);
    if (e == OTA_OK)
        p->at = i->header_bytes + i->body_bytes; /* <= size: just checked */
    return e;
}

/* ---- TLVs ---- */

enum { ONCE_COUNTER = 1, ONCE_HASH = 2, ONCE_KEY_HASH = 4, ONCE_SIGNATURE = 8 };

/* The TLVs we use. One of another type, or in the other part, is skipped: only
 * the protected part is signed, and a hash cannot lie in what it covers. */
static const struct known {
    uint16_t min, max; /* bytes */
    uint8_t type;
    bool is_protected;
    uint8_t once;   /* of these an image has one; 0: any number */
    uint8_t offset; /* of the value, in struct image_info; 0: it has no place */
    uint8_t why_size, why_twice; /* enum image_why */
} KNOWN[] = {
    {4, 4, IMAGE_TLV_SEC_CNT, true, ONCE_COUNTER,
     offsetof(struct image_info, security_counter), WHY_COUNTER_SIZE,
     WHY_COUNTER_TWICE},
    {32, 32, IMAGE_TLV_SHA256, false, ONCE_HASH,
     offsetof(struct image_info, hash), WHY_HASH_SIZE, WHY_HASH_TWICE},
    {32, 32, IMAGE_TLV_KEYHASH, false, ONCE_KEY_HASH,
     offsetof(struct image_info, key_hash), WHY_KEY_HASH_SIZE,
     WHY_KEY_HASH_TWICE},
    {SIG_MIN, IMAGE_SIG_MAX, IMAGE_TLV_ECDSA_SIG, false, ONCE_SIGNATURE, 0,
     WHY_SIGNATURE_SIZE, WHY_SIGNATURE_TWICE},
    {RSA_SIG_BYTES, RSA_SIG_BYTES, IMAGE_TLV_RSA2048_PSS, false, ONCE_SIGNATURE,
     0, WHY_RSA_SIZE, WHY_SIGNATURE_TWICE},
    {IMAGE_DEPENDENCY_BYTES, IMAGE_DEPENDENCY_BYTES, IMAGE_TLV_DEPENDENCY, true,
     0, 0, WHY_DEPENDENCY_SIZE, WHY_NONE},
};

#define FIELD_BYTES(name) sizeof(((struct image_info *)NULL)->name)
_Static_assert(FIELD_BYTES(security_counter) == 4 && FIELD_BYTES(hash) == 32 &&
                   FIELD_BYTES(key_hash) == 32,
               "a KNOWN value with a place must fill its field");

/* What value_take() relies on, of each of KNOWN. */
/*@ predicate known_ok(struct known *k) = \valid_read(k) &&
      (k->once == 0 ==> k->min == k->max == IMAGE_DEPENDENCY_BYTES) &&
      (k->offset != 0 ==> k->offset + k->max <= sizeof(struct image_info)); */

/*@ assigns \result \from type, is_protected;
    ensures \result == \null ||
        (known_ok(\result) && \result->type == type); */
static const struct known *known_find(uint32_t type, bool is_protected)
{
    //@ ghost uint32_t n = 0;
    /*@ loop invariant 0 <= n <= sizeof(KNOWN) / sizeof(KNOWN[0]);
        loop invariant k == &KNOWN[n];
        loop assigns k, n;
        loop variant sizeof(KNOWN) / sizeof(KNOWN[0]) - n; */
    for (const struct known *k = KNOWN;
         k < KNOWN + sizeof KNOWN / sizeof KNOWN[0]; k++) {
        if (k->type == type && k->is_protected == is_protected)
            return k;
        //@ ghost n++;
    }
    return NULL;
}

void image_dependency_read(struct image_dependency *out,
                           const uint8_t value[IMAGE_DEPENDENCY_BYTES])
{
    out->image = value[0]; /* three bytes of padding follow */
    version_read(&out->version, value + 4);
}

/* Major, minor, revision as one number, of which the larger is newer.
 * version_compare() would be 66 bytes more in the smallest bootloader. */
/*@ requires \valid_read(v);
    assigns \nothing; */
static uint32_t rank(const struct version *v)
{
    return (uint32_t)v->major << 24 | (uint32_t)v->minor << 16 | v->revision;
}

/* A device has one image, number 0, and that is this one: it meets what it
 * depends on by itself, or not at all (spec/image.md section 5). */
/*@ requires parse_ok(p) && IMAGE_DEPENDENCY_BYTES <= p->src->size - p->at;
    assigns p->at, p->why, p->info->unmet;
    ensures parse_ok(p);
    ensures \result == OTA_OK ==>
        p->at == \old(p->at) + IMAGE_DEPENDENCY_BYTES;
    ensures \result != OTA_OK ==> p->at == \old(p->at);
    ensures \old(p->info->unmet) != WHY_NONE ==>
        p->info->unmet == \old(p->info->unmet); */
static ota_err dependency_take(struct parse *p)
{
    uint8_t value[IMAGE_DEPENDENCY_BYTES];
    struct image_info *i = p->info;
    struct image_dependency d;
    ota_err e = take(p, value, sizeof value);

    if (e != OTA_OK || i->unmet != WHY_NONE)
        return e;
    image_dependency_read(&d, value);
    if (d.image != 0)
        i->unmet = WHY_DEPENDS_OTHER;
    else if (rank(&i->version) < rank(&d.version) ||
             (rank(&i->version) == rank(&d.version) &&
              i->version.build < d.version.build))
        i->unmet = WHY_DEPENDS_NEWER;
    return OTA_OK;
}

/* A value that has a place, into it. */
/*@ requires parse_ok(p) && len <= p->src->size - p->at;
    requires 0 < offset && offset + len <= sizeof(struct image_info);
    assigns p->at, p->why, *p->info;
    ensures parse_ok(p);
    ensures \result == OTA_OK ==> p->at == \old(p->at) + len;
    ensures \result != OTA_OK ==> p->at == \old(p->at); */
static ota_err field_take(struct parse *p, uint32_t offset, uint32_t len)
{
    return take(p, (uint8_t *)p->info + offset, len);
}

/* The value of a known TLV; it is there, len bytes of it. */
/*@ requires parse_ok(p) && known_ok(k) && len <= p->src->size - p->at;
    assigns p->at, p->why, p->seen, *p->info;
    ensures parse_ok(p);
    ensures \old(p->at) <= p->at <= \old(p->at) + len;
    ensures \result == OTA_OK ==> p->at == \old(p->at) + len; */
static ota_err value_take(struct parse *p, const struct known *k, uint32_t len)
{
    struct image_info *i = p->info;

    if ((p->seen & k->once) != 0)
        return fail(p, OTA_ERR_CORRUPT, (enum image_why)k->why_twice);
    if (len < k->min || len > k->max)
        return fail(p, OTA_ERR_CORRUPT, (enum image_why)k->why_size);
    p->seen |= k->once;
    if (k->once == 0)
        return dependency_take(p);
    if (k->offset != 0)
        return field_take(p, k->offset, len);
    i->signature_type = k->type;
    i->signature_at = p->at;
    i->signature_bytes = len;
    p->at += len;
    return OTA_OK;
}

/* One TLV; end is the part's end, not beyond the source. */
/*@ requires parse_ok(p) && p->at <= end <= p->src->size;
    assigns p->at, p->why, p->seen, *p->info;
    ensures parse_ok(p) && \old(p->at) <= p->at <= end;
    ensures \result == OTA_OK ==> p->at > \old(p->at); */
static ota_err tlv_parse(struct parse *p, bool is_protected, uint32_t end)
{
    uint8_t bytes[TLV_ENTRY_BYTES];
    uint32_t len;
    const struct known *k;
    ota_err e;

    if (end - p->at < TLV_ENTRY_BYTES)
        return fail(p, OTA_ERR_CORRUPT, WHY_TLV_SHORT);
    e = take(p, bytes, sizeof bytes);
    if (e != OTA_OK)
        return e;
    len = get_u16le(bytes + 2);
    if (len > end - p->at)
        return fail(p, OTA_ERR_CORRUPT, WHY_TLV_LONG);
    k = known_find(get_u16le(bytes), is_protected);
    if (k)
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
    assigns p->at, p->why, p->seen, *p->info;
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
        loop assigns e, p->at, p->why, p->seen, *p->info;
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
    i->key_named = (p->seen & ONCE_KEY_HASH) != 0;
    i->security_counter = get_u32le((const uint8_t *)&i->security_counter);
    if ((p->seen & ONCE_HASH) == 0)
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
