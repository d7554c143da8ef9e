/* image_builder.c - signed images for tests. Start at test_image_build().
 *
 * Layout: spec/image.md.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/image_builder.h"

#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/x509.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void must(bool ok, const char *what)
{
    if (ok)
        return;
    fprintf(stderr, "image_builder: cannot %s\n", what);
    abort();
}

/* ---- keys ---- */

void test_key_new(struct test_key *k)
{
    EVP_PKEY *pkey = EVP_EC_gen("P-256");
    size_t len = 0;

    must(pkey != NULL, "make a key");
    must(EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
                                         k->point, sizeof k->point,
                                         &len) == 1 &&
             len == sizeof k->point,
         "read the public point");
    k->pkey = pkey;
}

void test_key_free(struct test_key *k)
{
    EVP_PKEY_free(k->pkey);
    k->pkey = NULL;
}

size_t test_key_sign(const struct test_key *k, const uint8_t hash[32],
                     uint8_t out[72])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
    size_t len = 72;

    must(ctx && EVP_PKEY_sign_init(ctx) == 1 &&
             EVP_PKEY_sign(ctx, out, &len, hash, 32) == 1,
         "sign");
    EVP_PKEY_CTX_free(ctx);
    return len;
}

static void sha256(uint8_t out[32], const void *bytes, size_t len)
{
    must(EVP_Digest(bytes, len, out, NULL, EVP_sha256(), NULL) == 1, "hash");
}

/* ---- the image, written front to back ---- */

struct writer {
    uint8_t *out;
    size_t cap;
    size_t len;
};

static void put(struct writer *w, const void *bytes, size_t len)
{
    must(len <= w->cap - w->len, "fit the image into its buffer");
    if (len > 0)
        memcpy(w->out + w->len, bytes, len);
    w->len += len;
}

/* The `bytes` low bytes of v, little-endian. */
static void put_le(struct writer *w, uint32_t v, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        uint8_t b = (uint8_t)(v >> (8 * i));

        put(w, &b, 1);
    }
}

static void put_tlv(struct writer *w, uint32_t type, const void *value,
                    size_t len)
{
    put_le(w, type, 2);
    put_le(w, (uint32_t)len, 2);
    put(w, value, len);
}

static void put_header(struct writer *w, const struct test_image_spec *s)
{
    uint32_t header_bytes = s->header_bytes ? s->header_bytes : 0x400;
    unsigned major = 0, minor = 0, revision = 0, build = 0;

    must(sscanf(s->version, "%u.%u.%u+%u", &major, &minor, &revision, &build) >=
             3,
         "read the version");
    put_le(w, 0x96f3b83d, 4);
    put_le(w, 0, 4); /* load address */
    put_le(w, header_bytes, 2);
    put_le(w, s->security_counter ? 12 : 0, 2); /* protected TLVs */
    put_le(w, (uint32_t)s->body_len, 4);
    put_le(w, 0, 4); /* flags */
    put_le(w, major, 1);
    put_le(w, minor, 1);
    put_le(w, revision, 2);
    put_le(w, build, 4);
    while (w->len < header_bytes)
        put_le(w, 0, 1);
}

static void put_key_hash(struct writer *w, const struct test_key *k)
{
    unsigned char *der = NULL;
    int len = i2d_PUBKEY(k->pkey, &der);
    uint8_t hash[32];

    must(len > 0, "encode the public key");
    sha256(hash, der, (size_t)len);
    OPENSSL_free(der);
    put_tlv(w, 0x01, hash, sizeof hash);
}

size_t test_image_build(uint8_t *out, size_t cap, const struct test_key *k,
                        const struct test_image_spec *spec)
{
    struct writer w = {out, cap, 0};
    uint8_t hash[32], sig[72];
    size_t tlv_at, sig_len;

    put_header(&w, spec);
    put(&w, spec->body, spec->body_len);
    if (spec->security_counter != 0) {
        put_le(&w, 0x6908, 2);
        put_le(&w, 12, 2);
        put_le(&w, 0x50, 2);
        put_le(&w, 4, 2);
        put_le(&w, spec->security_counter, 4);
    }
    sha256(hash, out, w.len);
    tlv_at = w.len;
    put_le(&w, 0x6907, 2);
    put_le(&w, 0, 2); /* the part's size, below */
    put_tlv(&w, 0x10, hash, sizeof hash);
    if (k) {
        put_key_hash(&w, k);
        sig_len = test_key_sign(k, hash, sig);
        put_tlv(&w, 0x22, sig, sig_len);
    }
    out[tlv_at + 2] = (uint8_t)(w.len - tlv_at);
    out[tlv_at + 3] = (uint8_t)((w.len - tlv_at) >> 8);
    return w.len;
}
