/* points.c - release keys as text.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/points.h"

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

bool points_next(const char **at, uint8_t point[P256_POINT_BYTES])
{
    const char *p = *at;

    for (size_t i = 0; i < P256_POINT_BYTES; i++, p += 2) {
        int high = hex_digit(p[0]);
        int low = high < 0 ? -1 : hex_digit(p[1]);

        if (low < 0)
            return false;
        point[i] = (uint8_t)(high * 16 + low);
    }
    if (point[0] != 4 || (*p != ' ' && *p != '\0'))
        return false;
    *at = p + (*p == ' ');
    return true;
}

/* OpenSSL takes no point that is not on the curve. */
static bool on_curve(uint8_t point[P256_POINT_BYTES])
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

static bool seen_before(uint8_t (*points)[P256_POINT_BYTES], size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (memcmp(points[i], points[count], P256_POINT_BYTES) == 0)
            return true;
    }
    return false;
}

bool points_are_ok(const char *points)
{
    uint8_t taken[MODEL_KEYS_MAX][P256_POINT_BYTES];
    size_t count = 0, len = strlen(points);

    while (count < MODEL_KEYS_MAX && points_next(&points, taken[count])) {
        if (seen_before(taken, count) || !on_curve(taken[count]))
            return false;
        count++;
    }
    /* No blank at the end. */
    return *points == '\0' && len == (count ? count * MODEL_POINT_MAX - 1 : 0);
}

bool point_is_ok(const char *point)
{
    return point[0] != '\0' && strlen(point) == MODEL_POINT_MAX - 1 &&
           points_are_ok(point);
}
