/* provision.c - see provision.h. The fields and their rules are one table,
 * which both forms are read by. Start at provision_parse().
 *
 * Bytes of the sector: spec/provisioning.md.
 * Tests: test/unit/base/test_provision.c, test/fuzz/fuzz_provision.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/provision.h"

#include <string.h>

#include "base/bytes.h"
#include "base/crc32.h"
#include "base/cursor.h"
#include "base/json.h"

enum {
    MAGIC = 0x494e5254, /* "TRNI" */
    FORMAT = 1,
    HEAD_BYTES = 8,
    FIELD_HEAD_BYTES = 4,
    CRC_BYTES = 4,
    FIRST_TEXT = 1, /* types of the fields, in the order of the tables */
    FIRST_PORT = 5,
};

/* --- the fields ----------------------------------------------------------- */

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
    size_t offset; /* in struct provision */
    size_t cap;    /* bytes there, with NUL */
    size_t least;  /* characters */
    bool (*may_have)(char c);
    const char *rule;
};

static const struct text_field TEXTS[] = {
    {"productKey", offsetof(struct provision, product_key), PROVISION_NAME_MAX,
     1, is_alnum, "1 to 32 letters and digits"},
    {"deviceName", offsetof(struct provision, device_name), PROVISION_NAME_MAX,
     1, is_name_char, "1 to 32 of A-Z a-z 0-9 . _ : @ -"},
    {"deviceSecret", offsetof(struct provision, device_secret),
     PROVISION_SECRET_MAX, 8, is_alnum, "8 to 64 letters and digits"},
    {"mqttHost", offsetof(struct provision, mqtt_host), PROVISION_HOST_MAX, 1,
     is_name_char, "a host name or an address"},
};
enum { TEXT_COUNT = sizeof TEXTS / sizeof TEXTS[0] };

struct port_field {
    const char *name;
    size_t offset;
};

static const struct port_field PORTS[] = {
    {"mqttPort", offsetof(struct provision, mqtt_port)},
    {"httpPort", offsetof(struct provision, http_port)},
};
enum { PORT_COUNT = sizeof PORTS / sizeof PORTS[0] };

_Static_assert(HEAD_BYTES + (TEXT_COUNT + PORT_COUNT) * FIELD_HEAD_BYTES +
                       2 * PROVISION_NAME_MAX + PROVISION_SECRET_MAX +
                       PROVISION_HOST_MAX + 2 * PORT_COUNT + CRC_BYTES <=
                   PROVISION_BYTES_MAX,
               "an identity does not fit");

static const char PORT_RULE[] = "a number from 1 to 65535";

static ota_err refuse(struct provision_why *why, ota_err e, const char *field,
                      const char *rule, bool missing)
{
    *why = (struct provision_why){field, rule, missing};
    return e;
}

static bool text_is_right(const struct text_field *f, const char *text)
{
    for (const char *c = text; *c != '\0'; c++)
        if (!f->may_have(*c))
            return false;
    return strlen(text) >= f->least;
}

static char *text_of(struct provision *id, const struct text_field *f)
{
    return (char *)id + f->offset;
}

static void port_set(struct provision *id, const struct port_field *f,
                     uint16_t port)
{
    memcpy((char *)id + f->offset, &port, sizeof port);
}

static uint16_t port_get(const struct provision *id, const struct port_field *f)
{
    uint16_t port;

    memcpy(&port, (const char *)id + f->offset, sizeof port);
    return port;
}

/* --- the sector ----------------------------------------------------------- */

/* A field's value to its place; an unknown one is skipped. False: twice, or of
 * a length that cannot be. */
static bool take_field(struct provision *out, uint16_t type,
                       const uint8_t *value, size_t len)
{
    if (type >= FIRST_TEXT && type < FIRST_TEXT + TEXT_COUNT) {
        const struct text_field *f = &TEXTS[type - FIRST_TEXT];
        char *to = text_of(out, f);

        if (*to != '\0' || len == 0 || len >= f->cap ||
            memchr(value, '\0', len) != NULL)
            return false;
        memcpy(to, value, len);
    }
    if (type >= FIRST_PORT && type < FIRST_PORT + PORT_COUNT) {
        const struct port_field *f = &PORTS[type - FIRST_PORT];

        if (port_get(out, f) != 0 || len != 2)
            return false;
        port_set(out, f, get_u16le(value));
    }
    return true;
}

