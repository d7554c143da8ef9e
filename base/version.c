/* version.c - image versions as text and in order.
 *
 * Tests: test/unit/base/test_version.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "base/version.h"

#include "base/text.h"

/* One decimal part, at most max, without leading zeros; *at moves past it. */
/*@ requires \valid(at) && \valid(out) && \separated(at, out);
    requires 0 <= end - *at && \base_addr(*at) == \base_addr(end);
    requires \valid_read(*at + (0 .. end - *at - 1));
    assigns *at, *out;
    ensures \base_addr(*at) == \base_addr(end);
    ensures 0 <= end - *at <= end - \old(*at);
    ensures \result == OTA_OK ==> *out <= max; */
static ota_err part_parse(const char **at, const char *end, uint32_t max,
                          uint32_t *out)
{
    const char *p = *at;

    if (p == end || *p < '0' || *p > '9')
        return OTA_ERR_SYNTAX;
    if (!text_read_u32(at, end, out) || *out > max)
        return OTA_ERR_RANGE;
    return *p == '0' && *at - p > 1 ? OTA_ERR_SYNTAX : OTA_OK;
}

ota_err version_parse(struct version *out, const char *text, size_t len)
{
    static const uint32_t MAX[] = {UINT8_MAX, UINT8_MAX, UINT16_MAX,
                                   UINT32_MAX};
    static const char AFTER[] = {'.', '.', '+', '\0'};
    const char *end = text + len;
    uint32_t part[4] = {0};

    /*@ loop invariant 0 <= i <= 4;
        loop invariant 0 <= end - text <= len;
        loop invariant \base_addr(text) == \base_addr(end);
        loop invariant \forall integer k; 0 <= k < i ==> part[k] <= MAX[k];
        loop assigns i, text, part[0 .. 3], *out;
        loop variant 4 - i; */
    for (int i = 0; i < 4; i++) {
        ota_err e = part_parse(&text, end, MAX[i], &part[i]);
        if (e != OTA_OK)
            return e;
        if (text == end && i >= 2) { /* "+build" may be left out */
            *out = (struct version){(uint8_t)part[0], (uint8_t)part[1],
                                    (uint16_t)part[2], part[3]};
            return OTA_OK;
        }
        if (text == end || *text++ != AFTER[i])
            return OTA_ERR_SYNTAX;
    }
    return OTA_ERR_SYNTAX;
}

void version_format(const struct version *v, char out[VERSION_TEXT_MAX])
{
    struct text t = text_in(out, VERSION_TEXT_MAX);

    text_format(&t, "%u.%u.%u", v->major, v->minor, v->revision);
    if (v->build != 0)
        text_format(&t, "+%u", (unsigned)v->build);
}

/* All parts as one number. */
/*@ requires \valid_read(v);
    assigns \nothing; */
static uint64_t rank(const struct version *v)
{
    return (uint64_t)v->major << 56 | (uint64_t)v->minor << 48 |
           (uint64_t)v->revision << 32 | v->build;
}

int version_compare(const struct version *a, const struct version *b)
{
    uint64_t x = rank(a), y = rank(b);

    return (x > y) - (x < y);
}
