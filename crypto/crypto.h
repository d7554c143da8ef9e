/* crypto.h - the few primitives a device needs, over BearSSL.
 *
 * All calls are constant in memory (no heap) and, where a secret is involved,
 * constant in time. Host tools that sign use OpenSSL instead.
 *
 * SPDX-License-Identifier: MIT
 */
#ifndef TERN_CRYPTO_H
#define TERN_CRYPTO_H

#include <bearssl_hash.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    SHA256_BYTES = 32,
    MD5_BYTES = 16,
    DIGEST_BYTES_MAX = SHA256_BYTES,
    P256_POINT_BYTES = 65, /* 0x04 | X | Y, uncompressed */
    RSA2048_BYTES = 256,   /* a modulus, or a signature; big-endian */
};

/* A running SHA-256. Kept by the caller; may be copied. The boot path uses it
 * and not struct digest, so that a bootloader does not link MD5. */
struct sha256 {
    br_sha256_context state;
};

/*@ requires \valid(s);
    assigns *s; */
void sha256_begin(struct sha256 *s);

/*@ requires \valid(s) && \valid_read((uint8_t *)bytes + (0 .. len - 1));
    assigns *s; */
void sha256_add(struct sha256 *s, const void *bytes, size_t len);

/*@ requires \valid_read(s) && \valid(out + (0 .. SHA256_BYTES - 1));
    assigns out[0 .. SHA256_BYTES - 1]; */
void sha256_end(const struct sha256 *s, uint8_t out[SHA256_BYTES]);

enum digest_kind { DIGEST_MD5, DIGEST_SHA256 };

/* A running digest of either kind. Kept by the caller; may be copied. */
struct digest {
    enum digest_kind kind;
    union {
        br_md5_context md5;
        struct sha256 sha256;
    } state;
};

void digest_begin(struct digest *d, enum digest_kind kind);
void digest_add(struct digest *d, const void *bytes, size_t len);
size_t digest_end(const struct digest *d, uint8_t out[DIGEST_BYTES_MAX]);
size_t digest_bytes(enum digest_kind kind); /* 16 or 32 */

/* HMAC-SHA256 of one message. key: any length. */
void hmac_sha256(uint8_t out[SHA256_BYTES], const void *key, size_t key_len,
                 const void *msg, size_t msg_len);

/* Does `sig` (ASN.1 DER, as MCUboot stores it) sign `hash` under `point`?
 *
 * hash   SHA-256 of the message, 32 bytes.
 * point  uncompressed public point on P-256, 65 bytes.
 * Returns 1 yes, 0 no (also for malformed input). A caller on the boot path
 * turns this into a BOOT_YES pattern (image/image_verify.h).
 * Cost   11.4 M instructions on a Cortex-M7 (p256.c), or 24.3 M and 3.6 KB less
 *        flash (p256_small.c); about 2 KiB stack. */
uint32_t p256_verify(const uint8_t hash[SHA256_BYTES], const uint8_t *sig,
                     size_t sig_len, const uint8_t point[P256_POINT_BYTES]);

/* Is `sig` an RSASSA-PSS signature over `hash` under this modulus, with
 * SHA-256, MGF1 of SHA-256 and a salt of 32 bytes, as MCUboot's RSA2048_PSS TLV
 * holds it?
 *
 * hash     SHA-256 of the message.
 * modulus  2048 bits, its highest and lowest bit set; the exponent is 65537.
 * Returns 1 yes, 0 no (also for malformed input), as p256_verify().
 * Cost   3.3 M instructions on a Cortex-M7; about 3 KiB stack; flash:
 *        bench/size.py, program "rsa".
 * Source RFC 8017 section 8.1.2. */
uint32_t rsa_pss_verify(const uint8_t hash[SHA256_BYTES],
                        const uint8_t sig[RSA2048_BYTES],
                        const uint8_t modulus[RSA2048_BYTES]);

/* Compare in constant time. */
/*@ requires \valid_read((uint8_t *)a + (0 .. len - 1));
    requires \valid_read((uint8_t *)b + (0 .. len - 1));
    assigns \nothing; */
bool bytes_equal(const void *a, const void *b, size_t len);

#endif
