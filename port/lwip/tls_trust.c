/* tls_trust.c - see tls_trust.h.
 *
 * Source: RFC 5280, section 4.1 (where a certificate has its dates).
 *
 * SPDX-License-Identifier: MIT
 */
#include "port/lwip/tls_trust.h"

#include <bearssl_ec.h>
#include <bearssl_hash.h>
#include <string.h>

#include "base/cursor.h"

enum {
    DER_INTEGER = 0x02,
    DER_UTC_TIME = 0x17,
    DER_LONG_TIME = 0x18,
    DER_SEQUENCE = 0x30,
    DER_VERSION = 0xA0,
    UTC_BYTES = 13, /* YYMMDDhhmmssZ */
    LONG_BYTES = 15,
    DAY_SECONDS = 86400,
    DAYS_TO_1970 = 719528, /* from the year 0, as BearSSL counts */
};

/* --- the CA ----------------------------------------------------------------
 */

static void dn_add(void *ctx, const void *bytes, size_t len)
{
    struct tls_trust *t = ctx;

    if (len > sizeof t->dn - t->dn_len) {
        t->dn_too_long = true;
        return;
    }
    memcpy(t->dn + t->dn_len, bytes, len);
    t->dn_len += len;
}

static bool key_take(struct tls_trust *t, const br_x509_pkey *key)
{
    if (key->key_type != BR_KEYTYPE_EC ||
        key->key.ec.curve != BR_EC_secp256r1 ||
        key->key.ec.qlen != TLS_POINT_BYTES)
        return false;
    memcpy(t->point, key->key.ec.q, TLS_POINT_BYTES);
    t->anchor.pkey.key_type = BR_KEYTYPE_EC;
    t->anchor.pkey.key.ec = (br_ec_public_key){
        .curve = BR_EC_secp256r1, .q = t->point, .qlen = TLS_POINT_BYTES};
    return true;
}

/* --- the dates -------------------------------------------------------------
 */

/* The next element's header; false: another one, or the end. */
static bool der_open(struct cursor *c, uint8_t tag, size_t *len)
{
    uint8_t first;

    if (cur_u8(c) != tag)
        return false;
    first = cur_u8(c);
    *len = first;
    if (first & 0x80) {
        *len = 0;
        if ((first & 0x7F) > 2)
            return false;
        for (unsigned i = first & 0x7F; i > 0; i--)
            *len = *len << 8 | cur_u8(c);
    }
    return !c->bad;
}

static bool der_skip(struct cursor *c, uint8_t tag)
{
    size_t len;

    if (!der_open(c, tag, &len))
        return false;
    (void)cur_take(c, len);
    return !c->bad;
}

static unsigned two_digits(const uint8_t *at)
{
    return (unsigned)(at[0] - '0') * 10 + (unsigned)(at[1] - '0');
}

/* Days from 1970 to a date from then on, in the Gregorian calendar. */
static uint64_t days_of(unsigned year, unsigned month, unsigned day)
{
    static const uint16_t BEFORE[] = {0,   31,  59,  90,  120, 151,
                                      181, 212, 243, 273, 304, 334};
    unsigned whole = year - 1; /* leap days are counted in these, then this */
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    uint64_t days =
        (uint64_t)year * 365 + whole / 4 - whole / 100 + whole / 400;

    return days - 719162u - 365 + BEFORE[month - 1] + day - 1 +
           (leap && month > 2 ? 1 : 0);
}

/* "YYMMDDhhmmssZ" or "YYYYMMDDhhmmssZ"; false: neither. */
static bool time_read(const uint8_t *at, size_t len, uint64_t *seconds)
{
    unsigned year, month, day;

    if (len != UTC_BYTES && len != LONG_BYTES)
        return false;
    for (size_t i = 0; i + 1 < len; i++)
        if (at[i] < '0' || at[i] > '9')
            return false;
    if (len == LONG_BYTES)
        year = two_digits(at) * 100 + two_digits(at + 2);
    else
        year = two_digits(at) + (two_digits(at) < 50 ? 2000 : 1900);
    at += len - (UTC_BYTES - 2);
    month = two_digits(at);
    day = two_digits(at + 2);
    if (year < 1970 || month < 1 || month > 12 || day < 1)
        return false;
    *seconds = days_of(year, month, day) * DAY_SECONDS +
               two_digits(at + 4) * (uint64_t)3600 +
               two_digits(at + 6) * (uint64_t)60 + two_digits(at + 8);
    return true;
}

