/* key.c - keys that sign images, over OpenSSL. Start at key_load().
 * Tests: test/unit/cli/test_key.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "cli/key.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rsa.h>

enum { KEY_FILE_MAX = 64 * 1024, COORDINATE_BYTES = 32 };

static bool fail_openssl(struct why *why, const char *doing)
{
    const char *reason = ERR_reason_error_string(ERR_peek_last_error());

    why_set(why, "cannot %s: %s", doing, reason ? reason : "OpenSSL failed");
    ERR_clear_error();
    return false;
}

/* A number of the public half, big-endian in just `bytes` bytes. */
static bool number(const EVP_PKEY *p, const char *name, uint8_t *out, int bytes)
{
    BIGNUM *n = NULL;
    bool ok = EVP_PKEY_get_bn_param(p, name, &n) == 1 &&
              BN_bn2binpad(n, out, bytes) == bytes;

    BN_free(n);
    return ok;
}

static bool is_p256(const EVP_PKEY *p)
{
    char group[64] = "";

    return EVP_PKEY_get_utf8_string_param(p, OSSL_PKEY_PARAM_GROUP_NAME, group,
                                          sizeof group, NULL) == 1 &&
           strcmp(group, SN_X9_62_prime256v1) == 0;
}

/* MCUboot's format has RSA-2048 with the usual exponent; devices know no
 * other. */
static bool is_rsa2048(const EVP_PKEY *p)
{
    uint8_t e[3] = {0};

    return EVP_PKEY_is_a(p, "RSA") &&
           EVP_PKEY_get_bits(p) == 8 * RSA2048_BYTES &&
           number(p, OSSL_PKEY_PARAM_RSA_E, e, sizeof e) && e[0] == 1 &&
           e[1] == 0 && e[2] == 1;
}

static bool point_take(struct key *k)
{
    k->kind = KEY_P256;
    k->point[0] = POINT_CONVERSION_UNCOMPRESSED;
    if (!number(k->pkey, OSSL_PKEY_PARAM_EC_PUB_X, k->point + 1,
                COORDINATE_BYTES) ||
        !number(k->pkey, OSSL_PKEY_PARAM_EC_PUB_Y,
                k->point + 1 + COORDINATE_BYTES, COORDINATE_BYTES))
        return false;
    image_key_hash(k->hash, k->point);
    return true;
}

static bool modulus_take(struct key *k)
{
    k->kind = KEY_RSA2048;
    if (!number(k->pkey, OSSL_PKEY_PARAM_RSA_N, k->modulus, RSA2048_BYTES))
        return false;
    image_rsa_key_hash(k->hash, k->modulus);
    return true;
}

/* Fill in what follows from k->pkey, and check that devices can use it. */
static bool key_complete(struct key *k, const char *path, struct why *why)
{
    bool ok = false;

    if (is_p256(k->pkey)) {
        ok = point_take(k);
    } else if (is_rsa2048(k->pkey)) {
        ok = modulus_take(k);
    } else {
        why_set(why,
                "the key in %s is neither on the curve P-256 nor RSA of 2048 "
                "bits with exponent 65537; images need one that is, as `tern "
                "key generate` makes",
                path);
        return false;
    }
    return ok || fail_openssl(why, "read the public half of the key");
}

bool key_generate(struct key *out, enum key_kind kind, struct why *why)
{
    *out = (struct key){
        .pkey = kind == KEY_P256 ? EVP_EC_gen("P-256")
                                 : EVP_RSA_gen(8 * (unsigned)RSA2048_BYTES),
        .can_sign = true,
    };
    if (!out->pkey)
        return fail_openssl(why, "make a key");
    if (key_complete(out, "memory", why))
        return true;
    key_free(out);
    return false;
}

/* OpenSSL's own would stop and ask at the terminal. */
static int no_passphrase(char *buf, int size, int writing, void *asked)
{
    (void)writing;
    if (size > 0)
        buf[0] = 0;
    *(bool *)asked = true;
    return -1;
}

