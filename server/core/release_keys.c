/* release_keys.c - public keys as text. Start at release_key_next().
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/release_keys.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <string.h>

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool release_key_next(const char **at, struct release_key *key)
{
    const char *p = *at;
    int high, low;

    *key = (struct release_key){.len = 0};
    while (key->len < sizeof key->bytes && (high = hex_digit(p[0])) >= 0) {
        low = hex_digit(p[1]);
        if (low < 0)
            return false;
        key->bytes[key->len++] = (uint8_t)(high * 16 + low);
        p += 2;
    }
    if ((*p != ' ' && *p != '\0') ||
        (key->len != P256_POINT_BYTES && key->len != RSA2048_BYTES))
        return false;
    *at = p + (*p == ' ');
    return true;
}

static bool is_rsa(const struct release_key *key)
{
    return key->len == RSA2048_BYTES;
}

const char *release_key_type(const struct release_key *key)
{
    return is_rsa(key) ? "rsa2048" : "p256";
}

void release_key_hash(uint8_t out[SHA256_BYTES], const struct release_key *key)
{
    if (is_rsa(key))
        image_rsa_key_hash(out, key->bytes);
    else
        image_key_hash(out, key->bytes);
}

/* OpenSSL takes no point that is not on the curve. */
static bool on_curve(uint8_t *point)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME,
                                         (char[]){"prime256v1"}, 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
                                          P256_POINT_BYTES),
        OSSL_PARAM_construct_end(),
    };
    EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;
    bool ok = ctx && EVP_PKEY_fromdata_init(ctx) == 1 &&
              EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) == 1;

    EVP_PKEY_free(key);
    EVP_PKEY_CTX_free(ctx);
    return ok;
}

static bool is_sound(struct release_key *key)
{
    if (is_rsa(key))
        return (key->bytes[0] & 0x80) != 0 &&
               (key->bytes[RSA2048_BYTES - 1] & 1) != 0;
    return key->bytes[0] == 4 && on_curve(key->bytes);
}

static bool seen_before(const struct release_key *keys, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (keys[i].len == keys[count].len &&
            memcmp(keys[i].bytes, keys[count].bytes, keys[i].len) == 0)
            return true;
    }
    return false;
}

bool release_keys_are_ok(const char *text)
{
    struct release_key taken[MODEL_KEYS_MAX];
    const char *end = text + strlen(text);
    size_t count = 0;

    while (count < MODEL_KEYS_MAX && release_key_next(&text, &taken[count])) {
        if (seen_before(taken, count) || !is_sound(&taken[count]))
            return false;
        count++;
    }
    /* No blank at the end. */
    return text == end && (count == 0 || end[-1] != ' ');
}

bool release_key_is_ok(const char *text)
{
    return text[0] != '\0' && !strchr(text, ' ') && release_keys_are_ok(text);
}

void release_keys_read(struct release_keys *out, const char *text)
{
    struct release_key key;
    uint32_t points = 0, moduli = 0;

    while (points + moduli < MODEL_KEYS_MAX && release_key_next(&text, &key)) {
        if (is_rsa(&key))
            memcpy(out->moduli[moduli++], key.bytes, RSA2048_BYTES);
        else
            memcpy(out->points[points++], key.bytes, P256_POINT_BYTES);
    }
    out->rsa = (struct image_rsa_keys){
        .moduli = (const uint8_t(*)[RSA2048_BYTES])out->moduli,
        .count = moduli,
        .check = image_rsa_check};
    out->keys = (struct image_keys){
        .points = (const uint8_t(*)[P256_POINT_BYTES])out->points,
        .count = points,
        .rsa = &out->rsa};
}
