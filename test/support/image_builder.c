/* image_builder.c - signed images for tests. Start at test_image_build().
 *
 * Layout: spec/image.md.
 *
 * SPDX-License-Identifier: MIT
 */
#include "test/support/image_builder.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
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

    memset(k, 0, sizeof *k);
    must(pkey != NULL, "make a key");
    must(EVP_PKEY_get_octet_string_param(pkey, OSSL_PKEY_PARAM_PUB_KEY,
                                         k->point, sizeof k->point,
                                         &len) == 1 &&
             len == sizeof k->point,
         "read the public point");
    k->pkey = pkey;
}

void test_key_new_rsa(struct test_key *k)
{
    EVP_PKEY *pkey = EVP_RSA_gen(2048);
    BIGNUM *n = NULL;

    memset(k, 0, sizeof *k);
    must(pkey != NULL, "make an RSA key");
    must(EVP_PKEY_get_bn_param(pkey, OSSL_PKEY_PARAM_RSA_N, &n) == 1 &&
             BN_bn2binpad(n, k->modulus, sizeof k->modulus) == 256,
         "read the modulus");
    BN_free(n);
    k->pkey = pkey;
    k->rsa = true;
}

void test_key_free(struct test_key *k)
{
    EVP_PKEY_free(k->pkey);
    k->pkey = NULL;
}

static size_t sign(EVP_PKEY_CTX *ctx, bool ready, const uint8_t *message,
                   size_t len, uint8_t *out)
{
    size_t sig_len = TEST_SIG_MAX;

    must(ready && EVP_PKEY_sign(ctx, out, &sig_len, message, len) == 1, "sign");
    EVP_PKEY_CTX_free(ctx);
    return sig_len;
}

void test_key_sign_pss(const struct test_key *k, const uint8_t hash[32],
                       int salt_bytes, bool mask_by_sha1, uint8_t out[256])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
    bool ready =
        ctx && EVP_PKEY_sign_init(ctx) == 1 &&
        EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
        EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, mask_by_sha1 ? EVP_sha1()
                                                       : EVP_sha256()) == 1 &&
        EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, salt_bytes) == 1;

    must(sign(ctx, ready, hash, 32, out) == 256, "sign by RSA");
}

void test_key_power(const struct test_key *k, const uint8_t em[256],
                    uint8_t out[256])
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
    bool ready = ctx && EVP_PKEY_sign_init(ctx) == 1 &&
                 EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_NO_PADDING) == 1;

    must(sign(ctx, ready, em, 256, out) == 256, "use the private RSA key");
}

size_t test_key_sign(const struct test_key *k, const uint8_t hash[32],
                     uint8_t *out)
{
    EVP_PKEY_CTX *ctx;

    if (k->rsa) {
        test_key_sign_pss(k, hash, 32, false, out);
        return 256;
    }
    ctx = EVP_PKEY_CTX_new(k->pkey, NULL);
    return sign(ctx, ctx && EVP_PKEY_sign_init(ctx) == 1, hash, 32, out);
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

/* Of the protected part with its head; 0: there is none. */
static uint32_t protected_bytes(const struct test_image_spec *s)
{
    uint32_t bytes = (s->security_counter ? 8 : 0) + (uint32_t)s->protected_len;

    return bytes ? bytes + 4 : 0;
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
    put_le(w, protected_bytes(s), 2);
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
    int len = k->rsa ? i2d_PublicKey(k->pkey, &der) : i2d_PUBKEY(k->pkey, &der);
    uint8_t hash[32];

    must(len > 0, "encode the public key");
    sha256(hash, der, (size_t)len);
    OPENSSL_free(der);
    put_tlv(w, 0x01, hash, sizeof hash);
}

static void put_protected(struct writer *w, const struct test_image_spec *s)
{
    if (protected_bytes(s) == 0)
        return;
    put_le(w, 0x6908, 2);
    put_le(w, protected_bytes(s), 2);
    if (s->security_counter != 0) {
        put_le(w, 0x50, 2);
        put_le(w, 4, 2);
        put_le(w, s->security_counter, 4);
    }
    put(w, s->protected_tlvs, s->protected_len);
}

size_t test_image_build(uint8_t *out, size_t cap, const struct test_key *k,
                        const struct test_image_spec *spec)
{
    struct writer w = {out, cap, 0};
    uint8_t hash[32], sig[TEST_SIG_MAX];
    size_t tlv_at, sig_len;

    put_header(&w, spec);
    put(&w, spec->body, spec->body_len);
    put_protected(&w, spec);
    sha256(hash, out, w.len);
    tlv_at = w.len;
    put_le(&w, 0x6907, 2);
    put_le(&w, 0, 2); /* the part's size, below */
    put_tlv(&w, 0x10, hash, sizeof hash);
    if (k) {
        put_key_hash(&w, k);
        sig_len = test_key_sign(k, hash, sig);
        put_tlv(&w, k->rsa ? 0x20 : 0x22, sig, sig_len);
    }
    out[tlv_at + 2] = (uint8_t)(w.len - tlv_at);
    out[tlv_at + 3] = (uint8_t)((w.len - tlv_at) >> 8);
    return w.len;
}