static bool from_params(struct key *k, const char *algorithm,
                        OSSL_PARAM *params)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, algorithm, NULL);
    bool ok =
        ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
        EVP_PKEY_fromdata(ctx, &k->pkey, EVP_PKEY_PUBLIC_KEY, params) == 1;

    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static bool from_point(struct key *k, const struct file_bytes *f)
{
    char group[] = SN_X9_62_prime256v1;
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, f->bytes,
                                          f->len),
        OSSL_PARAM_construct_end(),
    };

    return from_params(k, "EC", params);
}

static bool from_modulus(struct key *k, const struct file_bytes *f)
{
    uint8_t n[RSA2048_BYTES]; /* in the machine's order */
    unsigned e = RSA_F4;

    for (size_t i = 0; i < sizeof n; i++)
        n[i] = f->bytes[f->len - 1 - i];
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_BN(OSSL_PKEY_PARAM_RSA_N, n, sizeof n),
        OSSL_PARAM_construct_uint(OSSL_PKEY_PARAM_RSA_E, &e),
        OSSL_PARAM_construct_end(),
    };

    return from_params(k, "RSA", params);
}

static bool from_pem(struct key *k, const struct file_bytes *f, bool *asked)
{
    BIO *bio = BIO_new_mem_buf(f->bytes, (int)f->len);

    if (!bio)
        return false;
    k->pkey = PEM_read_bio_PrivateKey(bio, NULL, no_passphrase, asked);
    k->can_sign = k->pkey != NULL;
    if (!k->pkey && !*asked && BIO_reset(bio) == 1)
        k->pkey = PEM_read_bio_PUBKEY(bio, NULL, no_passphrase, asked);
    BIO_free(bio);
    return k->pkey != NULL;
}

/* Is it a public half as devices read it? An RSA modulus has its highest bit
 * and its lowest set, which no text has. */
static bool is_point(const struct file_bytes *f)
{
    return f->len == P256_POINT_BYTES &&
           f->bytes[0] == POINT_CONVERSION_UNCOMPRESSED;
}

static bool is_modulus(const struct file_bytes *f)
{
    return f->len == RSA2048_BYTES && (f->bytes[0] & 0x80) != 0 &&
           (f->bytes[f->len - 1] & 1) != 0;
}

static bool key_read(struct key *k, const char *path,
                     const struct file_bytes *f, struct why *why)
{
    bool asked = false;
    bool ok = is_point(f)     ? from_point(k, f)
              : is_modulus(f) ? from_modulus(k, f)
                              : from_pem(k, f, &asked);

    ERR_clear_error();
    if (ok)
        return key_complete(k, path, why);
    if (asked)
        why_set(why,
                "the key in %s is protected by a passphrase; take that off "
                "with `openssl pkey -in %s -out NEW` and keep NEW safe",
                path, path);
    else if (is_point(f))
        why_set(why,
                "%s has the size of a public point, but its point is not "
                "on the curve P-256",
                path);
    else
        why_set(why,
                "%s holds no key: neither PEM, nor a point of %d bytes, nor a "
                "modulus of %d",
                path, P256_POINT_BYTES, RSA2048_BYTES);
    return false;
}

bool key_load(struct key *out, const char *path, struct why *why)
{
    struct file_bytes f;
    struct stat st;

    *out = (struct key){0};
    if (!file_read(&f, path, KEY_FILE_MAX, why))
        return false;
    bool ok = key_read(out, path, &f, why);
    file_free(&f);
    if (!ok)
        key_free(out);
    else
        out->exposed = out->can_sign && stat(path, &st) == 0 &&
                       (st.st_mode & (S_IRWXG | S_IRWXO)) != 0;
    return ok;
}

bool key_load_private(struct key *out, const char *path, struct why *why)
{
    if (!key_load(out, path, why))
        return false;
    if (out->can_sign)
        return true;
    why_set(why, "%s holds a public key; signing needs the private one", path);
    key_free(out);
    return false;
}