bool tls_trust_is_early(const struct tls_trust *t)
{
    struct cursor c = cur_over(t->head, t->head_len);
    uint64_t from;
    size_t len;

    /* One inside the other. NOLINTNEXTLINE(misc-redundant-expression) */
    if (!der_open(&c, DER_SEQUENCE, &len) || !der_open(&c, DER_SEQUENCE, &len))
        return false;
    if (t->head_len > 0 && c.at[0] == DER_VERSION && !der_skip(&c, DER_VERSION))
        return false;
    if (!der_skip(&c, DER_INTEGER) ||  /* serial number */
        !der_skip(&c, DER_SEQUENCE) || /* algorithm */
        !der_skip(&c, DER_SEQUENCE) || /* issuer */
        !der_open(&c, DER_SEQUENCE, &len) || cur_left(&c) == 0)
        return false;
    uint8_t tag = c.at[0] == DER_UTC_TIME ? DER_UTC_TIME : DER_LONG_TIME;
    if (!der_open(&c, tag, &len))
        return false;
    const uint8_t *text = cur_take(&c, len);
    return !c.bad && time_read(text, len, &from) && t->now < from;
}

/* --- what BearSSL calls ----------------------------------------------------
 */

static void chain_start(const br_x509_class **ctx, const char *name)
{
    struct tls_trust *t = (struct tls_trust *)(void *)ctx;

    (void)name; /* what the handshake announces, which no address is */
    t->minimal.vtable->start_chain(&t->minimal.vtable, t->host);
}

static void cert_start(const br_x509_class **ctx, uint32_t len)
{
    struct tls_trust *t = (struct tls_trust *)(void *)ctx;

    /* Of the one that was refused, if one was. */
    if (t->minimal.err == 0)
        t->head_len = 0;
    t->minimal.vtable->start_cert(&t->minimal.vtable, len);
}

static void cert_add(const br_x509_class **ctx, const unsigned char *bytes,
                     size_t len)
{
    struct tls_trust *t = (struct tls_trust *)(void *)ctx;
    size_t room = sizeof t->head - t->head_len;
    size_t n = len < room ? len : room;

    if (t->minimal.err == 0) {
        memcpy(t->head + t->head_len, bytes, n);
        t->head_len += n;
    }
    t->minimal.vtable->append(&t->minimal.vtable, bytes, len);
}

static void cert_end(const br_x509_class **ctx)
{
    struct tls_trust *t = (struct tls_trust *)(void *)ctx;

    t->minimal.vtable->end_cert(&t->minimal.vtable);
}

static unsigned chain_end(const br_x509_class **ctx)
{
    struct tls_trust *t = (struct tls_trust *)(void *)ctx;

    return t->minimal.vtable->end_chain(&t->minimal.vtable);
}

static const br_x509_pkey *key_get(const br_x509_class *const *ctx,
                                   unsigned *usages)
{
    const struct tls_trust *t = (const struct tls_trust *)(const void *)ctx;

    return t->minimal.vtable->get_pkey(&t->minimal.vtable, usages);
}

static const br_x509_class CLASS = {
    .context_size = sizeof(struct tls_trust),
    .start_chain = chain_start,
    .start_cert = cert_start,
    .append = cert_add,
    .end_cert = cert_end,
    .end_chain = chain_end,
    .get_pkey = key_get,
};

ota_err tls_trust_init(struct tls_trust *t, const uint8_t *der, size_t len)
{
    br_x509_decoder_context d;
    const br_x509_pkey *key;

    memset(t, 0, sizeof *t);
    t->vtable = &CLASS;
    br_x509_decoder_init(&d, dn_add, t);
    br_x509_decoder_push(&d, der, len);
    key = br_x509_decoder_get_pkey(&d);
    if (key == NULL)
        return OTA_ERR_CORRUPT;
    if (!br_x509_decoder_isCA(&d) || t->dn_too_long || !key_take(t, key))
        return OTA_ERR_RANGE;
    t->anchor.dn = (br_x500_name){.data = t->dn, .len = t->dn_len};
    t->anchor.flags = BR_X509_TA_CA;
    return OTA_OK;
}

void tls_trust_begin(struct tls_trust *t, const char *host, uint64_t now)
{
    br_x509_minimal_context *m = &t->minimal;

    t->host = host;
    t->now = now;
    t->head_len = 0;
    br_x509_minimal_init(m, &br_sha256_vtable, &t->anchor, 1);
    br_x509_minimal_set_hash(m, br_sha256_ID, &br_sha256_vtable);
    br_x509_minimal_set_ecdsa(m, &br_ec_p256_m31, br_ecdsa_i31_vrfy_asn1);
    br_x509_minimal_set_time(m, (uint32_t)(now / DAY_SECONDS) + DAYS_TO_1970,
                             (uint32_t)(now % DAY_SECONDS));
}
