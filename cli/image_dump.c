/* image_dump.c - an image told to a person, as far as it can be read.
 *
 * The device's parser (image/image.c) says yes or no; this one walks on over
 * what it can, and shows the bytes it finds. Start at image_dump_json().
 * Tests: test/unit/cli/test_image_dump.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/image_dump.h"

#include <stdio.h>
#include <string.h>

#include "base/cursor.h"
#include "cli/image_build.h"
#include "cli/say.h"
#include "image/image_verify.h"

enum { VALUE_SHOWN_MAX = 128 }; /* bytes of a TLV in hex; the rest is counted */

static const struct {
    uint16_t type;
    const char *name;
} TLV_NAMES[] = {
    {IMAGE_TLV_KEYHASH, "KEYHASH"},
    {0x02, "PUBKEY"},
    {IMAGE_TLV_SHA256, "SHA256"},
    {0x11, "SHA384"},
    {0x12, "SHA512"},
    {IMAGE_TLV_RSA2048_PSS, "RSA2048_PSS"},
    {IMAGE_TLV_ECDSA_SIG, "ECDSA"},
    {0x23, "RSA3072_PSS"},
    {0x24, "ED25519"},
    {IMAGE_TLV_DEPENDENCY, "DEPENDENCY"},
    {IMAGE_TLV_SEC_CNT, "SEC_CNT"},
    {0x60, "BOOT_RECORD"},
};

static const char *tlv_name(uint16_t type)
{
    for (size_t i = 0; i < sizeof TLV_NAMES / sizeof TLV_NAMES[0]; i++)
        if (TLV_NAMES[i].type == type)
            return TLV_NAMES[i].name;
    return "unknown";
}

static void put(json_t *o, const char *name, json_t *value)
{
    (void)json_object_set_new(o, name, value);
}

static void put_hex32(json_t *o, const char *name, uint32_t v)
{
    char text[16];

    (void)snprintf(text, sizeof text, "0x%x", v);
    put(o, name, json_string(text));
}

/* Returns false where nothing that follows can be found. */
static bool dump_header(json_t *o, struct cursor *c, const uint8_t *start)
{
    uint32_t magic = cur_u32le(c);
    uint32_t load_addr = cur_u32le(c);
    uint16_t header_bytes = cur_u16le(c);
    uint16_t protected_bytes = cur_u16le(c);
    uint32_t body_bytes = cur_u32le(c);
    uint32_t flags = cur_u32le(c);
    struct version v = {0};
    char text[VERSION_TEXT_MAX];

    v.major = cur_u8(c);
    v.minor = cur_u8(c);
    v.revision = cur_u16le(c);
    v.build = cur_u32le(c);
    (void)cur_u32le(c);
    if (c->bad || magic != (uint32_t)IMAGE_MAGIC)
        return false;
    version_format(&v, text);
    put(o, "version", json_string(text));
    put(o, "header_bytes", json_integer(header_bytes));
    put(o, "body_bytes", json_integer(body_bytes));
    put(o, "protected_tlv_bytes", json_integer(protected_bytes));
    put_hex32(o, "load_addr", load_addr);
    put_hex32(o, "flags", flags);
    size_t left = (size_t)(c->end - start);
    if (header_bytes > left || body_bytes > left - header_bytes)
        return false;
    c->at = start + header_bytes + body_bytes;
    return true;
}

static json_t *dependency_text(const uint8_t value[IMAGE_DEPENDENCY_BYTES])
{
    char version[VERSION_TEXT_MAX];
    struct image_dependency d;

    image_dependency_read(&d, value);
    version_format(&d.version, version);
    return json_sprintf("%u:%s", (unsigned)d.image, version);
}