const struct image_keys *key_trusted(struct key_trust *out, const struct key *k)
{
    /* C11 does not add the const to an array type by itself. */
    const uint8_t(*point)[P256_POINT_BYTES] =
        (const uint8_t(*)[P256_POINT_BYTES]) & k->point;
    const uint8_t(*modulus)[RSA2048_BYTES] =
        (const uint8_t(*)[RSA2048_BYTES]) & k->modulus;

    *out = (struct key_trust){
        .rsa = {.moduli = modulus, .count = 1, .check = image_rsa_check},
    };
    if (k->kind == KEY_RSA2048)
        out->keys.rsa = &out->rsa;
    else
        out->keys = (struct image_keys){.points = point, .count = 1};
    return &out->keys;
}

const char *key_kind_text(enum key_kind kind)
{
    return kind == KEY_RSA2048 ? "RSA-2048" : "P-256";
}

const uint8_t *key_public_raw(const struct key *k, size_t *len)
{
    *len = k->kind == KEY_RSA2048 ? sizeof k->modulus : sizeof k->point;
    return k->kind == KEY_RSA2048 ? k->modulus : k->point;
}

static bool bio_take(BIO *bio, struct file_bytes *out)
{
    char *text = NULL;
    long len = BIO_get_mem_data(bio, &text);

    if (len <= 0)
        return false;
    out->bytes = malloc((size_t)len);
    out->len = (size_t)len;
    if (out->bytes)
        memcpy(out->bytes, text, (size_t)len);
    return out->bytes != NULL;
}

bool key_private_pem(const struct key *k, struct file_bytes *out,
                     struct why *why)
{
    /* The secret memory is wiped when it is freed. */
    BIO *bio = BIO_new(BIO_s_secmem());
    bool ok = bio &&
              PEM_write_bio_PKCS8PrivateKey(bio, k->pkey, NULL, NULL, 0, NULL,
                                            NULL) == 1 &&
              bio_take(bio, out);

    BIO_free(bio);
    return ok || fail_openssl(why, "write the key as PEM");
}

bool key_public_pem(const struct key *k, struct file_bytes *out,
                    struct why *why)
{
    BIO *bio = BIO_new(BIO_s_mem());
    bool ok =
        bio && PEM_write_bio_PUBKEY(bio, k->pkey) == 1 && bio_take(bio, out);

    BIO_free(bio);
    return ok || fail_openssl(why, "write the public key as PEM");
}

/* As imgtool signs, and as rsa_pss_verify() checks. */
static bool pss_set(EVP_PKEY_CTX *ctx)
{
    return EVP_PKEY_CTX_set_rsa_padding(ctx, RSA_PKCS1_PSS_PADDING) == 1 &&
           EVP_PKEY_CTX_set_rsa_mgf1_md(ctx, EVP_sha256()) == 1 &&
           EVP_PKEY_CTX_set_rsa_pss_saltlen(ctx, RSA_PSS_SALTLEN_DIGEST) == 1;
}

bool key_sign(const struct key *k, const uint8_t hash[SHA256_BYTES],
              uint8_t sig[KEY_SIG_MAX], size_t *sig_len, struct why *why)
{
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new(k->pkey, NULL);

    *sig_len = KEY_SIG_MAX;
    bool ok = ctx && EVP_PKEY_sign_init(ctx) == 1 &&
              EVP_PKEY_CTX_set_signature_md(ctx, EVP_sha256()) == 1 &&
              (k->kind == KEY_P256 || pss_set(ctx)) &&
              EVP_PKEY_sign(ctx, sig, sig_len, hash, SHA256_BYTES) == 1;
    EVP_PKEY_CTX_free(ctx);
    return ok || fail_openssl(why, "sign");
}

void key_free(struct key *k)
{
    EVP_PKEY_free(k->pkey);
    *k = (struct key){0};
}
