/* token_text.c - the text of an API token, and the hash it is known by.
 *
 * SPDX-License-Identifier: MIT
 */
#include "server/token_text.h"

#include <openssl/evp.h>
#include <string.h>
#include <sys/random.h>

#include "base/text.h"

enum { RANDOM_BYTES = 32, PREFIX_LEN = 5 };

bool token_text_make(char out[TOKEN_TEXT_MAX])
{
    uint8_t random[RANDOM_BYTES];
    struct text t = text_in(out, TOKEN_TEXT_MAX);

    if (getrandom(random, sizeof random, 0) != (ssize_t)sizeof random)
        return false;
    text_add(&t, "tern_");
    text_add_hex(&t, random, sizeof random, false);
    explicit_bzero(random, sizeof random);
    return !t.bad;
}

bool token_text_ok(const char *text)
{
    return strncmp(text, "tern_", PREFIX_LEN) == 0 &&
           strspn(text + PREFIX_LEN, "0123456789abcdef") == 64 &&
           strlen(text) == PREFIX_LEN + 64;
}

bool token_text_hash(const char *text, char out[65])
{
    uint8_t hash[32];
    struct text t = text_in(out, 65);

    if (!EVP_Digest(text, strlen(text), hash, NULL, EVP_sha256(), NULL))
        return false;
    text_add_hex(&t, hash, sizeof hash, false);
    return !t.bad;
}