static ota_err fields_check(struct provision *id, struct provision_why *why)
{
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = text_of(id, &TEXTS[i]);
        if (!text_is_right(&TEXTS[i], text))
            return refuse(why, OTA_ERR_RANGE, TEXTS[i].name, TEXTS[i].rule,
                          *text == '\0');
    }
    for (size_t i = 0; i < PORT_COUNT; i++)
        if (port_get(id, &PORTS[i]) == 0)
            return refuse(why, OTA_ERR_RANGE, PORTS[i].name, PORT_RULE, true);
    return OTA_OK;
}

ota_err provision_parse(struct provision *out, const void *bytes, size_t len,
                        struct provision_why *why)
{
    struct cursor c = cur_over(bytes, len);
    uint32_t magic = cur_u32le(&c);
    uint16_t format = cur_u16le(&c), fields_bytes = cur_u16le(&c);
    const uint8_t *fields = cur_take(&c, fields_bytes);
    uint32_t crc = cur_u32le(&c);

    memset(out, 0, sizeof *out);
    if (magic != MAGIC)
        return refuse(why, OTA_ERR_NOT_FOUND, NULL, "there", true);
    if (format != FORMAT)
        return refuse(why, OTA_ERR_CORRUPT, NULL, "of format 1", false);
    if (c.bad || crc != crc32(bytes, (size_t)HEAD_BYTES + fields_bytes))
        return refuse(why, OTA_ERR_CORRUPT, NULL, "whole: its checksum differs",
                      false);
    c = cur_over(fields, fields_bytes);
    while (cur_left(&c) > 0) {
        uint16_t type = cur_u16le(&c), value_len = cur_u16le(&c);
        const uint8_t *value = cur_take(&c, value_len);

        if (c.bad || !take_field(out, type, value, value_len))
            return refuse(why, OTA_ERR_CORRUPT, NULL, "made of whole fields",
                          false);
    }
    return fields_check(out, why);
}

static uint8_t *put_field(uint8_t *at, size_t type, const void *value,
                          size_t len)
{
    put_u16le(at, (uint16_t)type);
    put_u16le(at + 2, (uint16_t)len);
    memcpy(at + FIELD_HEAD_BYTES, value, len);
    return at + FIELD_HEAD_BYTES + len;
}

size_t provision_format(const struct provision *id,
                        uint8_t out[PROVISION_BYTES_MAX])
{
    uint8_t *at = out + HEAD_BYTES, port[2];

    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const char *text = (const char *)id + TEXTS[i].offset;
        at = put_field(at, FIRST_TEXT + i, text, strlen(text));
    }
    for (size_t i = 0; i < PORT_COUNT; i++) {
        put_u16le(port, port_get(id, &PORTS[i]));
        at = put_field(at, FIRST_PORT + i, port, sizeof port);
    }
    size_t len = (size_t)(at - out);

    put_u32le(out, MAGIC);
    put_u16le(out + 4, FORMAT);
    put_u16le(out + 6, (uint16_t)(len - HEAD_BYTES));
    put_u32le(at, crc32(out, len));
    return len + CRC_BYTES;
}

/* --- JSON ----------------------------------------------------------------- */

ota_err provision_from_json(struct provision *out, const char *text, size_t len,
                            struct provision_why *why)
{
    struct json root;

    memset(out, 0, sizeof *out);
    if (json_check(&root, text, len) != OTA_OK || root.type != JSON_OBJECT)
        return refuse(why, OTA_ERR_SYNTAX, NULL,
                      "one JSON object, no name in it twice", false);
    for (size_t i = 0; i < TEXT_COUNT; i++) {
        const struct text_field *f = &TEXTS[i];
        struct json v = json_get(root, f->name);
        if (v.type != JSON_STRING ||
            json_text(v, text_of(out, f), f->cap) != OTA_OK ||
            !text_is_right(f, text_of(out, f)))
            return refuse(why, OTA_ERR_SYNTAX, f->name, f->rule,
                          v.type == JSON_NONE);
    }
    for (size_t i = 0; i < PORT_COUNT; i++) {
        struct json v = json_get(root, PORTS[i].name);
        uint32_t n = 0;
        if (v.type != JSON_NUMBER || !json_u32(v, &n) || n == 0 ||
            n > UINT16_MAX)
            return refuse(why, OTA_ERR_SYNTAX, PORTS[i].name, PORT_RULE,
                          v.type == JSON_NONE);
        port_set(out, &PORTS[i], (uint16_t)n);
    }
    return OTA_OK;
}
