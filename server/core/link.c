/* link.c - make and check download links.
 *
 * Tests: test/unit/server_core/test_link.c
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/core/link.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

enum {
    EXPIRES_DIGITS = 8,
    SIGN_BYTES = 16, /* half of the HMAC: 128 bits cannot be guessed */
    SIGN_DIGITS = 2 * SIGN_BYTES,
};

static const char PREFIX[] = "/d/";
static const char SUFFIX[] = ".bin";

static bool is_lower_hex(const char *s, size_t len)
{
    return strspn(s, "0123456789abcdef") >= len;
}

/* The text is "id|e" exactly as it stands in the path. */
static ota_err sign(char out[SIGN_DIGITS + 1], const char *id,
                    const char *expires, const uint8_t key[LINK_KEY_BYTES])
{
    char text[LINK_BLOB_ID + 1 + EXPIRES_DIGITS];
    uint8_t mac[EVP_MAX_MD_SIZE];
    unsigned int mac_len = 0;

    memcpy(text, id, LINK_BLOB_ID);
    text[LINK_BLOB_ID] = '|';
    memcpy(text + LINK_BLOB_ID + 1, expires, EXPIRES_DIGITS);
    if (!HMAC(EVP_sha256(), key, LINK_KEY_BYTES, (const unsigned char *)text,
              sizeof text, mac, &mac_len) ||
        mac_len < SIGN_BYTES)
        return OTA_ERR_IO;
    for (size_t i = 0; i < SIGN_BYTES; i++)
        (void)snprintf(out + 2 * i, 3, "%02x", mac[i]);
    return OTA_OK;
}

ota_err link_build(char out[LINK_URL_MAX], const char *host, uint16_t port,
                   const char *blob_sha256, uint32_t expires_s,
                   const uint8_t key[LINK_KEY_BYTES])
{
    char expires[EXPIRES_DIGITS + 1], signature[SIGN_DIGITS + 1];
    char where[8] = "";

    out[0] = '\0';
    if (!is_lower_hex(blob_sha256, LINK_BLOB_ID))
        return OTA_ERR_SYNTAX;
    (void)snprintf(expires, sizeof expires, "%08x", (unsigned)expires_s);
    ota_err e = sign(signature, blob_sha256, expires, key);
    if (e != OTA_OK)
        return e;
    if (port != 0)
        (void)snprintf(where, sizeof where, ":%u", (unsigned)port);
    int n =
        snprintf(out, LINK_URL_MAX, "http://%s%s%s%.*s/%s%s%s", host, where,
                 PREFIX, LINK_BLOB_ID, blob_sha256, expires, signature, SUFFIX);
    if (n > 0 && n < LINK_URL_MAX)
        return OTA_OK;
    out[0] = '\0';
    return OTA_ERR_FULL;
}

/* Exactly the form that link_build makes: one blob has one path per expiry, so
 * nothing can be hidden in a variant (case, escapes, doubled slashes). */
static bool take_apart(const char *path, const char **id, const char **rest)
{
    size_t want = strlen(PREFIX) + LINK_BLOB_ID + 1 + EXPIRES_DIGITS +
                  SIGN_DIGITS + strlen(SUFFIX);

    if (strlen(path) != want || strncmp(path, PREFIX, strlen(PREFIX)) != 0)
        return false;
    *id = path + strlen(PREFIX);
    *rest = *id + LINK_BLOB_ID + 1;
    return is_lower_hex(*id, LINK_BLOB_ID) && (*id)[LINK_BLOB_ID] == '/' &&
           is_lower_hex(*rest, EXPIRES_DIGITS + SIGN_DIGITS) &&
           strcmp(*rest + EXPIRES_DIGITS + SIGN_DIGITS, SUFFIX) == 0;
}

/* At most 8 hex digits, already checked. */
static uint32_t hex_value(const char *digits)
{
    uint32_t v = 0;

    for (size_t i = 0; i < EXPIRES_DIGITS; i++) {
        char c = digits[i];
        v = v << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return v;
}

ota_err link_check(char id[LINK_BLOB_ID + 1], const char *path, uint32_t now_s,
                   const uint8_t key[LINK_KEY_BYTES])
{
    const char *blob = NULL, *rest = NULL;
    char signature[SIGN_DIGITS + 1];

    id[0] = '\0';
    if (!take_apart(path, &blob, &rest))
        return OTA_ERR_SYNTAX;
    ota_err e = sign(signature, blob, rest, key);
    if (e != OTA_OK)
        return e;
    if (CRYPTO_memcmp(signature, rest + EXPIRES_DIGITS, SIGN_DIGITS) != 0)
        return OTA_ERR_SIGNATURE;
    if (now_s > hex_value(rest))
        return OTA_ERR_TIMEOUT;
    memcpy(id, blob, LINK_BLOB_ID);
    id[LINK_BLOB_ID] = '\0';
    return OTA_OK;
}