static void dump_tlv(json_t *list, uint16_t type, const uint8_t *value,
                     uint16_t len, bool is_protected)
{
    char hex[2 * VALUE_SHOWN_MAX + 1], type_text[8];
    json_t *o = json_object();

    (void)snprintf(type_text, sizeof type_text, "0x%02x", type);
    say_hex(hex, value, len > VALUE_SHOWN_MAX ? VALUE_SHOWN_MAX : len);
    put(o, "type", json_string(type_text));
    put(o, "name", json_string(tlv_name(type)));
    put(o, "protected", json_boolean(is_protected));
    put(o, "bytes", json_integer(len));
    put(o, "value", json_string(hex));
    if (is_protected && type == IMAGE_TLV_DEPENDENCY &&
        len == IMAGE_DEPENDENCY_BYTES)
        put(o, "needs", dependency_text(value));
    (void)json_array_append_new(list, o);
}

/* One part's TLVs; true if the cursor stands behind it. */
static bool dump_part(json_t *list, struct cursor *c)
{
    uint16_t magic = cur_u16le(c);
    uint16_t bytes = cur_u16le(c);
    bool is_protected = magic == IMAGE_TLV_PROTECTED_MAGIC;

    if (c->bad || (!is_protected && magic != IMAGE_TLV_MAGIC) || bytes < 4)
        return false;
    size_t here = bytes - 4u < cur_left(c) ? bytes - 4u : cur_left(c);
    struct cursor part = cur_over(c->at, here);
    while (cur_left(&part) > 0) {
        uint16_t type = cur_u16le(&part);
        uint16_t len = cur_u16le(&part);
        const uint8_t *value = cur_take(&part, len);
        if (!value)
            return false;
        dump_tlv(list, type, value, len, is_protected);
    }
    return cur_take(c, bytes - 4u) != NULL;
}

static void dump_tlvs(json_t *o, struct cursor *c)
{
    json_t *list = json_array();
    const uint8_t *at = c->at;

    put(o, "tlvs", list);
    bool more = cur_u16le(c) == IMAGE_TLV_PROTECTED_MAGIC;
    c->at = at;
    if (!c->bad && dump_part(list, c) && more)
        (void)dump_part(list, c);
}

/* "0:1.4.0" for each: image and lowest version. */
static json_t *dump_dependencies(json_t *tlvs)
{
    json_t *list = json_array(), *tlv;
    size_t n;

    json_array_foreach(tlvs, n, tlv)
    {
        json_t *needs = json_object_get(tlv, "needs");
        if (needs)
            (void)json_array_append(list, needs);
    }
    return list;
}

static const char *signature_text(const struct image_info *i)
{
    if (i->signature_type == IMAGE_TLV_RSA2048_PSS)
        return "RSA-2048 PSS";
    return i->signature_type == IMAGE_TLV_ECDSA_SIG ? "ECDSA P-256" : "none";
}

/* What the device's parser makes of it. */
static void dump_parsed(json_t *o, const struct file_bytes *image)
{
    const struct image_source source = image_memory_source(image);
    struct image_info i;
    struct digest d;
    uint8_t hash[DIGEST_BYTES_MAX];
    enum image_why why;

    if (image_parse(&i, &source, &why) != OTA_OK) {
        put(o, "problem", json_string(image_why_text(why)));
        return;
    }
    digest_begin(&d, DIGEST_SHA256);
    digest_add(&d, image->bytes, i.hashed_bytes);
    (void)digest_end(&d, hash);
    bool same = memcmp(hash, i.hash, sizeof i.hash) == 0;
    put(o, "total_bytes", json_integer(i.total_bytes));
    put(o, "security_counter", json_integer(i.security_counter));
    put(o, "hash_ok", json_boolean(same));
    put(o, "has_signature", json_boolean(i.signature_type != 0));
    put(o, "signature", json_string(signature_text(&i)));
    put(o, "dependencies", dump_dependencies(json_object_get(o, "tlvs")));
    if (i.unmet != WHY_NONE)
        put(o, "unmet", json_string(image_why_text(i.unmet)));
    put(o, "problem",
        same ? json_null()
             : json_string("hash: the image differs from its SHA-256"));
}

json_t *image_dump_json(const struct file_bytes *image)
{
    json_t *o = json_object();
    struct cursor c = cur_over(image->bytes, image->len);

    put(o, "file_bytes", json_integer((json_int_t)image->len));
    if (dump_header(o, &c, image->bytes))
        dump_tlvs(o, &c);
    dump_parsed(o, image);
    return o;
}
