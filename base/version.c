/* version.c - image versions as text and in order.
 *
 * Tests: test/unit/base/test_version.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/version.h"

#include "base/text.h"

/* What is left to parse. */
struct rest {
    const char *at;
    const char *end;
};

/* One decimal part, at most max. Moves past it only when it is good. */
static ota_err part_parse(struct rest *r, uint32_t max, uint32_t *out)
{
    const char *p = r->at;
    uint64_t value = 0;

    while (p < r->end && *p >= '0' && *p <= '9') {
        value = value * 10 + (uint64_t)(*p - '0');
        if (value > max)
            return OTA_ERR_RANGE;
        p++;
    }
    if (p == r->at || (*r->at == '0' && p - r->at > 1))
        return OTA_ERR_SYNTAX;
    r->at = p;
    *out = (uint32_t)value;
    return OTA_OK;
}

static bool accept(struct rest *r, char c)
{
    if (r->at == r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

ota_err version_parse(struct version *out, const char *text, size_t len)
{
    static const struct {
        char before; /* 0: nothing */
        uint32_t max;
    } PARTS[] = {
        {0, UINT8_MAX}, {'.', UINT8_MAX}, {'.', UINT16_MAX}, {'+', UINT32_MAX}};
    struct rest r = {text, text + len};
    uint32_t value[4] = {0};

    for (int i = 0; i < 4; i++) {
        ota_err e;

        if (i == 3 && r.at == r.end)
            break; /* "+build" may be left out */
        if (PARTS[i].before != 0 && !accept(&r, PARTS[i].before))
            return OTA_ERR_SYNTAX;
        e = part_parse(&r, PARTS[i].max, &value[i]);
        if (e != OTA_OK)
            return e;
    }
    if (r.at != r.end)
        return OTA_ERR_SYNTAX;
    *out = (struct version){(uint8_t)value[0], (uint8_t)value[1],
                            (uint16_t)value[2], value[3]};
    return OTA_OK;
}

void version_format(const struct version *v, char out[VERSION_TEXT_MAX])
{
    struct text t = text_in(out, VERSION_TEXT_MAX);

    text_add_u32(&t, v->major);
    text_add(&t, ".");
    text_add_u32(&t, v->minor);
    text_add(&t, ".");
    text_add_u32(&t, v->revision);
    if (v->build != 0) {
        text_add(&t, "+");
        text_add_u32(&t, v->build);
    }
}

int version_compare(const struct version *a, const struct version *b)
{
    if (a->major != b->major)
        return a->major < b->major ? -1 : 1;
    if (a->minor != b->minor)
        return a->minor < b->minor ? -1 : 1;
    if (a->revision != b->revision)
        return a->revision < b->revision ? -1 : 1;
    if (a->build != b->build)
        return a->build < b->build ? -1 : 1;
    return 0;
}
